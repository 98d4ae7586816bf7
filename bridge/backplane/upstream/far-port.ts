// SPDX-License-Identifier: MIT
// Sets and calls of one driver of the other bridge: structs as they are, by handles of the link.
import type { AppliedValue, Asked, DriverPort } from "../../hub/ports.ts";
import { readReply, readValue, writeCall, writeCancel, writeSet } from "../../layout/link-records.ts";
import { BridgeError, toBridgeError, type ErrorCode } from "../../model/errors.ts";
import type { BoundParameter, BoundService } from "../../session/messages.ts";
import type { UpstreamLink } from "./link.ts";

/** The other bridge waits longer than anybody asks for: this one has the deadline of each set and call. */
const FAR_WAIT_MS = 86_400_000;

/** What is bound; gone with the connection, and with the driver's. */
interface Bound {
  readonly handle: number;
  readonly channel: string | null;
  readonly epoch: string;
}

/** The way to one driver of another bridge. */
export class FarPort implements DriverPort {
  readonly #link: UpstreamLink;
  readonly #prefix: string;
  readonly #names = new Map<number, string>();
  readonly #bound = new Map<string, Promise<Bound>>();
  #lastId = 0;

  /** `prefix`: below which the things of the other bridge stand here. */
  constructor(link: UpstreamLink, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
  }

  /** A number for a parameter or service by the name that it has there. */
  number(name: string): number {
    this.#lastId += 1;
    this.#names.set(this.#lastId, name);
    return this.#lastId;
  }

  async set(parameter: number, value: Uint8Array, mask: Uint8Array): Promise<AppliedValue> {
    const name = this.#names.get(parameter) ?? "";
    return this.#using(
      { op: "bind", parameter: name },
      name,
      "unknown_parameter",
      async ({ handle, channel, epoch }) => {
        const { answer } = this.#link.conversation.requests.askRecord(
          "set",
          (id) => writeSet({ id, target: handle, value, mask }),
          FAR_WAIT_MS,
        );
        const applied = readValue(recordOf(await answer));
        if (applied.value.length !== value.length) throw new BridgeError("bad_message", "a value of another size");
        const governs = applied.stream !== 0 && channel !== null;
        return {
          value: applied.value.slice(),
          channel: governs ? `${this.#prefix}/${channel}` : null,
          epoch: governs ? BigInt(epoch) : null,
          next: governs ? applied.next : null,
          time: applied.time,
        };
      },
    );
  }

  call(service: number, request: Uint8Array): Asked<Uint8Array> {
    const { requests } = this.#link.conversation;
    const name = this.#names.get(service) ?? "";
    let sent: number | undefined;
    let isGivenUp = false;
    const answer = this.#using({ op: "bind", service: name }, name, "unknown_service", async ({ handle }) => {
      if (isGivenUp) throw new BridgeError("cancelled");
      const asked = requests.askRecord("call", (id) => writeCall({ id, target: handle, request }), FAR_WAIT_MS);
      sent = asked.id;
      return readReply(recordOf(await asked.answer)).reply.slice();
    });
    const giveUp = (): void => {
      isGivenUp = true;
      if (sent === undefined) return;
      this.#link.conversation.sendRecord(writeCancel(sent));
      requests.fail(sent, new BridgeError("cancelled"));
    };
    return { answer, giveUp };
  }

  /** Binds anew once when the driver was lost and came back since: then nothing was carried out. */
  async #using<T>(
    body: { readonly op: "bind" } & ({ readonly parameter: string } | { readonly service: string }),
    name: string,
    gone: ErrorCode,
    use: (bound: Bound) => Promise<T>,
  ): Promise<T> {
    const known = this.#bound.get(name);
    if (known !== undefined) {
      try {
        return await use(await known);
      } catch (thrown) {
        if (toBridgeError(thrown).code !== gone) throw thrown;
      }
    }
    const binding = this.#bind(body);
    this.#bound.set(name, binding);
    binding.catch(() => this.#bound.delete(name));
    return use(await binding);
  }

  async #bind(
    body: { readonly op: "bind" } & ({ readonly parameter: string } | { readonly service: string }),
  ): Promise<Bound> {
    const bound = (await this.#link.conversation.ask({ ...body, timeoutMs: FAR_WAIT_MS }).answer) as
      BoundParameter | BoundService;
    const { handle, epoch } = bound;
    return { handle, epoch, channel: "channel" in bound ? bound.channel : null };
  }
}

function recordOf(answer: unknown): Uint8Array {
  if (answer instanceof Uint8Array) return answer;
  throw new BridgeError("bad_message", "the other bridge answered a record with something else");
}
