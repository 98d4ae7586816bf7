// SPDX-License-Identifier: MIT
// Channels that no driver advertises: the bridge owns and numbers them, and whoever may can publish there.
import { BridgeError } from "../model/errors.ts";
import { checkName } from "../model/names.ts";
import type { Channel } from "./channel.ts";
import type { Directory } from "./directory.ts";
import type { Driver } from "./driver.ts";
import type { Clock } from "./ports.ts";
import { OpenPublisher, type Publisher } from "./publisher.ts";
import type { Sender } from "./senders.ts";

/** Open channels of one bridge; beyond it the one that is idle for the longest time makes room. */
export const MAX_OPEN_CHANNELS = 4096;

/** What an open channel carries. */
export interface OpenSpec {
  readonly kind: "json" | "bytes";
  /** Of kind `bytes`, else null. */
  readonly contentType: string | null;
}

/** What they need of their hub. */
export interface OpenChannelsParts {
  readonly clock: Clock;
  readonly directory: Directory;
  /** The channel of a whole name, new or remembered. */
  channel(name: string): Channel;
}

/** The open channels of one hub. */
export class OpenChannels {
  readonly #parts: OpenChannelsParts;
  /** All of them; who gets or loses its last publisher, or is published to without one, moves to the end. */
  readonly #channels = new Map<string, Channel>();

  constructor(parts: OpenChannelsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#channels.size;
  }

  /**
   * A publisher of the channel of this name, which is there from now on. Throws `name_invalid`, `forbidden` where a driver publishes, `name_in_use` when somebody
   * publishes there in another kind, `busy` when there are too many channels in use.
   */
  open(name: string, spec: OpenSpec, sender: Sender): Publisher {
    const elsewhere = this.#bridgeOf(name);
    if (elsewhere !== undefined) return elsewhere.open(name, spec, sender);
    const channel = this.#obtain(name, spec);
    channel.publishers += 1;
    this.#note(channel);
    const left = (): void => {
      channel.publishers -= 1;
      this.#note(channel);
      this.#touch(channel);
    };
    return new OpenPublisher(channel, sender, left);
  }

  /** A publisher for one sample: the channel does not count it. Throws as {@link open} does. */
  once(name: string, spec: OpenSpec, sender: Sender): Publisher {
    const elsewhere = this.#bridgeOf(name);
    if (elsewhere !== undefined) return elsewhere.open(name, spec, sender);
    const channel = this.#obtain(name, spec);
    this.#touch(channel);
    return new OpenPublisher(channel, sender, () => undefined);
  }

  /** A driver advertises a channel of this name: it has the right to it. */
  yield(name: string): void {
    const channel = this.#channels.get(name);
    if (channel !== undefined) this.#withdraw(channel);
  }

  /** The bridge below whose name it stands. */
  #bridgeOf(name: string): Driver | undefined {
    const [first] = name.split("/", 1);
    for (const driver of this.#parts.directory.drivers.values()) {
      if (driver.isBridge && driver.name === first) return driver;
    }
    return undefined;
  }

  #obtain(name: string, spec: OpenSpec): Channel {
    const known = this.#channels.get(name);
    if (known === undefined) return this.#make(checkName(name), spec);
    if (known.kind === spec.kind && known.contentType === spec.contentType) return known;
    if (known.publishers > 0) {
      const is = known.contentType === null ? known.kind : `${known.kind} of "${known.contentType}"`;
      throw new BridgeError("name_in_use", `somebody publishes in "${name}" already, ${is}`);
    }
    this.#begin(known, spec);
    this.#note(known);
    return known;
  }

  #make(name: string, spec: OpenSpec): Channel {
    const { directory } = this.#parts;
    const [first = ""] = name.split("/", 1);
    for (const driver of directory.drivers.values()) {
      if (driver.name === first) throw new BridgeError("forbidden", `"${first}" is a driver: only it publishes there`);
    }
    if (directory.channels.has(name)) throw new BridgeError("forbidden", `a driver publishes in "${name}"`);
    if (this.#channels.size >= MAX_OPEN_CHANNELS) this.#makeRoom();
    const channel = this.#parts.channel(name);
    this.#channels.set(name, channel);
    directory.channels.set(name, channel);
    this.#begin(channel, spec);
    directory.note({ is: "channel", entry: channel }, "added");
    return channel;
  }

  #begin(channel: Channel, { kind, contentType }: OpenSpec): void {
    const now = BigInt(Math.round(this.#parts.clock.now() * 1000)) * 1000n;
    // A clock that was set back must not give a life that was there already.
    const epoch = now > channel.epoch ? now : channel.epoch + 1n;
    channel.open(null, { kind, schema: null, contentType, epoch, next: 0 });
  }

  /** Throws `busy` when all are in use. */
  #makeRoom(): void {
    for (const channel of this.#channels.values()) {
      if (channel.publishers > 0 || channel.hasReaders) continue;
      this.#withdraw(channel);
      return;
    }
    throw new BridgeError("busy", `${String(MAX_OPEN_CHANNELS)} open channels are in use; the bridge has no more`);
  }

  #withdraw(channel: Channel): void {
    const { directory } = this.#parts;
    this.#channels.delete(channel.name);
    channel.publishers = 0;
    channel.close("withdrawn");
    channel.forgetNewest();
    directory.channels.delete(channel.name);
    directory.note({ is: "channel", entry: channel }, "removed");
  }

  #touch(channel: Channel): void {
    if (this.#channels.delete(channel.name)) this.#channels.set(channel.name, channel);
  }

  #note(channel: Channel): void {
    if (this.#channels.get(channel.name) === channel) {
      this.#parts.directory.note({ is: "channel", entry: channel }, "changed");
    }
  }
}
