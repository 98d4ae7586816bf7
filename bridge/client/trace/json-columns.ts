// SPDX-License-Identifier: MIT
// The numbers in the samples of a JSON channel: which there are, and as columns like those of structs.
import type { Columns } from "../../model/values.ts";
import type { Json } from "../../session/messages.ts";
import { readPath } from "./element-path.ts";
import type { FieldRef } from "./field-ref.ts";

/** The most numbers of one channel that are listed, and how deep they are looked for. */
export const MAX_JSON_FIELDS = 64;
const MAX_DEPTH = 6;

/** The most elements of one list that are listed. */
const MAX_ELEMENTS = 16;

const TEXT = new TextDecoder();

/** The value of one sample; undefined when it is no JSON. */
export function parsePayload(payload: Uint8Array): Json | undefined {
  try {
    return JSON.parse(TEXT.decode(payload)) as Json;
  } catch {
    return undefined;
  }
}

/** The numbers and switches of one sample of `channel`, in their order, at most {@link MAX_JSON_FIELDS}. Names that would not read as a path are left out. */
export function jsonFields(channel: string, sample: Json | undefined): FieldRef[] {
  const found: FieldRef[] = [];
  const visit = (value: Json | undefined, path: string, depth: number): void => {
    if (found.length >= MAX_JSON_FIELDS || depth > MAX_DEPTH) return;
    if (typeof value === "number" || typeof value === "boolean")
      found.push(jsonField(channel, path, typeof value === "boolean"));
    else if (Array.isArray(value)) {
      (value as readonly Json[]).slice(0, MAX_ELEMENTS).forEach((item, index) => {
        visit(item, `${path}[${String(index)}]`, depth + 1);
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        if (!/[.[\]]/.test(name) && name !== "") visit(item, path === "" ? name : `${path}.${name}`, depth + 1);
      }
    }
  };
  visit(sample, "", 0);
  return found;
}

/** One number of a JSON channel by its path; an empty path is a sample that is a number itself. */
export function jsonField(channel: string, path: string, isSwitch: boolean): FieldRef {
  const label = path === "" ? "value" : path;
  const rest = { element: 0, elements: 1, unit: "", doc: "", labels: null };
  return { channel, path, label, type: isSwitch ? "bool" : "f64", ...rest };
}

/** The columns of some paths over all samples of a batch; where a sample has no number there, NaN. */
export function jsonColumns(payloads: readonly Uint8Array[], paths: Iterable<string>): Columns {
  const columns = new Map([...paths].map((path) => [path, new Float64Array(payloads.length)]));
  payloads.forEach((payload, index) => {
    const sample = parsePayload(payload);
    for (const [path, column] of columns) column[index] = numberOf(path === "" ? sample : readPath(sample, path));
  });
  return Object.fromEntries(columns);
}

function numberOf(value: Json | undefined): number {
  return typeof value === "number" || typeof value === "boolean" ? Number(value) : NaN;
}
