// SPDX-License-Identifier: MIT
// A service of a connected driver.
import type { Driver } from "./driver.ts";
import type { SchemaEntry } from "./schemas.ts";

/** A service; gone with its driver's connection. */
export interface Service {
  /** The whole name. */
  readonly name: string;
  readonly driver: Driver;
  /** The number by which its driver knows it. */
  readonly id: number;
  /** Null: it takes nothing. */
  readonly request: SchemaEntry | null;
  /** Null: it answers nothing. */
  readonly reply: SchemaEntry | null;
}
