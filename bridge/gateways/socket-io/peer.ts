// SPDX-License-Identifier: MIT
// One client of the gateway: what it declared to read and write, what it sends, and what waits for it.
import type { Socket } from "socket.io";
import type { Clock } from "../../hub/ports.ts";
import { BridgeError, toBridgeError } from "../../model/errors.ts";
import { checkName } from "../../model/names.ts";
import type { Access } from "../../session/access.ts";
import type { Guest, GuestSample } from "../../session/guest.ts";
import { dataPacket, PayloadText } from "./packets.ts";
import type { RoomMember, Rooms } from "./rooms.ts";

/** Channels that one client may read, and as many that it may write. */
export const MAX_CHANNELS = 256;

/** What may wait for a client; beyond it new messages are dropped for it, counted, and told by `lost`. As much again may be on its way. */
export const QUEUE_BYTES = 1_048_576;

/** What the library keeps with each packet that waits, however short. */
const PACKET_BYTES = 64;

/** A client that goes on doing what is refused is told so often. */
const TELL_MS = 1000;

/** What is counted for all clients together. */
export interface PeerCounts {
  refused: number;
  dropped: number;
}

/** What a client is made of. */
export interface PeerParts {
  readonly socket: Socket;
  readonly guest: Guest;
  readonly access: Access;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly counts: PeerCounts;
}

/** An answer to a client that asked for an acknowledgement. */
type Acknowledge = (answer: object) => void;

/** A client. Nothing that it does throws. */
export class Peer implements RoomMember {
  readonly #parts: PeerParts;
  readonly #reads = new Set<string>();
  /** In the order in which they were declared. */
  readonly #writes = new Set<string>();
  #everWrote = false;
  #waitingBytes = 0;
  /** Messages that it lost since it was told. */
  #lost = 0;
  readonly #told = new Map<string, number>();

  constructor(parts: PeerParts) {
    this.#parts = parts;
    const { socket } = parts;
    socket.on("init", (...args: unknown[]) => {
      this.#carryOut("init", args, (grants) => {
        this.#declare(grants);
      });
    });
    socket.on("data", (...args: unknown[]) => {
      this.#carryOut("data", args, (payload) => {
        this.#publish(payload);
      });
    });
    socket.conn.on("drain", () => {
      this.#waitingBytes = 0;
      this.#tellLost();
    });
  }

  /** It is gone: nothing of it stays. */
  left(): void {
    for (const channel of this.#reads) this.#parts.rooms.leave(channel, this);
    this.#reads.clear();
    this.#writes.clear();
    this.#parts.guest.close();
  }

  take(packet: string): void {
    if (this.#hasRoom(packet.length)) this.#parts.socket.conn.write(packet);
  }

  takeBytes(bytes: Uint8Array): void {
    // The library keeps what it is given until it is sent, and these bytes are only lent.
    if (this.#hasRoom(bytes.length)) this.#parts.socket.emit("data", Buffer.from(bytes));
  }

  lost(_channel: string, count: number): void {
    this.#lost += count;
    this.#tellLost();
  }

  /** `grants`: channel → text with `r` to read, `w` to write. What is not named stays as it was. */
  #declare(grants: unknown): void {
    if (typeof grants !== "object" || grants === null || Array.isArray(grants)) {
      throw new BridgeError("bad_message", `"init" takes an object of channels, e.g. {"data":"rw"}`);
    }
    const entries = Object.entries(grants);
    if (entries.length > 2 * MAX_CHANNELS) {
      throw new BridgeError("busy", `"init" names at most ${String(2 * MAX_CHANNELS)} channels`);
    }
    let failed: unknown;
    for (const [channel, rights] of entries) {
      try {
        this.#grant(channel, rights);
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed !== undefined) throw toBridgeError(failed);
  }

  #grant(channel: string, rights: unknown): void {
    if (typeof rights !== "string") {
      throw new BridgeError("bad_message", `"init" gives each channel a text: "r", "w", "rw" or ""`);
    }
    const { rooms, access } = this.#parts;
    checkName(channel);
    const mustBeOpen = (isOpen: boolean): void => {
      if (isOpen) return;
      throw new BridgeError("forbidden", `"${channel}" is not opened; the bridge's gateway needs open=${channel}`);
    };
    if (!rights.includes("r")) {
      if (this.#reads.delete(channel)) rooms.leave(channel, this);
    } else if (!this.#reads.has(channel)) {
      mustBeOpen(access.channel(channel));
      this.#requirePlace(this.#reads);
      rooms.join(channel, this);
      this.#reads.add(channel);
    }
    if (!rights.includes("w")) {
      this.#writes.delete(channel);
    } else if (!this.#writes.has(channel)) {
      mustBeOpen(access.publish(channel));
      this.#requirePlace(this.#writes);
      this.#everWrote = true;
      this.#writes.add(channel);
    }
  }

  #requirePlace(channels: ReadonlySet<string>): void {
    if (channels.size < MAX_CHANNELS) return;
    throw new BridgeError("busy", `a client reads and writes at most ${String(MAX_CHANNELS)} channels each`);
  }

  #publish(payload: unknown): void {
    if (!this.#everWrote) throw new BridgeError("forbidden", "the client did not ask to write to any channels");
    const { guest, rooms } = this.#parts;
    const sample = sampleOf(payload);
    let failed: unknown;
    for (const channel of this.#writes) {
      try {
        guest.publish(channel, sample);
        if ("bytes" in sample) rooms.deliverBytes(channel, sample.bytes);
        else rooms.deliver(channel, dataPacket(sample.json));
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed !== undefined) throw toBridgeError(failed);
  }

  /** Runs what an event asks for; who asked for an acknowledgement gets one, others are told of a failure by the event `refused`. */
  #carryOut(event: string, args: readonly unknown[], run: (argument: unknown) => void): void {
    const last = args.at(-1);
    const acknowledge = typeof last === "function" ? (last as Acknowledge) : undefined;
    try {
      run(args[0]);
      acknowledge?.({});
    } catch (thrown) {
      const { code, message } = toBridgeError(thrown);
      this.#parts.counts.refused += 1;
      if (acknowledge !== undefined) acknowledge({ error: { code, message } });
      else if (this.#mayTell(code)) this.#parts.socket.emit("refused", { event, code, message });
    }
  }

  /** Whether it was not told the same just now: a flood of mistakes is not answered by one of complaints. */
  #mayTell(code: string): boolean {
    const now = this.#parts.clock.now();
    if (now - (this.#told.get(code) ?? -Infinity) < TELL_MS) return false;
    this.#told.set(code, now);
    return true;
  }

  #hasRoom(payloadBytes: number): boolean {
    const bytes = payloadBytes + PACKET_BYTES;
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > QUEUE_BYTES) {
      this.#parts.counts.dropped += 1;
      this.#lost += 1;
      return false;
    }
    this.#waitingBytes += bytes;
    return true;
  }

  #tellLost(): void {
    if (this.#lost === 0 || this.#waitingBytes > 0) return;
    const count = this.#lost;
    this.#lost = 0;
    this.#parts.socket.emit("lost", { count });
  }
}

/** Throws `bad_message` for what no channel carries. */
function sampleOf(payload: unknown): GuestSample & { readonly json?: string } {
  if (payload instanceof PayloadText) return payload;
  if (payload instanceof Uint8Array) return { bytes: payload, contentType: "application/octet-stream" };
  throw new BridgeError("bad_message", `"data" takes one JSON value, or bytes alone`);
}
