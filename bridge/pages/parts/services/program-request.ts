// SPDX-License-Identifier: MIT
// The form of a service that takes JSON: a text for each argument whose name is known, else one for all of them.
import type { FieldEntry, Json, ServiceEntry } from "../../../session/messages.ts";

/** What a call is made with: by position, or by name. */
export type CallValues = readonly Json[] | Readonly<Record<string, Json>>;

const MAX_SHOWN = 4000;

/** The one text where the names are not known. */
const ALL = "arguments";

/** The fields of a service's form. */
export function formFields({ driver, params, request }: ServiceEntry): readonly FieldEntry[] {
  if (driver !== null) return request.fields;
  if (params === null || params === undefined) {
    return [{ name: ALL, type: "text", doc: "JSON: a list by position, or an object by name" }];
  }
  return params.map((name) => ({ name, type: "text", doc: "JSON, or a text; empty: not given" }));
}

/** What the form says. A text that is no JSON stands for itself, an empty one for nothing. */
export function callValues({ driver, params }: ServiceEntry, values: ReadonlyMap<string, Json>): CallValues {
  if (driver !== null) return Object.fromEntries(values);
  const given = [...values].flatMap(([name, text]): [string, Json][] => {
    const said = typeof text === "string" ? text.trim() : "";
    return said === "" ? [] : [[name, jsonOr(said)]];
  });
  if (params !== null && params !== undefined) return Object.fromEntries(given);
  const [all] = given;
  if (all === undefined) return [];
  const [, value] = all;
  return typeof value === "object" && value !== null ? value : [value];
}

/** A reply as text, of at most 4000 characters. */
export function replyText(reply: Json): string {
  const text = JSON.stringify(reply, undefined, 2);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
