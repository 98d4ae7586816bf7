// SPDX-License-Identifier: MIT
// What the comment of a declaration says: unit, limits, roles, tags, and the text that remains.
import { isName } from "../../model/names.ts";
import type { SchemaMessage } from "../../model/schema.ts";
import { meantBy } from "./misspelt.ts";
import type { Comment } from "./source-text.ts";

/** What a type is for, as an annotation says it. */
export type Role = Pick<SchemaMessage, "name" | "role">;

/** A value as it is written in the header; it gets its type later. */
export interface Written {
  readonly text: string;
  readonly line: number;
}

/** A whole comment, read. */
export interface Annotations {
  readonly unit?: string;
  readonly min?: Written;
  readonly max?: Written;
  readonly step?: Written;
  readonly def?: Written;
  readonly enumName?: Written;
  readonly bytes?: Written;
  /** Former name of the member. */
  readonly was?: Written;
  /** That the member is a time. */
  readonly time?: Written;
  /** The value that means that there is none. */
  readonly invalid?: Written;
  /** The member that says how many elements are used. */
  readonly count?: Written;
  readonly tags: Readonly<Record<string, string>>;
  readonly roles: readonly Role[];
  /** Types that the comment makes messages of: `[@message struct tcp_info channel]`. */
  readonly messages: readonly (Role & { readonly type: string; readonly line: number })[];
  readonly doc?: string;
  /** Texts for members by name, in the manner of kernel comments: `@rx_bytes: received bytes`. */
  readonly members: ReadonlyMap<string, string>;
}

/** Is told what is wrong with an annotation, and the line it stands in. */
export type Complain = (line: number, text: string) => void;

const MAX_DOC_LENGTH = 600;
const MAX_UNIT_LENGTH = 32;
const ANNOTATION = /\[@([A-Za-z][\w-]*)([^\]]*)\]/g;
/** Where a type gets its names only when the driver runs. */
const ANY_NAME = "*";

type Draft = { -readonly [Key in keyof Annotations]: Annotations[Key] } & {
  tags: Record<string, string>;
  roles: Role[];
  messages: (Role & { type: string; line: number })[];
};

