// SPDX-License-Identifier: MIT
// Another bridge as a part of this one: dialled until it answers, then kept in step, and told as away when the link is cut.
import { readFile } from "node:fs/promises";
import { Conversation } from "../../client/conversation.ts";
import type { Platform } from "../../client/link/transport.ts";
import { nodePlatform } from "../../client/place/node-platform.ts";
import { findEndpoint } from "../../client/place/target.ts";
import type { Driver } from "../../hub/driver.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Cancel, DriverPort } from "../../hub/ports.ts";
import type { Codec } from "../../layout/codec.ts";
import { BridgeError, toBridgeError, type ErrorCode } from "../../model/errors.ts";
import type { DirectoryEvent, ParameterEvent, StateEvent } from "../../client/events.ts";
import { isName } from "../../model/names.ts";
import { readBridge, type FarBridge } from "./entries.ts";
import { FarPublishing } from "./far-publisher.ts";
import { Imports } from "./imports.ts";
import type { UpstreamLink } from "./link.ts";
import { Readings } from "./readings.ts";
import type { UpstreamRequest } from "./request.ts";

/** The pause before dialling again after the first connection failed: from the first to the last value, doubled each time. */
export const FIRST_PAUSE_MS = 100;
export const LAST_PAUSE_MS = 5_000;

/** How long the other bridge may take to answer what needs no driver. */
const ANSWER_MS = 10_000;

/** What upstreams need of their bridge. */
export interface UpstreamParts {
  readonly hub: Hub;
  readonly codec: Codec;
  /** Of this bridge. */
  readonly id: string;
  readonly name: string;
  log(level: "info" | "warn", text: string, details: object): void;
}

/** How an upstream stands. */
export interface UpstreamState {
  /** Below which its things stand here. */
  readonly upstream: string;
  /** Its URL, without a token. */
  readonly address: string;
  readonly state: Driver["state"];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** Its name and id; null before the first connection. */
  readonly bridge: { readonly name: string; readonly id: string } | null;
  /** Connections since the start. */
  readonly links: number;
  readonly drivers: number;
  readonly channels: number;
  /** Channels that are subscribed there. */
  readonly reading: number;
}

/** One upstream; dials from the constructor on. */
export class Upstream {
  readonly #request: UpstreamRequest;
  readonly #parts: UpstreamParts;
  readonly #seat: Driver;
  readonly #conversation: Conversation;
  readonly #link: UpstreamLink;
  readonly #readings: Readings;
  readonly #publishing: FarPublishing;
  #imports: Imports | undefined;
  #bridge: { readonly name: string; readonly id: string } | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #cancelDial: Cancel | undefined;
  #links = 0;
  #isStopped = false;
  #told: string | undefined;

