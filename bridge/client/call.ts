// SPDX-License-Identifier: MIT
// Calls of services: with arguments by position, by name or both, without JSON where that can be, and given up when the caller says so.
import type { Json, RequestBody, Timed } from "../session/messages.ts";
import type { Conversation } from "./conversation.ts";
import { cancelled } from "./fast/fast-path.ts";
import { fieldsToJson, listToJson } from "./json-values.ts";
import { GRACE_MS } from "./link/life.ts";
import type { CallOptions } from "./options.ts";

/** Calls a service; `timeoutMs` is the client's own, unless the options have one. Resolves with a {@link Timed} where they ask for it. */
export async function callService(
  conversation: Conversation,
  service: string,
  args: object | readonly unknown[],
  options: CallOptions & { readonly timeoutMs: number },
): Promise<Json | Timed> {
  const { timeoutMs, signal, named, timestamp = false } = options;
  if (signal?.aborted === true) throw cancelled(service);
  const isList = isArguments(args);
  if (!isList && named === undefined && !timestamp) {
    const fast = conversation.fast?.call(service, fieldsToJson(args), timeoutMs, signal);
    const reply = fast === undefined ? undefined : await fast;
    if (reply !== undefined) return reply;
  }
  const body: RequestBody = {
    op: "call",
    service,
    args: isList ? listToJson(args) : fieldsToJson(args),
    timeoutMs,
    ...(named === undefined ? {} : { named: fieldsToJson(named) }),
    ...(timestamp ? { timestamp } : {}),
  };
  return askCancellable(conversation, service, body, timeoutMs + GRACE_MS, signal);
}

async function askCancellable(
  conversation: Conversation,
  service: string,
  body: RequestBody,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Json | Timed> {
  const asked = conversation.ask(body, timeoutMs);
  const abort = (): void => {
    conversation.ask({ op: "cancel", request: asked.id }).answer.catch(() => undefined);
    conversation.requests.fail(asked.id, cancelled(service));
  };
  signal?.addEventListener("abort", abort);
  try {
    return (await asked.answer) as Json | Timed;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function isArguments(args: object): args is readonly unknown[] {
  return Array.isArray(args);
}
