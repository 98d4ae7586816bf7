// SPDX-License-Identifier: MIT
// What a plot needs of the still picture beside it; a place that can draw none has none.
import type { Timers } from "../../streams/timers.ts";
import type { SubscribeOptions } from "../../options.ts";
import type { ChannelEntry } from "../../../session/messages.ts";
import type { Subscription } from "../../subscription.ts";
import type { PlotSpec, Unopened } from "../output.ts";

/** A picture of a plot, as it was. */
export interface StillPicture {
  readonly svg: string;
  readonly png: Uint8Array;
}

/** What a still picture is drawn from. */
export interface StillParts {
  readonly timers: Timers;
  /** The plot and the channels of its series, as they are now. */
  readonly spec: Unopened<PlotSpec>;
  readonly channels: readonly ChannelEntry[];
  subscribe(channel: string, options: SubscribeOptions): Subscription;
  /** Puts a picture into the cell. */
  show(png: Uint8Array): void;
}

/** The still picture of one plot. Nothing of it keeps a notebook's kernel alive. */
export interface Still {
  /** Begins to record. */
  begin(): void;
  /** The plot was changed. */
  change(spec: Unopened<PlotSpec>, channels: readonly ChannelEntry[]): void;
  /** Whether nobody draws the plot in a browser, so that the picture has to move. */
  animate(isWanted: boolean): void;
  /** Draws what holds now, and shows it in the cell. */
  draw(): Promise<StillPicture>;
  /** Draws for the last time; afterwards no subscription and no timer is left. */
  close(): Promise<void>;
}

/** Makes a still picture, which does nothing before it begins. */
export type MakeStill = (parts: StillParts) => Still;
