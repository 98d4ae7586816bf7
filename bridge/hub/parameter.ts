// SPDX-License-Identifier: MIT
// A parameter of a connected driver, with the value that it last said to hold.
import type { Channel } from "./channel.ts";
import type { Driver } from "./driver.ts";
import type { SchemaEntry } from "./schemas.ts";

/** A parameter; gone with its driver's connection. */
export interface Parameter {
  /** The whole name. */
  readonly name: string;
  readonly driver: Driver;
  /** The number by which its driver knows it. */
  readonly id: number;
  readonly schema: SchemaEntry;
  /** The channel whose samples it governs. */
  readonly channel: Channel | null;
  /** The struct that now holds; replaced, never changed in place. */
  value: Uint8Array;
}
