// SPDX-License-Identifier: MIT
// Publishing below the name of the other bridge: what programs publish here goes there, under their names, and is numbered there.
import type { OpenSpec } from "../../hub/open-channels.ts";
import type { Published, Publisher } from "../../hub/publisher.ts";
import type { Sender } from "../../hub/senders.ts";
import { writePublication } from "../../layout/publication.ts";
import { batchTimes, variablePayloads } from "../../layout/record.ts";
import { FLAG_SEQUENCES } from "../../model/batch.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { ChannelKind } from "../../model/values.ts";
import type { OpenedChannel } from "../../session/channel-messages.ts";
import { nameAbroad, type FarSenders } from "./far-senders.ts";
import type { UpstreamLink } from "./link.ts";

/** Samples of one publisher that wait until the other bridge has opened the channel. */
export const MAX_WAITING_BYTES = 1_048_576;

/** Nothing more is published while so much waits to be sent. */
export const MAX_UNSENT_BYTES = 4_194_304;

/** Ways into channels of one bridge; beyond it the one that was used the longest time ago is closed. */
export const MAX_WAYS = 1024;

/** One sender's way into one channel of the other bridge. */
interface Way {
  handle: number | undefined;
  waiting: Uint8Array[];
  waitingBytes: number;
  published: number;
  refused: BridgeError | undefined;
}

/** The ways of one upstream. */
export class FarPublishing {
  readonly #link: UpstreamLink;
  readonly #senders: FarSenders;
  readonly #name: string;
  readonly #ways = new Map<string, Way>();
  /** Under which name each sender is known there. */
  readonly #names = new Map<string, number>();
  #isOpen = false;

  /** `name`: of this bridge. */
  constructor(link: UpstreamLink, senders: FarSenders, name: string) {
    this.#name = name;
    this.#link = link;
    this.#senders = senders;
  }

  connected(): void {
    this.#isOpen = true;
  }

  /** What has not been sent is lost with the connection. */
  disconnected(): void {
    this.#isOpen = false;
    this.#ways.clear();
    this.#names.clear();
  }

  /** A publisher in the channel `name` of the other bridge; `position` is what is known of it here. */
  publisher(name: string, spec: OpenSpec, sender: Sender, position: Publisher["position"]): Publisher {
    const publish = (batch: Uint8Array): Published => this.#publish(name, spec, sender, position, batch);
    return new FarPublisher(spec.kind, sender, position, publish);
  }

  #publish(
    name: string,
    spec: OpenSpec,
    sender: Sender,
    { epoch }: Publisher["position"],
    batch: Uint8Array,
  ): Published {
    if (!this.#isOpen) throw new BridgeError("disconnected", "the bridge that owns the channel is not connected");
    const way = this.#way(name, spec, sender);
    if (way.refused !== undefined) {
      const { code, message } = way.refused;
      this.#ways.delete(keyOf(name, spec, sender)); // the next one asks again
      throw new BridgeError(code, message);
    }
    if (this.#link.conversation.unsentBytes > MAX_UNSENT_BYTES) {
      throw new BridgeError("busy", "the bridge that owns the channel does not read what it is sent");
    }
    const record = (batch[5] ?? 0) & FLAG_SEQUENCES ? unlisted(batch) : batch;
    const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    const count = view.getUint32(32, true);
    view.setUint32(12, 0, true);
    view.setBigUint64(16, 0n, true);
    view.setBigUint64(24, BigInt(way.published), true);
    if (way.handle === undefined && way.waitingBytes + record.byteLength > MAX_WAITING_BYTES) {
      throw new BridgeError("busy", "the bridge that owns the channel has not opened it yet");
    }
    way.published += count;
    if (way.handle !== undefined) {
      view.setUint32(8, way.handle, true);
      this.#link.conversation.sendRecord(record);
    } else {
      way.waiting.push(record);
      way.waitingBytes += record.byteLength;
    }
    return { epoch, seq: null, count };
  }

  #way(name: string, spec: OpenSpec, sender: Sender): Way {
    const key = keyOf(name, spec, sender);
    let way = this.#ways.get(key);
    if (way === undefined) {
      way = { handle: undefined, waiting: [], waitingBytes: 0, published: 0, refused: undefined };
      void this.#open(way, name, spec, sender);
    }
    this.#ways.delete(key);
    this.#ways.set(key, way); // the most recently used last
    for (const [oldest, { handle }] of this.#ways) {
      if (this.#ways.size <= MAX_WAYS) break;
      this.#ways.delete(oldest);
      if (handle !== undefined) this.#link.conversation.ask({ op: "close", handle }).answer.catch(() => undefined);
    }
    return way;
  }

  async #open(way: Way, channel: string, { kind, contentType }: OpenSpec, sender: Sender): Promise<void> {
    const body = { op: "open", channel, kind, ...(contentType === null ? {} : { contentType }) } as const;
    const arrived = (result: unknown): void => {
      const { handle, sender: number } = result as OpenedChannel;
      // Before the first of its samples comes back.
      this.#senders.own(number, sender);
      way.handle = handle;
      for (const record of way.waiting) {
        new DataView(record.buffer, record.byteOffset, record.byteLength).setUint32(8, handle, true);
        this.#link.conversation.sendRecord(record);
      }
      way.waiting = [];
      way.waitingBytes = 0;
    };
    try {
      await this.#link.conversation.ask({ ...body, sender: this.#nameOf(sender) }, undefined, { arrived }).answer;
    } catch (thrown) {
      way.refused = toBridgeError(thrown);
      way.waiting = [];
      way.waitingBytes = 0;
      if (way.refused.code === "disconnected") return;
      const { message, code } = way.refused;
      this.#link.complain(`"${sender.name}" cannot publish in "${channel}": ${message} (${code})`);
    }
  }

  /** Its own name, unless another of that name publishes through here: then they are numbered, or nobody could tell them apart. */
  #nameOf({ id, name: own }: Sender): string {
    const name = nameAbroad(own, this.#name);
    for (let n = 1; ; n++) {
      const tried = n === 1 ? name : `${name}~${String(n)}`;
      const user = this.#names.get(tried);
      if (user !== undefined && user !== id) continue;
      this.#names.set(tried, id);
      return tried;
    }
  }
}

class FarPublisher implements Publisher {
  readonly kind: ChannelKind;
  readonly sender: Sender;
  readonly position: Publisher["position"];
  readonly publish: (batch: Uint8Array) => Published;

  constructor(
    kind: ChannelKind,
    sender: Sender,
    position: Publisher["position"],
    publish: (batch: Uint8Array) => Published,
  ) {
    this.kind = kind;
    this.sender = sender;
    this.position = position;
    this.publish = publish;
  }

  lose(): void {
    // The numbers are the other bridge's: what never came there has none.
  }

  close(): void {
    // The way stays open for a while: whoever publishes one sample opens the channel for each.
  }
}

function keyOf(name: string, { kind, contentType }: OpenSpec, { id }: Sender): string {
  return JSON.stringify([name, kind, contentType, id]);
}

/** The same samples without a list of sequences. */
function unlisted(batch: Uint8Array): Uint8Array {
  const times = batchTimes(batch);
  const samples = variablePayloads(batch).map((payload, i) => ({ payload, timeNs: times[i] ?? 0n }));
  return writePublication(0, 0, samples);
}