/** Reads consecutive comments as one. Malformed annotations are complained about and left out. */
export function readAnnotations(comments: readonly Comment[], complain: Complain): Annotations {
  const text = comments.map((comment) => comment.text).join("\n");
  const firstLine = comments[0]?.line ?? 0;
  const draft: Draft = { tags: {}, roles: [], messages: [], members: new Map() };
  const rest = text.replace(ANNOTATION, (whole, name: string, argument: string, at: number) => {
    const line = firstLine + countLines(text, at);
    readAnnotation(draft, name, { text: argument.trim().replace(/\s+/g, " "), line }, complain);
    return " ".repeat(whole.length).replace(/./g, (_, index: number) => (whole[index] === "\n" ? "\n" : " "));
  });
  for (const match of rest.matchAll(/\[@/g)) {
    complain(firstLine + countLines(rest, match.index), "an annotation is not closed or has no name");
  }
  const { unit, remains } = takeUnit(rest);
  if (unit !== undefined) draft.unit = unit;
  const { doc, members } = readText(remains);
  if (doc !== "") draft.doc = doc;
  draft.members = members;
  return draft;
}

/** Two comments of one declaration: what `first` says holds, `second` adds what it does not say. */
export function mergeAnnotations(first: Annotations, second: Annotations): Annotations {
  return {
    ...second,
    ...first,
    tags: { ...second.tags, ...first.tags },
    roles: [...first.roles, ...second.roles],
    messages: [...first.messages, ...second.messages],
    members: new Map([...second.members, ...first.members]),
  };
}

function readAnnotation(draft: Draft, name: string, argument: Written, complain: Complain): void {
  const bad = (form: string): void => {
    complain(argument.line, `[@${name}${argument.text && " "}${argument.text}] is not understood; write ${form}`);
  };
  switch (name) {
    case "channel":
    case "parameter":
    case "service": {
      const role = readRole(name, argument.text, false);
      if (role === undefined)
        bad(name === "service" ? "[@service NAME request] or [@service NAME reply]" : `[@${name} NAME]`);
      else draft.roles.push(role);
      return;
    }
    case "message": {
      const match = /^((?:struct |union |class )?[\w$][^[\]]*?) (channel|parameter|service)(?: (\S.*))?$/.exec(
        argument.text,
      );
      const role = readRole(match?.[2] ?? "", match?.[3] ?? "", true);
      if (role === undefined)
        bad("[@message struct TYPE channel], or with a name: [@message struct TYPE channel NAME]");
      else draft.messages.push({ ...role, type: match?.[1] ?? "", line: argument.line });
      return;
    }
    case "range": {
      const ends = argument.text.split(",").map((end) => end.trim());
      if (ends.length !== 2 || ends.every((end) => end === "")) {
        bad("[@range LEAST, GREATEST]");
        return;
      }
      const [min = "", max = ""] = ends;
      if (min !== "") draft.min = { text: min, line: argument.line };
      if (max !== "") draft.max = { text: max, line: argument.line };
      return;
    }
    case "step":
      if (argument.text === "") bad("[@step SIZE]");
      else draft.step = argument;
      return;
    case "default":
      if (argument.text === "") bad("[@default VALUE]");
      else draft.def = argument;
      return;
    case "enum":
      if (!/^(?:enum )?[\w$]+(?:::[\w$]+)*$/.test(argument.text)) bad("[@enum NAME]");
      else draft.enumName = argument;
      return;
    case "bytes":
    case "time":
      if (argument.text !== "") bad(`[@${name}]`);
      else draft[name] = argument;
      return;
    case "invalid":
      if (argument.text === "") bad("[@invalid VALUE]");
      else draft.invalid = argument;
      return;
    case "was":
    case "count":
      if (!/^[A-Za-z_$][\w$]*$/.test(argument.text)) bad(name === "was" ? "[@was OLD_NAME]" : "[@count MEMBER]");
      else draft[name] = argument;
      return;
    default: {
      const meant = meantBy(name);
      if (meant !== undefined) complain(argument.line, `[@${name}] is kept as a tag; is [@${meant}] meant?`);
      draft.tags[name] = argument.text;
    }
  }
}

function readRole(kind: string, text: string, mayBeUnnamed: boolean): Role | undefined {
  if (kind === "service") {
    const match = /^(\S+) (request|reply)$/.exec(text);
    const [, name = "", role = ""] = match ?? [];
    return isName(name) ? { name, role: role === "request" ? "request" : "reply" } : undefined;
  }
  const name = text === "" && mayBeUnnamed && kind === "channel" ? ANY_NAME : text;
  if (name !== ANY_NAME && !isName(name)) return undefined;
  return kind === "channel" || kind === "parameter" ? { name, role: kind } : undefined;
}

/** The unit is the bracket with which the text begins. A bracket of numbers is prose, such as "[0..100]"; [-] and [1] are no unit at all. */
function takeUnit(text: string): { unit?: string; remains: string } {
  const match = /^\s*\[([^\][\n]*)\]/.exec(text);
  const unit = match?.[1]?.trim() ?? "";
  if (match === null || unit.length > MAX_UNIT_LENGTH) return { remains: text };
  const remains = text.slice(match[0].length);
  if (unit === "-" || unit === "1") return { remains };
  return unit === "" || /^[-+\d.,:;\s]+$/.test(unit) ? { remains: text } : { unit, remains };
}

function readText(text: string): { doc: string; members: ReadonlyMap<string, string> } {
  const members = new Map<string, string>();
  const paragraphs = text
    .replace(/^[\s]*[-=*#~_]{3,}[\s]*$/gm, "")
    .replace(/(^|\s)[@\\](?:brief|short|details?)\b/g, "$1")
    .split(/\n\s*\n|\n(?=\s*@[\w$]+:)/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, " "));
  let doc = "";
  let inMembers = false;
  for (const paragraph of paragraphs) {
    const member = /^@([\w$]+): ?(.*)$/.exec(paragraph);
    if (member !== null) {
      inMembers = true;
      if (member[1] !== undefined && member[2]) members.set(member[1], cut(member[2]));
    } else if (!inMembers && doc === "") doc = paragraph;
  }
  return { doc: cut(doc.replace(/^(?:struct|union|enum) [\w$]+ ?(?:-|:) /, "")), members };
}

/** Texts travel with every connection; what is longer than a paragraph is for the header's own readers. */
function cut(text: string): string {
  if (text.length <= MAX_DOC_LENGTH) return text;
  return `${text.slice(0, text.lastIndexOf(" ", MAX_DOC_LENGTH - 1))} …`;
}

function countLines(text: string, until: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < until; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
