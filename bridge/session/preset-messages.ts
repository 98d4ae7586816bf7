// SPDX-License-Identifier: MIT
// The messages about presets (docs/client-protocol.md), shared by the session and the client.
import type { Json } from "../model/values.ts";

/** Presets that one bridge keeps. */
export const MAX_PRESETS = 256;

/** A preset as JSON, in bytes. */
export const MAX_PRESET_BYTES = 65_536;

/** Values of parameters that were kept under a name. */
export interface Preset {
  readonly preset: string;
  /** When it was saved, in ms since 1970 UTC. */
  readonly saved: number;
  /** The whole value of each parameter, in the JSON form of `get`. */
  readonly values: Readonly<Record<string, Json>>;
}

/** A preset in a list. */
export interface PresetEntry {
  readonly preset: string;
  /** In ms since 1970 UTC. */
  readonly saved: number;
  /** The names of its parameters that the session reaches. */
  readonly parameters: readonly string[];
}

/** Requests about presets, without their `id`. */
export type PresetRequest =
  | { readonly op: "presets" }
  | { readonly op: "preset" | "forget"; readonly preset: string }
  | ({ readonly op: "save"; readonly preset: string } & (
      { readonly parameters: readonly string[] } | { readonly values: Readonly<Record<string, Json>> }
    ));