  constructor(request: UpstreamRequest, parts: UpstreamParts) {
    const { hub, codec, name } = parts;
    this.#request = request;
    this.#parts = parts;
    this.#seat = hub.driver(request.address, request.prefix ?? guessOf(request.address), { via: [], isBridge: true });
    this.#conversation = new Conversation(platformOf(request, codec), {
      client: `structwire bridge ${name}`,
      timeoutMs: ANSWER_MS,
      reconnect: true,
    });
    const complain = (text: string): void => {
      hub.journal.add({ driver: this.#seat.name, level: "warn", time: hub.clock.now(), text });
      parts.log("warn", text, { upstream: this.#seat.name });
    };
    this.#link = { hub, codec, conversation: this.#conversation, complain };
    this.#readings = new Readings(this.#link, () => this.#seat.name);
    this.#publishing = new FarPublishing(this.#link, this.#readings.senders, name);
    this.#listen();
    void this.#dial();
  }

  get state(): UpstreamState {
    const { name, state, error, address } = this.#seat;
    return {
      upstream: name,
      address,
      state,
      error: error === null ? null : { code: error.code, message: error.message },
      bridge: this.#bridge,
      links: this.#links,
      ...(this.#imports?.counts ?? { drivers: 0, channels: 0 }),
      reading: this.#readings.size,
    };
  }

  /** Leaves the directory; resolves when the connection is closed. */
  async stop(): Promise<void> {
    this.#end();
    this.#seat.remove();
    await this.#conversation.close();
  }

  #end(): void {
    this.#isStopped = true;
    this.#cancelDial?.();
    this.#imports?.remove();
    this.#imports = undefined;
    this.#readings.close();
    this.#publishing.disconnected();
  }

  #listen(): void {
    const { listeners } = this.#conversation;
    // What a listener throws would else end the whole bridge.
    const guarded =
      <Event>(take: (event: Event) => void) =>
      (event: Event): void => {
        try {
          if (!this.#isStopped) take(event);
        } catch (thrown) {
          this.#refuse(toBridgeError(thrown));
        }
      };
    listeners.add(
      "state",
      guarded(({ state, error }: StateEvent) => {
        if (state === "open") void this.#opened();
        else this.#lost(error ?? new BridgeError("disconnected"));
      }),
    );
    listeners.add(
      "directory",
      guarded((change: DirectoryEvent) => {
        this.#imports?.changed(change);
      }),
    );
    listeners.add(
      "parameter",
      guarded((event: ParameterEvent) => {
        this.#imports?.applied(event);
      }),
    );
  }

  async #dial(): Promise<void> {
    try {
      await this.#conversation.open();
    } catch (thrown) {
      if (this.#isStopped) return;
      this.#down(toBridgeError(thrown));
      this.#cancelDial = this.#parts.hub.clock.after(this.#pauseMs, () => void this.#dial());
      this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
    }
  }

  /** Never rejects. */
  async #opened(): Promise<void> {
    try {
      await this.#join(readBridge(this.#conversation.bridge));
    } catch (thrown) {
      if (!this.#isStopped) this.#refuse(toBridgeError(thrown));
    }
  }

  async #join({ id, name, started }: FarBridge): Promise<void> {
    if (id === this.#parts.id) {
      this.#refuse(new BridgeError("invalid_argument", `the upstream ${this.#seat.address} is this bridge itself`));
      return;
    }
    if (this.#bridge?.id !== id) {
      this.#imports?.remove();
      this.#imports = undefined;
    }
    this.#bridge = { id, name };
    this.#seat.via = [id];
    const prefix = this.#request.prefix ?? name;
    if (!isName(prefix) || prefix.includes("/")) {
      throw new BridgeError("name_invalid", "the other bridge's name is none to stand here; give it a prefix");
    }
    this.#seat.up({ name: prefix, epoch: BigInt(started) * 1_000_000n, pid: null, schemas: null }, this.#port);
    this.#links += 1;
    this.#told = undefined;
    this.#publishing.connected();
    const { address, share } = this.#request;
    this.#parts.log("info", "upstream connected", { upstream: prefix, address, bridge: name });
    const imports = (this.#imports ??= new Imports({
      link: this.#link,
      readings: this.#readings,
      seat: this.#seat,
      prefix,
      bridgeId: id,
      ownId: this.#parts.id,
      address,
      share,
    }));
    // Asked for again on later connections, too: what is there now, before anything is taken over.
    const isTold = await this.#conversation.directory.list("watch").then(
      () => true,
      () => false,
    );
    if (isTold && this.#imports === imports && this.#seat.state === "up") imports.follow();
  }

  #lost(error: BridgeError): void {
    this.#publishing.disconnected();
    this.#readings.disconnected();
    this.#imports?.clear(error);
    this.#down(error);
  }

  /** It cannot stand here; nobody dials it any more. */
  #refuse(error: BridgeError): void {
    this.#end();
    this.#seat.down("refused", error);
    this.#tell(error);
    void this.#conversation.close();
  }

  #down(error: BridgeError): void {
    const isRefused = error.code === "unauthorized" || error.code === "version_mismatch";
    this.#seat.down(isRefused ? "refused" : "down", error);
    this.#tell(error);
  }

  /** Each reason once, not at every dial. */
  #tell(error: BridgeError): void {
    if (this.#told === error.code) return;
    this.#told = error.code;
    this.#link.complain(`the bridge at ${this.#seat.address} is not connected: ${error.message} (${error.code})`);
  }

  /** Its seat takes no sets and calls, as these go to its drivers; programs may publish below it. */
  readonly #port: DriverPort = {
    set: () => Promise.reject(new BridgeError("unknown_parameter")),
    call: () => ({ answer: Promise.reject(new BridgeError("unknown_service")) }),
    open: (name, spec, sender) => {
      const { hub } = this.#parts;
      const channel = hub.directory.channels.get(`${this.#seat.name}/${name}`);
      if (channel !== undefined && channel.driver !== null) {
        throw new BridgeError("forbidden", `a driver publishes in "${channel.name}"`);
      }
      if (channel !== undefined && (channel.kind !== spec.kind || channel.contentType !== spec.contentType)) {
        throw new BridgeError("name_in_use", `"${channel.name}" carries something else: ${channel.kind}`);
      }
      return this.#publishing.publisher(name, spec, sender, channel ?? { epoch: 0n, next: 0 });
    },
  };
}

/** The place of a client in Node, but that a refused token is tried again: the file may have another one by then. */
function platformOf(request: UpstreamRequest, codec: Codec): Platform {
  const { url, tokenFile } = request;
  return {
    ...nodePlatform({ url }, () => codec),
    fixed: false,
    endpoint: async () =>
      findEndpoint(tokenFile === null ? { url } : { url, token: await tokenOf(tokenFile) }, process.env),
  };
}

async function tokenOf(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    throw new BridgeError("system_error", `the token cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** A name until the bridge has said its own. */
function guessOf(address: string): string {
  return new URL(address).host.replace(/[^A-Za-z0-9_.-]/g, "-");
}
