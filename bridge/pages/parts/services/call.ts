// SPDX-License-Identifier: MIT
// One service's calls as the page shows them: the form's values, the running call, its reply or failure.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { toBridgeError, type ErrorCode } from "../../../model/errors.ts";
import type { Json } from "../../../session/messages.ts";
import type { CallValues } from "./program-request.ts";

export type CallState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly sinceMs: number }
  | { readonly kind: "replied"; readonly reply: Json; readonly tookMs: number }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** Sends the request; the signal cancels it. */
export type SendCall = (args: CallValues, cancel: AbortSignal) => Promise<Json>;

/** Runs one call at a time. */
export class Call {
  readonly #send: SendCall;
  readonly #nowMs: () => number;
  readonly #state: Signal<CallState> = signal<CallState>({ kind: "idle" });
  #cancel: AbortController | null = null;

  constructor(send: SendCall, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
  }

  get state(): ReadonlySignal<CallState> {
    return this.#state;
  }

  async run(args: CallValues): Promise<void> {
    if (this.#cancel !== null) return;
    const cancel = (this.#cancel = new AbortController());
    const sinceMs = this.#nowMs();
    this.#state.value = { kind: "running", sinceMs };
    try {
      const reply = await this.#send(args, cancel.signal);
      this.#state.value = { kind: "replied", reply, tookMs: this.#nowMs() - sinceMs };
    } catch (thrown) {
      const { code, message } = toBridgeError(thrown);
      this.#state.value = { kind: "failed", code, message };
    }
    this.#cancel = null;
  }

  cancel(): void {
    this.#cancel?.abort();
  }
}
