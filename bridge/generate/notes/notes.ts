// SPDX-License-Identifier: MIT
// The annotations of structs, members and enumerators, read from the source files that the debug information names.
import { mergeAnnotations, readAnnotations, type Annotations } from "./annotations.ts";
import type { CEnum, CMember, CRecord } from "../types/ctypes.ts";
import {
  findDeclared,
  findRecord,
  memberComments,
  recordComments,
  standsAboveStruct,
  type DeclarationComments,
} from "./declarations.ts";
import type { Position } from "../object/dwarf.ts";
import { type Comment, SourceText } from "./source-text.ts";

/** Is told what is wrong at a place of the header. */
export type Warn = (file: string, line: number, text: string) => void;

/** Reads a source file; undefined when it cannot be read. */
export type ReadSource = (file: string) => string | undefined;

const NOTHING: Annotations = { tags: {}, roles: [], messages: [], members: new Map() };

/** Looks up annotations by the place of a declaration; every file is read and scanned once. */
export class Notes {
  readonly #read: ReadSource;
  readonly #warn: Warn;
  /** Comments that belong to a declaration. */
  readonly #used = new Set<Comment>();
  readonly #sources = new Map<string, SourceText | undefined>();
  readonly #records = new Map<CRecord, Annotations>();

  constructor(read: ReadSource, warn: Warn) {
    this.#read = read;
    const told = new Set<string>();
    // A comment is read again for everything it belongs to; one complaint is enough.
    this.#warn = (file, line, text) => {
      const key = `${file}:${String(line)}:${text}`;
      if (!told.has(key)) warn(file, line, text);
      told.add(key);
    };
  }

  /** What the comment above a struct says. */
  ofRecord(record: CRecord): Annotations {
    let notes = this.#records.get(record);
    if (notes === undefined) {
      notes = this.#ofPlace(record.position, (source, { line }) => {
        const at = findRecord(source, record.tag, line);
        return at === undefined ? undefined : recordComments(source, at);
      });
      this.#records.set(record, notes);
    }
    return notes;
  }

  /** What the comments of a member say; its text may also stand in the comment of its struct. */
  ofMember(record: CRecord, member: CMember): Annotations {
    const { name } = member;
    if (name === undefined) return NOTHING;
    const own = this.#ofPlace(member.position, (source, { line, column }) => {
      const at = findDeclared(source, name, line, column);
      return at === undefined ? undefined : memberComments(source, at, name.length);
    });
    const text = this.ofRecord(record).members.get(name);
    return text === undefined ? own : { ...own, doc: text };
  }

  /** Whether the source declares the member as a bitfield; debug information may hide that of one that fills its type. */
  isBitfield({ name, position }: CMember): boolean {
    const source = position === undefined ? undefined : this.#source(position.file);
    if (source === undefined || position === undefined || name === undefined) return false;
    const at = findDeclared(source, name, position.line, position.column);
    return at !== undefined && /^\s*:(?!:)/.test(source.code.slice(at + name.length, at + name.length + 200));
  }

  /** The texts of an enum itself and of its labels. */
  ofEnum(type: CEnum): { doc?: string; labels: ReadonlyMap<string, string> } {
    const { position } = type;
    const source = position === undefined ? undefined : this.#source(position.file);
    const at = source === undefined || position === undefined ? undefined : findEnum(source, position.line);
    if (source === undefined || position === undefined || at === undefined) return { labels: new Map() };
    const own = this.#readBoth(position.file, recordComments(source, at));
    const labels = new Map<string, string>();
    let line = position.line;
    for (const [label] of type.labels) {
      // Enumerators have no line of their own, but they follow each other.
      const found = findLabel(source, label, line);
      if (found === undefined) continue;
      line = source.lineOf(found);
      const text =
        this.#readBoth(position.file, memberComments(source, found, label.length)).doc ?? own.members.get(label);
      if (text !== undefined) labels.set(label, text);
    }
    return { ...(own.doc === undefined ? {} : { doc: own.doc }), labels };
  }

  /** The messages that comments anywhere in the file declare: `[@message struct tcp_info channel]`. */
  messagesIn(file: string): Annotations["messages"] {
    const comments = this.#source(file)?.comments ?? [];
    return comments
      .filter((comment) => comment.text.includes("[@message"))
      .flatMap(
        (comment) =>
          readAnnotations([comment], (line, text) => {
            this.#warn(file, line, text);
          }).messages,
      );
  }

  /** Complains about roles that nothing gets, such as those above a blank line. Call it when all types were read. */
  complainOfStrayRoles(file: string): void {
    const source = this.#source(file);
    for (const comment of source?.comments ?? []) {
      if (source === undefined || this.#used.has(comment) || standsAboveStruct(source, comment)) continue;
      const { roles } = readAnnotations([comment], () => undefined);
      for (const { role, name } of roles)
        this.#warn(file, comment.line, `${role} "${name}" does not stand directly above a struct`);
    }
  }

  #ofPlace(
    position: Position | undefined,
    find: (source: SourceText, position: Position) => DeclarationComments | undefined,
  ): Annotations {
    const source = position === undefined ? undefined : this.#source(position.file);
    if (source === undefined || position === undefined) return NOTHING;
    const found = find(source, position);
    return found === undefined ? NOTHING : this.#readBoth(position.file, found);
  }

  #readBoth(file: string, { behind, above }: DeclarationComments): Annotations {
    const complain = (line: number, text: string): void => {
      this.#warn(file, line, text);
    };
    for (const comment of [...behind, ...above]) this.#used.add(comment);
    const first = behind.length === 0 ? NOTHING : readAnnotations(behind, complain);
    return above.length === 0 ? first : mergeAnnotations(first, withoutHeading(readAnnotations(above, complain)));
  }

  #source(file: string): SourceText | undefined {
    if (!this.#sources.has(file)) {
      const text = this.#read(file);
      this.#sources.set(file, text === undefined ? undefined : new SourceText(text));
    }
    return this.#sources.get(file);
  }
}

/** "errors in detail:" speaks of all the members that follow. */
function withoutHeading(notes: Annotations): Annotations {
  const { doc, ...rest } = notes;
  return doc?.endsWith(":") === true ? rest : notes;
}

const MAX_LABEL_LINES = 200;

function findEnum(source: SourceText, line: number): number | undefined {
  const start = source.lineStart(line);
  if (start === undefined) return undefined;
  const keyword = /\benum\b|\S/.exec(source.code.slice(start, source.lineEnd(line)));
  return keyword === null ? undefined : start + keyword.index;
}

function findLabel(source: SourceText, label: string, from: number): number | undefined {
  const word = new RegExp(`(?<![\\w$])${label.replace(/\$/g, "\\$")}(?=\\s*(?:[,=}]|$|__attribute__))`);
  const start = source.lineStart(from);
  const end = source.lineStart(from + MAX_LABEL_LINES) ?? source.code.length;
  const found = start === undefined ? null : word.exec(source.code.slice(start, end));
  return found === null || start === undefined ? undefined : start + found.index;
}
