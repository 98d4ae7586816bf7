// SPDX-License-Identifier: MIT
// Finds where a name of the debug information is declared in its source file, and the comments that belong to it.
import type { Comment, SourceText } from "./source-text.ts";

/** The comments of a declaration: behind it (or inside), and above it. Each list is in order and without gaps between lines. */
export interface DeclarationComments {
  readonly behind: readonly Comment[];
  readonly above: readonly Comment[];
}

/** Bytes that a macro's arguments are searched for a name. */
const MAX_MACRO_LENGTH = 262_144;

/**
 * The offset of the declared `name`. The compiler's line is right unless a macro made the declaration: then it is the macro's
 * line, and the name is looked for in the arguments. `column` counts from 1, 0 is unknown.
 */
export function findDeclared(source: SourceText, name: string, line: number, column: number): number | undefined {
  const start = source.lineStart(line);
  if (start === undefined) return undefined;
  if (column > 0 && isWordAt(source.code, name, start + column - 1)) return start + column - 1;
  const end = source.lineEnd(line);
  return findDeclarator(source.code, name, start, end) ?? findInMacro(source.code, name, start, end);
}

/** The offset of the keyword that begins a struct or union with its tag on that line, or of the line's first code. */
export function findRecord(source: SourceText, tag: string | undefined, line: number): number | undefined {
  const start = source.lineStart(line);
  if (start === undefined) return undefined;
  const end = source.lineEnd(line);
  const named = tag === undefined ? undefined : findDeclarator(source.code, tag, start, end);
  const code = source.code.slice(start, end);
  const keywords = [...code.matchAll(/\b(?:struct|union|class)\b/g)].map((match) => start + match.index);
  const text = /\S/.exec(code);
  const nearest = named === undefined ? undefined : keywords.filter((at) => at < named).at(-1);
  return nearest ?? named ?? keywords[0] ?? (text === null ? undefined : start + text.index);
}

/** The comments of the struct whose keyword stands at `offset`. */
export function recordComments(source: SourceText, offset: number): DeclarationComments {
  const first = firstToken(source.code, boundaryBefore(source.code, offset, false));
  return { behind: [], above: commentsAbove(source, first) };
}

/** The comments of the member or enumerator whose name, `length` long, stands at `offset`. */
export function memberComments(source: SourceText, offset: number, length: number): DeclarationComments {
  const { code } = source;
  const terminator = terminatorAfter(code, offset + length);
  let behind = commentsBehind(source, offset + length, terminator);
  const boundary = boundaryBefore(code, offset, true);
  let above = commentsAbove(source, firstToken(code, boundary));
  if (code[boundary] === "," && behind.length === 0 && above.length === 0) {
    above = commentsAbove(source, firstToken(code, statementStart(code, boundary)));
  }
  if (code[terminator] === "," && behind.length === 0) {
    // `float x, y; // [m] position` speaks of both.
    const last = statementEnd(code, terminator);
    if (source.lineOf(last) === source.lineOf(offset)) behind = commentsBehind(source, last, last);
  }
  return { behind, above };
}

/** Whether directly below a comment something begins that may be a struct: its keyword, a typedef, or a macro. */
export function standsAboveStruct(source: SourceText, comment: Comment): boolean {
  const first = firstToken(source.code, comment.end - 1);
  const mayBe = /(?:struct|union|class|typedef|[A-Z_][A-Z0-9_]*)\b/y;
  mayBe.lastIndex = first;
  if (!mayBe.test(source.code)) return false;
  const above = commentsAbove(source, first);
  return above.some(({ start }) => start === comment.start);
}

function isWordAt(code: string, name: string, at: number): boolean {
  return code.startsWith(name, at) && !/[\w$]/.test(code[at - 1] ?? "") && !/[\w$]/.test(code[at + name.length] ?? "");
}

/** The place in [start, end) where `name` is followed by what may follow a declarator; else where it just stands. */
function findDeclarator(code: string, name: string, start: number, end: number): number | undefined {
  let plain: number | undefined;
  for (let at = code.indexOf(name, start); at >= 0 && at < end; at = code.indexOf(name, at + 1)) {
    if (!isWordAt(code, name, at)) continue;
    if (isDeclarator(code, at + name.length)) return at;
    plain ??= at;
  }
  return plain;
}

