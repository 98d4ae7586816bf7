// SPDX-License-Identifier: MIT
// A program that exposes services by the client protocol itself, and a service that ends only when it is given up.
import { cancellable, type Client } from "../../bridge/index.ts";
import type { Message, WireClient } from "./wire-client.ts";

/** One service: gets the arguments by name and by position. What it throws fails the call. */
export type Provided = (named: Message, args: readonly unknown[]) => unknown;

/** Exposes services and answers their calls, each at its own pace, until the client closes. */
export async function provide(client: WireClient, services: Readonly<Record<string, Provided>>): Promise<void> {
  await client.ask({ op: "expose", services: Object.keys(services).map((service) => ({ service })) });
  const run = async (invoke: Message): Promise<void> => {
    const { call, service, args, named } = invoke as { call: number; service: string; args: unknown[]; named: Message };
    try {
      const result: unknown = await services[service]?.(named, args);
      client.say({ op: "return", call, result: result ?? null });
    } catch (thrown) {
      const { name, message } = thrown as Error;
      client.say({ op: "return", call, error: { name, message } });
    }
  };
  const answer = async (): Promise<void> => {
    for (;;) void run(await client.next(({ op }) => op === "invoke"));
  };
  answer().catch(() => undefined); // the client closes
}

/** Exposes a service whose calls run until they are given up, however long that takes. Resolves when a call was. */
export function exposeEndless(client: Client, service: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = cancellable(
      (signal) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            resolve();
          });
        }),
    );
    client.expose(service, run).ready.catch(reject);
  });
}
