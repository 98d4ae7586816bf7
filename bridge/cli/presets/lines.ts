// SPDX-License-Identifier: MIT
// Presets as tables and lines for people.
import type { PresetDifference } from "../../client/presets/compare.ts";
import { leavesOf } from "../../client/trace/element-path.ts";
import type { Json } from "../../model/values.ts";
import type { PresetEntry } from "../../session/preset-messages.ts";
import type { Output } from "../output.ts";
import { formatValue, table } from "../text.ts";

/** A table of presets. */
export function presetLines(presets: readonly PresetEntry[], output: Output): readonly string[] {
  const rows = presets.map(({ preset, saved, parameters }) => [
    preset,
    new Date(saved).toISOString().slice(0, 19).replace("T", " "),
    parameters.join(", "),
  ]);
  return styled([["PRESET", "SAVED (UTC)", "PARAMETERS"], ...rows], output);
}

/** A table of what differs. */
export function differenceLines(
  differences: readonly PresetDifference[],
  name: string,
  other: string,
  output: Output,
): readonly string[] {
  const rows = differences.map((each) => [each.parameter, each.field, text(each.saved), text(each.other)]);
  return styled([["PARAMETER", "FIELD", name, other], ...rows], output);
}

/** A value, a line for each field. */
export function valueLines(value: Json): readonly string[] {
  return table(leavesOf(value).map(([path, leaf]) => [`  ${path}`, text(leaf)]));
}

function styled(rows: readonly (readonly string[])[], output: Output): readonly string[] {
  const [head = "", ...rest] = table(rows);
  return [output.style("bold", output.fit(head)), ...rest.map((row) => output.fit(row))];
}

function text(value: Json | undefined): string {
  return value === undefined ? "-" : formatValue(value);
}