function isDeclarator(code: string, after: number): boolean {
  const next = /\S/.exec(code.slice(after, after + 200));
  return next === null || ";,[:=})".includes(next[0]);
}

function findInMacro(code: string, name: string, start: number, end: number): number | undefined {
  const open = code.indexOf("(", start);
  if (open < 0 || open > end) return undefined;
  const limit = Math.min(code.length, open + MAX_MACRO_LENGTH);
  let depth = 0;
  let close = open;
  for (; close < limit; close++) {
    if (code[close] === "(") depth++;
    else if (code[close] === ")" && --depth === 0) break;
  }
  for (let at = code.indexOf(name, open); at >= 0 && at < close; at = code.indexOf(name, at + 1)) {
    if (isWordAt(code, name, at) && /^\s*[;,[:=]/.test(code.slice(at + name.length, at + name.length + 200))) return at;
  }
  return undefined;
}

/** The offset of the `;` or `,` that ends the declarator, or of the `}` that ends the list. */
function terminatorAfter(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    const char = code[at] ?? "";
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) {
      if (depth === 0) return at;
      depth--;
    } else if (depth === 0 && (char === ";" || char === ",")) return at;
  }
  return code.length;
}

function statementEnd(code: string, from: number): number {
  let at = from;
  while (code[at] === ",") at = terminatorAfter(code, at + 1);
  return at;
}

/** The offset of what separates the declaration from the one before it, or -1. `skipBodies`: a `}` belongs to the declaration itself. */
function boundaryBefore(code: string, from: number, skipBodies: boolean): number {
  let depth = 0;
  for (let at = from - 1; at >= 0; at--) {
    const char = code[at] ?? "";
    if (")]}".includes(char)) {
      if (char === "}" && depth === 0 && !skipBodies) return at;
      depth++;
    } else if ("([{".includes(char)) {
      if (depth === 0) return at;
      depth--;
    } else if (depth === 0 && (char === ";" || (char === "," && skipBodies))) return at;
  }
  return -1;
}

function statementStart(code: string, from: number): number {
  let at = from;
  while (code[at] === ",") at = boundaryBefore(code, at, true);
  return at;
}

function firstToken(code: string, boundary: number): number {
  const offset = code.slice(boundary + 1).search(/\S/);
  return offset < 0 ? code.length : boundary + 1 + offset;
}

/** The comments directly above the declaration that begins at `first`: one block, or a run of line comments. */
function commentsAbove(source: SourceText, first: number): readonly Comment[] {
  const list: Comment[] = [];
  let line = source.lineOf(first);
  while (source.isPragma(line - 1)) line--;
  let before = first;
  for (let i = lastBefore(source.comments, first); i >= 0; i--) {
    const comment = source.comments[i];
    if (comment === undefined || !comment.wholeLine || comment.pointsBack || comment.endLine < line - 1) break;
    if (source.code.slice(comment.end, before).trim() !== "") break;
    if (list.length > 0 && (comment.isBlock || list[0]?.isBlock === true)) break;
    list.unshift(comment);
    line = comment.line;
    before = comment.start;
  }
  return list;
}

/** The comments between the name and the end of its line, and the lines that go on under them. */
function commentsBehind(source: SourceText, from: number, terminator: number): readonly Comment[] {
  const list: Comment[] = [];
  const endLine = source.lineOf(Math.min(terminator, source.code.length - 1));
  for (let i = lastBefore(source.comments, from) + 1; i < source.comments.length; i++) {
    const comment = source.comments[i];
    if (comment === undefined) break;
    const last = list.at(-1);
    if (last !== undefined && comment.wholeLine) {
      const goesOn = comment.line === last.endLine + 1 && !comment.isBlock && !last.isBlock;
      if (!goesOn || !(comment.pointsBack || comment.column === last.column)) break;
    } else if (comment.start < terminator) {
      if (comment.wholeLine && !comment.pointsBack) continue;
    } else {
      if (source.code.slice(terminator + 1, comment.start).trim() !== "") break;
      const near = comment.line === endLine && !comment.wholeLine;
      if (!near && !(comment.pointsBack && comment.line === endLine + 1)) break;
    }
    list.push(comment);
  }
  return list;
}

/** The index of the last comment that ends at or before `offset`, or -1. */
function lastBefore(comments: readonly Comment[], offset: number): number {
  let low = -1;
  let high = comments.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((comments[middle]?.end ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
