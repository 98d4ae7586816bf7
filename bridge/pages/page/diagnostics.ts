// SPDX-License-Identifier: MIT
// What the page can prove about itself: frames drawn, samples received, samples missing. Read as `window.structwire`.
import type { FrameLoop } from "../parts/plot/frame-loop.ts";
import type { Session } from "../parts/link/session.ts";
import type { Feeds } from "../parts/trace/feeds.ts";

/** Counts of one plotted channel since the page was opened. */
export interface ChannelCounts {
  readonly epoch: string | null;
  readonly batches: number;
  readonly samples: number;
  /** Jumps in the sequences that nobody reported. */
  readonly missed: number;
  /** Reported by the bridge or the driver. */
  readonly lost: number;
  readonly restarts: number;
  /** Samples held in memory now. */
  readonly held: number;
}

/** The counts now. */
export interface Diagnostics {
  readonly state: string;
  readonly frames: number;
  readonly framesPerSecond: number;
  readonly samples: number;
  readonly missed: number;
  readonly lost: number;
  readonly channels: Readonly<Record<string, ChannelCounts>>;
}

/** Counts everything as it stands. */
export function diagnose(session: Session, frames: FrameLoop, feeds: Feeds): Diagnostics {
  const channels: Record<string, ChannelCounts> = {};
  const total = { samples: 0, missed: 0, lost: 0 };
  for (const { channel, check, recorder } of feeds.traces) {
    if (check.batches === 0) continue;
    const { batches, samples, missed, lost, restarts } = check;
    const held = recorder.head - recorder.start;
    channels[channel] = { epoch: check.epoch?.toString() ?? null, batches, samples, missed, lost, restarts, held };
    total.samples += samples;
    total.missed += missed;
    total.lost += lost;
  }
  return {
    state: session.phase.peek().kind,
    frames: frames.frames,
    framesPerSecond: frames.framesPerSecond,
    ...total,
    channels,
  };
}
