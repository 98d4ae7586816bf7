// SPDX-License-Identifier: MIT
// One channel of the other bridge: what comes of it is handed to the hub as it is, under the ids of this one.
import type { Batch } from "../../client/batch.ts";
import type { Channel, ChannelSpec } from "../../hub/channel.ts";
import { readBatch } from "../../layout/batch.ts";
import type { Codec } from "../../layout/codec.ts";
import { write32 } from "../../model/words.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import type { Loss } from "../../model/values.ts";
import type { FarSenders } from "./far-senders.ts";
import { Held, type Arrival } from "./held.ts";

/** Where a line leads while its channel stands here. */
export interface Target {
  readonly channel: Channel;
  /** The driver whose it is, as it is called here; null: it is open. */
  readonly driver: string | null;
  readonly spec: ChannelSpec;
  /** The only life whose samples fit the schema; null: any. */
  readonly epoch: () => bigint | null;
}

/** What came before the channel stands here is held. */
export class Line {
  readonly #senders: FarSenders;
  readonly #codec: Codec;
  readonly #now: () => number;
  readonly #held = new Held();
  #target: Target | undefined;
  #waitsFor: bigint | undefined;

  constructor(senders: FarSenders, codec: Codec, now: () => number) {
    this.#senders = senders;
    this.#codec = codec;
    this.#now = now;
  }

  get target(): Target | undefined {
    return this.#target;
  }

  /** The channel stands here (again): what was held is handed on. Throws as {@link arrived}. */
  lead(target: Target | undefined): void {
    this.#target = target;
    this.#waitsFor = undefined;
    if (target === undefined) return;
    const arrivals = this.#held.take();
    for (const arrival of arrivals) this.arrived(arrival);
  }

  /** Nothing of what came is of use any more: the connection or the subscription ended. */
  clear(): void {
    this.#held.take();
    this.#waitsFor = undefined;
  }

  /** Takes in what the stream brings. Throws `bad_record`. */
  arrived(arrival: Arrival): void {
    const target = this.#target;
    if (target !== undefined && arrival.is === "begin") {
      const wanted = target.epoch();
      // Another life than the one that is known here: its schema may be another, and is asked for.
      if (target.spec.kind === "struct" && wanted !== arrival.epoch) this.#waitsFor = arrival.epoch;
    }
    if (target === undefined || this.#waitsFor !== undefined || !this.#held.isEmpty) this.#held.add(arrival);
    else this.#take(target, arrival);
  }

  #take({ channel, driver, spec }: Target, arrival: Arrival): void {
    switch (arrival.is) {
      case "begin": {
        const { epoch, next, carries } = arrival;
        if (channel.live && channel.epoch === epoch && channel.next === next && carries?.kind === channel.kind) return;
        const { kind, contentType } = carries ?? { kind: channel.kind, contentType: channel.contentType };
        if ((kind === "struct") !== (spec.kind === "struct")) return;
        channel.open(driver, { ...spec, kind, contentType, epoch, next });
        return;
      }
      case "end":
        channel.pause(arrival.reason);
        return;
      case "gap":
        this.#lose(channel, arrival.loss);
        return;
      case "batch":
        this.#publish(channel, arrival.batch);
    }
  }

  #lose(channel: Channel, loss: Loss): void {
    if (!channel.live || loss.epoch !== channel.epoch || loss.to < channel.next) return;
    const from = Math.max(loss.from, channel.next);
    channel.lose({ ...loss, from, count: Math.min(loss.count, loss.to - from + 1) });
  }

  #publish(channel: Channel, whole: Batch): void {
    if (!channel.live || whole.epoch !== channel.epoch) return;
    const isOld = whole.last < channel.next;
    const batch = isOld ? whole : whole.from(channel.next);
    // Memory of its own: the message that it came in would be kept with it.
    const record = batch.record.slice();
    const { header } = readBatch(record);
    const layout = channel.schema?.layout;
    if (layout !== undefined && layout.size !== header.size) {
      throw new BridgeError("bad_record", `a batch of ${channel.name} has structs of another size than its schema`);
    }
    if (layout === undefined) this.#admit(record, channel);
    const schema = layout === undefined ? this.#senders.here(header.schema, whole.sender) : (channel.schema?.id ?? 0);
    write32(record, 8, channel.source.id);
    write32(record, 12, schema);
    if (isOld) channel.recall(record, this.#now());
    else channel.publish(record, this.#now());
  }

  /** Whoever reads here relies on JSON being JSON, as what programs publish here is. */
  #admit(record: Uint8Array, { name, kind }: Channel): void {
    try {
      this.#codec.admit(record, kind === "bytes" ? "bytes" : "json", this.#now());
    } catch (cause) {
      const { message } = toBridgeError(cause);
      throw new BridgeError("bad_record", `a batch of ${name} is no ${kind}: ${message}`, { cause });
    }
  }
}
