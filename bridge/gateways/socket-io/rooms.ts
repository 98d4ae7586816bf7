// SPDX-License-Identifier: MIT
// Who of the gateway's clients reads which channel: each channel is read once for all of them.
import type { Cancel } from "../../hub/ports.ts";
import type { Guest } from "../../session/guest.ts";
import type { GuestSamples } from "../../session/guest-reader.ts";
import { dataPacket } from "./packets.ts";

/** What a reader takes. */
export interface RoomMember {
  /** A packet of a `data` event. */
  take(packet: string): void;
  takeBytes(bytes: Uint8Array): void;
  /** So many samples of the channel never came to the gateway. */
  lost(channel: string, count: number): void;
}

interface Room {
  readonly members: Set<RoomMember>;
  readonly cancel: Cancel;
}

/** The rooms of one gateway. Its clients' own messages come by {@link deliver}, in the order in which they were sent, all others from the hub. */
export class Rooms {
  readonly #guest: Guest;
  readonly #rooms = new Map<string, Room>();

  /** `guest` reads and does not get what the gateway's own clients publish. */
  constructor(guest: Guest) {
    this.#guest = guest;
  }

  /** Throws as {@link Guest.read} does. */
  join(channel: string, member: RoomMember): void {
    const known = this.#rooms.get(channel);
    if (known !== undefined) {
      known.members.add(member);
      return;
    }
    const members = new Set([member]);
    const cancel = this.#guest.read(
      channel,
      {},
      {
        samples: (samples) => {
          give(members, samples);
        },
        lost: (_, { count }) => {
          for (const each of members) each.lost(channel, count);
        },
      },
    );
    this.#rooms.set(channel, { members, cancel });
  }

  leave(channel: string, member: RoomMember): void {
    const room = this.#rooms.get(channel);
    if (room?.members.delete(member) !== true || room.members.size > 0) return;
    this.#rooms.delete(channel);
    room.cancel();
  }

  /** Gives a packet of a client of the gateway to those who read the channel. */
  deliver(channel: string, packet: string): void {
    for (const member of this.#rooms.get(channel)?.members ?? []) member.take(packet);
  }

  deliverBytes(channel: string, bytes: Uint8Array): void {
    for (const member of this.#rooms.get(channel)?.members ?? []) member.takeBytes(bytes);
  }
}

function give(members: ReadonlySet<RoomMember>, samples: GuestSamples): void {
  if (samples.contentType === null) {
    for (const { json } of samples.samples) {
      const packet = dataPacket(json);
      for (const member of members) member.take(packet);
    }
    return;
  }
  for (const { bytes } of samples.samples) for (const member of members) member.takeBytes(bytes);
}
