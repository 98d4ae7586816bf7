// SPDX-License-Identifier: MIT
// Chooses the structs of a header that become messages.
import { BridgeError } from "../model/errors.ts";
import type { Role } from "./notes/annotations.ts";
import type { Catalog, CRecord } from "./types/ctypes.ts";
import type { Notes, Warn } from "./notes/notes.ts";
import { reasonAgainst, type MessageChoice } from "./schema/schema.ts";

/** What was chosen, and what was left out of a header that names nothing. */
export interface Choice {
  readonly messages: readonly MessageChoice[];
  /** Why structs of the header are no messages. */
  readonly skipped: readonly string[];
}

/** What the choice depends on. */
export interface Wish {
  /** The header's own path, as the debug information writes it. */
  readonly isHeader: (file: string) => boolean;
  readonly header: string;
  /** Types named on the command line. */
  readonly types: readonly string[];
}

/** A type that is a message by request alone: its channels get their names while the driver runs. */
const UNNAMED: Role = { role: "channel", name: "*" };

/**
 * Chooses: structs of the header with a role annotation, those that `[@message …]` names, and `wish.types`; if that is nothing,
 * every struct of the header that can be a message. Throws `type_unsupported` when a named type is none or nothing is left.
 */
export function chooseMessages(catalog: Catalog, notes: Notes, wish: Wish, warn: Warn): Choice {
  // Compilers list types in an order of their own; the header's is everybody's.
  const own = catalog.records
    .filter((record) => record.position !== undefined && wish.isHeader(record.position.file))
    .sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
  const messages: MessageChoice[] = [];
  const add = (record: CRecord, role: Role, complain: (text: string) => void): void => {
    const taken = messages.find(
      (other) => other.role.name === role.name && other.role.role === role.role && role.name !== "*",
    );
    if (taken !== undefined)
      complain(`${role.role} "${role.name}" is already ${taken.record.spelling ?? "another struct"}`);
    else messages.push({ record, role });
  };
  for (const record of own) {
    for (const role of notes.ofRecord(record).roles) {
      add(record, role, (text) => {
        warn(record.position?.file ?? "", record.position?.line ?? 0, text);
      });
    }
  }
  for (const { type, line, ...role } of notes.messagesIn(wish.header)) {
    const record = catalog.find(type);
    const complain = (text: string): void => {
      warn(wish.header, line, text);
    };
    if (record?.kind === "record") add(record, role, complain);
    else complain(`[@message ${type}]: neither the header nor what it includes defines that struct`);
  }
  for (const type of wish.types) {
    const record = namedRecord(catalog, type);
    if (!messages.some((message) => message.record === record)) messages.push({ record, role: UNNAMED });
  }
  if (messages.length > 0) return { messages, skipped: [] };
  return chooseAll(own, catalog, notes, wish);
}

function namedRecord(catalog: Catalog, type: string): CRecord {
  const found = catalog.find(type);
  if (found?.kind === "record" && found.name !== undefined) return found;
  const reason = found === undefined ? "neither the header nor what it includes defines it" : "it is no struct";
  throw new BridgeError("type_unsupported", `"${type}" cannot be a message: ${reason}`);
}

function chooseAll(own: readonly CRecord[], catalog: Catalog, notes: Notes, wish: Wish): Choice {
  const skipped: string[] = [];
  const messages = own.flatMap((record): MessageChoice[] => {
    const reason = reasonAgainst(record, catalog, notes);
    if (reason !== undefined) skipped.push(reason);
    return reason === undefined ? [{ record, role: UNNAMED }] : [];
  });
  if (messages.length > 0) return { messages, skipped };
  const reasons = skipped.slice(0, 8).map((reason) => `\n  ${reason}`);
  throw new BridgeError(
    "type_unsupported",
    own.length === 0
      ? `${wish.header} defines no struct; name one that it includes with --type`
      : `no struct of ${wish.header} can be a message:${reasons.join("")}`,
  );
}
