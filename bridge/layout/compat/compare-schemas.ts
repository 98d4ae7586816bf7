// SPDX-License-Identifier: MIT
// How two schemas differ for a program that was built for the first and meets the second (docs/schema.md, "When they differ").
import { BridgeError } from "../../model/errors.ts";
import type { Schema, SchemaMessage } from "../../model/schema.ts";
import { findType } from "../schema.ts";
import { compareStructs } from "./compare-structs.ts";
import type { Difference } from "./verdict.ts";

/** What became of one message. */
export interface MessageComparison {
  /** Null: the type was compared for itself. */
  readonly role: SchemaMessage["role"] | null;
  /** Of the message; of a type that was compared for itself its own. */
  readonly name: string;
  /** The struct's name in the schema that has it, the second one first. */
  readonly type: string;
  readonly differences: readonly Difference[];
}

/**
 * Compares the messages of two checked schemas, in the order of the first. A message without a name of its own, and every struct of a schema without messages, is found by
 * its type. `type`: compares that struct alone; throws `type_unsupported` when one of the schemas has none of that name.
 */
export function compareSchemas(before: Schema, now: Schema, type?: string): readonly MessageComparison[] {
  if (type !== undefined) return [compareTypes(before, now, type)];
  const structs = before.messages.length > 0 ? [] : Object.keys(before.types).filter((name) => isStruct(before, name));
  const messages = before.messages.map((message) => compareMessage(before, now, message));
  const added = now.messages.filter((message) => before.messages.length > 0 && find(before, message) === undefined);
  return [
    ...messages,
    ...structs.map((name) => compareType(before, now, null, name)),
    ...added.map(({ role, name, type: struct }) => ({
      ...{ role, name: name === "*" ? struct : name, type: struct },
      differences: [{ path: "", verdict: "ok" as const, why: "is new" }],
    })),
  ];
}

function compareTypes(before: Schema, now: Schema, type: string): MessageComparison {
  for (const [schema, which] of [
    [before, "first"],
    [now, "second"],
  ] as const) {
    if (isStruct(schema, type)) continue;
    const structs = Object.keys(schema.types).filter((name) => isStruct(schema, name));
    const known = structs.slice(0, 20).join(", ");
    throw new BridgeError("type_unsupported", `the ${which} schema has no struct "${type}"; it has ${known}`);
  }
  return compareType(before, now, null, type);
}

function compareMessage(before: Schema, now: Schema, message: SchemaMessage): MessageComparison {
  const { role, name, type } = message;
  if (name === "*") return compareType(before, now, role, type);
  const current = find(now, message);
  if (current === undefined) return gone(role, name, type);
  const structs = [
    { schema: before, type },
    { schema: now, type: current.type },
  ] as const;
  return { role, name, type: current.type, differences: compareStructs(...structs).differences };
}

function compareType(before: Schema, now: Schema, role: MessageComparison["role"], type: string): MessageComparison {
  if (!isStruct(now, type)) return gone(role, type, type);
  const { differences } = compareStructs({ schema: before, type }, { schema: now, type });
  return { role, name: type, type, differences };
}

function gone(role: MessageComparison["role"], name: string, type: string): MessageComparison {
  return { role, name, type, differences: [{ path: "", verdict: "break", why: "is gone" }] };
}

/** The message of the same role and name; of one without a name, of the same type. */
function find(schema: Schema, { role, name, type }: SchemaMessage): SchemaMessage | undefined {
  return schema.messages.find(
    (other) => other.role === role && other.name === name && (name !== "*" || other.type === type),
  );
}

function isStruct(schema: Schema, name: string): boolean {
  return findType(schema, name)?.k === "struct";
}
