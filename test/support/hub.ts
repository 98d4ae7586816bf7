// SPDX-License-Identifier: MIT
// A hub with a driver in it, and a reader that writes down what it is told: for tests without sockets.
import assert from "node:assert/strict";
import type { Channel } from "../../bridge/hub/channel.ts";
import type { Driver } from "../../bridge/hub/driver.ts";
import { Hub } from "../../bridge/hub/hub.ts";
import type { AppliedValue, Asked, Chunk, DriverPort, EndReason } from "../../bridge/hub/ports.ts";
import type { SubscribedReader } from "../../bridge/hub/readership.ts";
import type { SchemaSet } from "../../bridge/hub/schemas.ts";
import type { DriverService } from "../../bridge/hub/service.ts";
import type { Stream } from "../../bridge/hub/stream.ts";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import { batchSequences, recordType } from "../../bridge/layout/record.ts";
import { RECORD_BATCH } from "../../bridge/model/batch.ts";
import { BridgeError } from "../../bridge/model/errors.ts";
import type { Loss } from "../../bridge/model/values.ts";
import { batchTools } from "../../bridge/session/batch-tools.ts";
import { ManualClock } from "./manual-clock.ts";
import { batchRecord, doubles } from "./records.ts";
import { schemaSource } from "./schemas.ts";

export const EPOCH = 1_763_600_000_000_000_000n;

/** A driver in memory: its sets and calls wait in lists for the test to answer. */
export class MemoryDriver implements DriverPort {
  readonly sets: { parameter: number; value: Uint8Array; mask: Uint8Array; answer: Deferred<AppliedValue> }[] = [];
  readonly calls: { service: number; request: Uint8Array; givenUp: boolean; answer: Deferred<Uint8Array> }[] = [];

  set(parameter: number, value: Uint8Array, mask: Uint8Array): Promise<AppliedValue> {
    const answer = new Deferred<AppliedValue>();
    this.sets.push({ parameter, value, mask, answer });
    return answer.promise;
  }

  call(service: number, request: Uint8Array): Asked<Uint8Array> {
    const call = { service, request, givenUp: false, answer: new Deferred<Uint8Array>() };
    this.calls.push(call);
    return { answer: call.answer.promise, giveUp: () => void (call.givenUp = true) };
  }

  /** What a link does when its driver dies. */
  die(): void {
    for (const { answer } of [...this.sets, ...this.calls]) answer.reject(new BridgeError("disconnected"));
  }
}

/** The service of a driver. */
export function driverService(hub: Hub, name: string): DriverService {
  const service = hub.service(name);
  assert.ok(service.by === "driver");
  return service;
}

/** A promise that the test settles. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** A hub on a manual clock with one connected driver, `motor`. */
export class Bench {
  readonly clock: ManualClock = new ManualClock();
  readonly hub: Hub;
  readonly schemas: SchemaSet;
  readonly driver: Driver;
  port: MemoryDriver = new MemoryDriver();

  /** `listens`: which other drivers do that were not found yet. */
  constructor(listens?: (driver: string) => boolean) {
    const parts = { clock: this.clock, tools: batchTools(javascriptCodec()), flushMs: 8 };
    this.hub = new Hub(listens === undefined ? parts : { ...parts, listens });
    this.schemas = this.hub.schemas.acquire("h", schemaSource);
    this.driver = this.hub.driver("unix:/run/motor.sock", "motor");
  }

  connect(epoch: bigint = EPOCH): void {
    this.port = new MemoryDriver();
    this.driver.up({ name: "motor", epoch, pid: 12, schemas: this.schemas }, this.port);
  }

  disconnect(): void {
    this.port.die();
    this.driver.down("down", new BridgeError("disconnected", "the driver died"));
  }

  struct(name: string, options: { epoch?: bigint; next?: number; type?: string } = {}): Channel {
    const { epoch = EPOCH, next = 0, type = "state" } = options;
    return this.driver.advertise(name, {
      kind: "struct",
      schema: this.schemas.entry(type),
      contentType: null,
      epoch,
      next,
    });
  }

  json(name: string): Channel {
    return this.driver.advertise(name, { kind: "json", schema: null, contentType: null, epoch: EPOCH, next: 0 });
  }

  /** Publishes structs whose angle is their sequence, as one chunk of input. */
  publish(channel: Channel, first: number, count = 1): void {
    const samples = doubles(...Array.from({ length: count }, (_, i) => first + i));
    this.take(
      channel,
      batchRecord({ stream: channel.source.id, schema: channel.schema?.id ?? 0, epoch: channel.epoch, first, samples }),
    );
    this.hub.settle();
  }

  /** Hands in one batch without ending the chunk. */
  take(channel: Channel, record: Uint8Array): void {
    channel.publish(record, this.clock.now());
  }
}

/** The batches of a chunk, without the stamp before them. */
export function batchesOf(chunk: Chunk): readonly Uint8Array[] {
  return chunk.parts.filter((part) => recordType(part) === RECORD_BATCH);
}

/** A reader that keeps a line for everything. */
export class NotingReader implements SubscribedReader {
  readonly notes: string[] = [];
  readonly chunks: { stream: Stream; chunk: Chunk }[] = [];

  started(stream: Stream, previous: bigint | null): void {
    const restart = previous === null ? "" : ` after ${String(previous)}`;
    this.notes.push(`started ${stream.channel.name} at ${String(stream.channel.next)}${restart}`);
  }

  samples(stream: Stream, chunk: Chunk): void {
    this.chunks.push({ stream, chunk });
    const sequences =
      stream.encoding === "json"
        ? chunk.parts.map((part) => Buffer.from(part).toString()).join()
        : batchesOf(chunk)
            .map((part) => [...batchSequences(part)].join())
            .join("+");
    this.notes.push(`${stream.channel.name} ${sequences}`);
  }

  lost(stream: Stream, { from, to, count, reason }: Loss): void {
    this.notes.push(`${stream.channel.name} lost ${String(from)}-${String(to)} (${String(count)}, ${reason})`);
  }

  ended(stream: Stream, reason: EndReason): void {
    this.notes.push(`ended ${stream.channel.name} ${reason}`);
  }

  shared(stream: Stream): void {
    this.notes.push(`shared ${stream.channel.name}`);
  }

  left(stream: Stream): void {
    this.notes.push(`left ${stream.channel.name}`);
  }

  /** The notes since the last call. */
  take(): string[] {
    return this.notes.splice(0);
  }
}
