// SPDX-License-Identifier: MIT
// Services and streams of programs at the other bridge, as seats of those programs here: calls go there as JSON.
import type { ProviderPort } from "../../hub/ports.ts";
import type { Provider } from "../../hub/provider.ts";
import type { CallArguments } from "../../hub/service.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { Json } from "../../model/values.ts";
import type { RequestBody } from "../../session/messages.ts";
import { streamHere, type FarProgramService, type FarStream } from "./entries.ts";
import type { UpstreamLink } from "./link.ts";

/** The other bridge waits longer than anybody asks for: this one has the deadline of each call. */
const FAR_WAIT_MS = 86_400_000;

/** One program: its services and streams as they are told, by their names there. */
interface Program {
  readonly provider: Provider;
  readonly services: Map<string, string>;
  readonly streams: Map<string, string>;
}

/** The programs of one upstream. */
export class FarPrograms {
  readonly #link: UpstreamLink;
  readonly #prefix: string;
  readonly #bridgeId: string;
  readonly #programs = new Map<string, Program>();

  constructor(link: UpstreamLink, prefix: string, bridgeId: string) {
    this.#link = link;
    this.#prefix = prefix;
    this.#bridgeId = bridgeId;
  }

  /** Makes what stands here what is there. What cannot stand here is left out and told. */
  follow(services: ReadonlyMap<string, FarProgramService>, streams: ReadonlyMap<string, FarStream>): void {
    for (const [key, program] of this.#programs) {
      // What another program has now is first taken from the one that had it: a program that connects anew is another one.
      for (const name of program.services.keys()) {
        const now = services.get(name);
        if (now !== undefined && this.#keyOf(now) === key) continue;
        program.services.delete(name);
        // A driver here may have taken the name over.
        if (program.provider.exposes(this.#here(name))) program.provider.withdraw([this.#here(name)]);
      }
      for (const name of program.streams.keys()) {
        const now = streams.get(name);
        if (now !== undefined && this.#keyOf(now) === key) continue;
        program.streams.delete(name);
        program.provider.retract(this.#here(name));
      }
    }
    for (const service of services.values())
      this.#tried(service.service, () => {
        this.#service(service);
      });
    for (const stream of streams.values())
      this.#tried(stream.stream, () => {
        this.#stream(stream);
      });
    for (const [key, { provider, services: left, streams: offered }] of this.#programs) {
      if (left.size + offered.size > 0) continue;
      provider.remove();
      this.#programs.delete(key);
    }
  }

  /** The link is cut: all of it is gone, and calls fail. */
  clear(): void {
    for (const { provider } of this.#programs.values()) provider.remove();
    this.#programs.clear();
  }

  #service({ service: name, provider, client, params, doc, via }: FarProgramService): void {
    const program = this.#program(provider, client, via);
    const told = JSON.stringify([params, doc]);
    if (program.services.get(name) === told) return;
    program.provider.expose([{ name: this.#here(name), params, doc: doc ?? null }]);
    program.services.set(name, told);
  }

  #stream({ stream: name, provider, client, via, channel, ...state }: FarStream): void {
    const program = this.#program(provider, client, via);
    const told = JSON.stringify([channel, state]);
    if (program.streams.get(name) === told) return;
    program.provider.offer(this.#here(name), { ...state, channel: this.#here(channel) });
    program.streams.set(name, told);
  }

  /** Which program it is of. */
  #keyOf({ provider, client, via }: Pick<FarProgramService, "provider" | "client" | "via">): string {
    return JSON.stringify([provider, client, via]);
  }

  #program(name: string, client: string, through: readonly string[]): Program {
    const via = [this.#bridgeId, ...through];
    const key = this.#keyOf({ provider: name, client, via: through });
    let program = this.#programs.get(key);
    if (program === undefined) {
      let provider: Provider | undefined = undefined;
      const port = new ProgramPort(this.#link, this.#prefix, () => provider);
      provider = this.#link.hub.provider({ name, client, via }, port);
      program = { provider, services: new Map(), streams: new Map() };
      this.#programs.set(key, program);
    }
    return program;
  }

  #tried(name: string, act: () => void): void {
    try {
      act();
    } catch (thrown) {
      this.#link.complain(`"${name}" of "${this.#prefix}" is not here: ${toBridgeError(thrown).message}`);
    }
  }

  #here(name: string): string {
    return `${this.#prefix}/${name}`;
  }
}

/** The way to one program of the other bridge. */
class ProgramPort implements ProviderPort {
  readonly #link: UpstreamLink;
  readonly #prefix: string;
  readonly #provider: () => Provider | undefined;
  /** The calls that are under way, by the request at the other bridge. */
  readonly #requests = new Map<number, number>();

  constructor(link: UpstreamLink, prefix: string, provider: () => Provider | undefined) {
    this.#link = link;
    this.#prefix = prefix;
    this.#provider = provider;
  }

  get unreadBytes(): number {
    return this.#link.conversation.unsentBytes;
  }

  invoke(call: number, service: string, { args, named }: CallArguments): void {
    const body: RequestBody = { op: "call", service: this.#there(service), args, named, timeoutMs: FAR_WAIT_MS };
    this.#ask(call, body, (result) => result as Json);
  }

  adjust(call: number, stream: string, change: { readonly enabled?: boolean; readonly hz?: number }): void {
    const body: RequestBody = { op: "adjust", stream: this.#there(stream), ...change, timeoutMs: FAR_WAIT_MS };
    this.#ask(call, body, (result) => streamHere(result, (name) => `${this.#prefix}/${name}`));
  }

  abandon(call: number): void {
    const request = this.#requests.get(call);
    if (request === undefined) return;
    this.#requests.delete(call);
    this.#link.conversation.ask({ op: "cancel", request }).answer.catch(() => undefined);
    this.#link.conversation.requests.fail(request, new BridgeError("cancelled"));
  }

  #ask(call: number, body: RequestBody, read: (result: unknown) => Json): void {
    const { id, answer } = this.#link.conversation.ask(body, FAR_WAIT_MS);
    this.#requests.set(call, id);
    answer.then(read).then(
      (result) => {
        this.#requests.delete(call);
        this.#provider()?.returned(call, { result });
      },
      (thrown: unknown) => {
        this.#requests.delete(call);
        this.#provider()?.returned(call, { error: toBridgeError(thrown) });
      },
    );
  }

  #there(name: string): string {
    return name.slice(this.#prefix.length + 1);
  }
}
