// SPDX-License-Identifier: MIT
// What can be called: services of connected drivers, services of other programs, and aliases of both.
import type { Json } from "../model/values.ts";
import type { Driver } from "./driver.ts";
import type { Provider } from "./provider.ts";
import type { SchemaEntry } from "./schemas.ts";

/** A service of a driver, which takes and answers structs; gone with its driver's connection. */
export interface DriverService {
  readonly by: "driver";
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

/** A service of another program, which takes and answers JSON values; gone with that program. */
export interface ProgramService {
  readonly by: "program";
  readonly name: string;
  readonly provider: Provider;
  /** The names of its arguments by their positions; null: not known. */
  readonly params: readonly string[] | null;
  readonly doc: string | null;
}

/** A named call: a service under another name, with defaults for its arguments. The target may come and go. */
export interface Alias {
  readonly by: "alias";
  readonly name: string;
  /** Who made it; gone with that program. */
  readonly provider: Provider;
  readonly target: string;
  readonly defaults: CallArguments;
}

export type Service = DriverService | ProgramService | Alias;

/** Arguments by position, and by name. */
export interface CallArguments {
  readonly args: readonly Json[];
  readonly named: Readonly<Record<string, Json>>;
}
