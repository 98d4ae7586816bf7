// SPDX-License-Identifier: MIT
// Chooses the structs of a header that become messages.
import { BridgeError } from "../model/errors.ts";
import type { Role } from "./notes/annotations.ts";
import type { Catalog, CRecord } from "./types/ctypes.ts";
import type { Notes, Warn } from "./notes/notes.ts";
import { reasonAgainst, type MessageChoice } from "./schema/schema.ts";

const MAX_REASONS = 8;

/** What was chosen, and what was left out of a header of which everything was asked for. */
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
  /** Types named on the command line; none means every one of the header. */
  readonly types: readonly string[];
}

/** A type that is a message by request alone: its channels get their names while the driver runs. */
const UNNAMED: Role = { role: "channel", name: "*" };

/**
 * Chooses every struct of the header that can be a message and those that `[@message …]` names; with `wish.types` just these. Roles are
 * what the annotations say. Throws `type_unsupported` when a named type is none or nothing is left.
 */
export function chooseMessages(catalog: Catalog, notes: Notes, wish: Wish, warn: Warn): Choice {
  const roles = new RoleTable(warn);
  const own = ownRecords(catalog, wish);
  for (const record of own) {
    for (const role of notes.ofRecord(record).roles)
      roles.add(record, role, record.position?.file ?? "", record.position?.line ?? 0);
  }
  for (const { type, line, ...role } of notes.messagesIn(wish.header)) {
    const record = catalog.find(type);
    if (record?.kind === "record") roles.add(record, role, wish.header, line);
    else warn(wish.header, line, `[@message ${type}]: neither the header nor what it includes defines that struct`);
  }
  if (wish.types.length > 0) {
    const named = new Set(wish.types.map((type) => namedRecord(catalog, type)));
    return { messages: [...named].flatMap((record) => roles.messagesOf(record) ?? [plain(record)]), skipped: [] };
  }
  const skipped: string[] = [];
  const messages = own.flatMap((record) => {
    const annotated = roles.messagesOf(record);
    const reason = annotated === undefined ? reasonAgainst(record, catalog, notes) : undefined;
    if (reason !== undefined) skipped.push(reason);
    return annotated ?? (reason === undefined ? [plain(record)] : []);
  });
  const all = [...messages, ...roles.messages.filter(({ record }) => !own.includes(record))];
  if (all.length === 0) throw nothingLeft(wish, own, skipped);
  return { messages: all, skipped };
}

/** Who has which role; each can be had once. */
class RoleTable {
  readonly messages: MessageChoice[] = [];
  readonly #warn: Warn;

  constructor(warn: Warn) {
    this.#warn = warn;
  }

  add(record: CRecord, role: Role, file: string, line: number): void {
    const taken = this.messages.find(
      (other) => other.role.name === role.name && other.role.role === role.role && role.name !== UNNAMED.name,
    );
    if (taken === undefined) this.messages.push({ record, role });
    else this.#warn(file, line, `${role.role} "${role.name}" is already ${taken.record.spelling ?? "another struct"}`);
  }

  /** The messages that annotations make of a struct, undefined when none does. */
  messagesOf(record: CRecord): readonly MessageChoice[] | undefined {
    const own = this.messages.filter((message) => message.record === record);
    return own.length === 0 ? undefined : own;
  }
}

/** The structs of the header itself, in its order: compilers list types in an order of their own. Templates are named to be taken. */
function ownRecords(catalog: Catalog, wish: Wish): readonly CRecord[] {
  return catalog.records
    .filter(
      ({ position, name }) => position !== undefined && wish.isHeader(position.file) && name?.includes("<") === false,
    )
    .sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
}

function plain(record: CRecord): MessageChoice {
  return { record, role: UNNAMED };
}

function namedRecord(catalog: Catalog, type: string): CRecord {
  const found = catalog.find(type);
  if (found?.kind === "record" && found.name !== undefined) return found;
  const reason = found === undefined ? "neither the header nor what it includes defines it" : "it is no struct";
  throw new BridgeError("type_unsupported", `"${type}" cannot be a message: ${reason}`);
}

function nothingLeft({ header }: Wish, own: readonly CRecord[], skipped: readonly string[]): BridgeError {
  const reasons = skipped.slice(0, MAX_REASONS).map((reason) => `\n  ${reason}`);
  return new BridgeError(
    "type_unsupported",
    own.length === 0
      ? `${header} defines no struct; name one that it includes with --type`
      : `no struct of ${header} can be a message:${reasons.join("")}`,
  );
}
