// SPDX-License-Identifier: MIT
// What became of every sample that a session was due, stream by stream: delivered, lost for a reason, or left out because it was asked for so.
import type { Stream } from "../hub/stream.ts";
import type { Loss, LossReason } from "../model/values.ts";
import type { LedgerEntry, Tally } from "./messages.ts";

type Lost = { [Reason in LossReason]?: number };

interface Account {
  epoch: bigint;
  /** The first sequence that the session was due, and the one after the last that was accounted for. */
  from: number;
  next: number;
  delivered: number;
  lost: Lost;
  readonly before: { epochs: number; due: number; delivered: number; lost: Lost };
}

/** The accounts of one session. Costs nothing per sample: everything is counted in runs. */
export class Ledger {
  readonly #accounts = new Map<Stream, Account>();
  /** Over all streams, those that were left included. */
  readonly lost: Lost = {};

  /** The session gets this stream from the channel's next sequence on; a life that it knows goes on. */
  begin(stream: Stream): void {
    const { epoch, next } = stream.channel;
    const account = this.#accounts.get(stream);
    if (account === undefined) {
      const before = { epochs: 0, due: 0, delivered: 0, lost: {} };
      this.#accounts.set(stream, { epoch, from: next, next, delivered: 0, lost: {}, before });
      return;
    }
    if (account.epoch !== epoch || next < account.next) {
      const { before } = account;
      before.epochs += 1;
      before.due += account.next - account.from;
      before.delivered += account.delivered;
      for (const [reason, count] of entriesOf(account.lost)) add(before.lost, reason, count);
      Object.assign(account, { epoch, from: next, delivered: 0, lost: {} });
    }
    account.next = next;
  }

  /** Samples will be sent for certain. */
  delivered(stream: Stream, { first, last, count }: { first: number; last: number; count: number }): void {
    const account = this.#accounts.get(stream);
    // What `last` asked for was before the stream's beginning.
    if (account === undefined || first < account.from) return;
    account.delivered += count;
    account.next = Math.max(account.next, last + 1);
  }

  recordLoss(stream: Stream, { to, count, reason }: Loss): void {
    add(this.lost, reason, count);
    const account = this.#accounts.get(stream);
    if (account === undefined) return;
    add(account.lost, reason, count);
    account.next = Math.max(account.next, to + 1);
  }

  end(stream: Stream): void {
    this.#accounts.delete(stream);
  }

  clear(): void {
    this.#accounts.clear();
  }

  /** The entries of all streams, which must have handed out what they collected. `waiting`: samples that the session holds of a stream. */
  entries(subscriptions: (stream: Stream) => readonly number[], waiting: (stream: Stream) => number): LedgerEntry[] {
    return [...this.#accounts].map(([stream, account]) => {
      const { channel } = stream;
      const goesOn = channel.epoch === account.epoch && channel.next >= account.next;
      const next = goesOn ? channel.next : account.next;
      const { before } = account;
      return {
        stream: stream.id,
        channel: channel.name,
        subscriptions: subscriptions(stream),
        epoch: String(account.epoch),
        from: account.from,
        next,
        ...tally(next - account.from, account.delivered, waiting(stream), account.lost),
        before: { epochs: before.epochs, ...tally(before.due, before.delivered, 0, before.lost) },
        producer: channel.counters,
      };
    });
  }
}

function tally(due: number, delivered: number, waiting: number, lost: Lost): Tally {
  const lostCount = entriesOf(lost).reduce((sum, [, count]) => sum + count, 0);
  return { due, delivered, waiting, skipped: Math.max(0, due - delivered - waiting - lostCount), lost: { ...lost } };
}

function add(lost: Lost, reason: LossReason, count: number): void {
  lost[reason] = (lost[reason] ?? 0) + count;
}

function entriesOf(lost: Lost): [LossReason, number][] {
  return Object.entries(lost) as [LossReason, number][];
}
