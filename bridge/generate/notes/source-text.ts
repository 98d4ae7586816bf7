// SPDX-License-Identifier: MIT
// A C source file split into code and comments, so that names can be found in the one and annotations in the other.

/** A comment and where it stands. Offsets count UTF-16 units from the start of the file, lines from 1. */
export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
  /** Characters before it on its line. */
  readonly column: number;
  /** Whether nothing but white space stands before it on its line. */
  readonly wholeLine: boolean;
  readonly isBlock: boolean;
  /** Whether it is marked as belonging to what stands before it: `///<`, `/**<`. */
  readonly pointsBack: boolean;
  /** The text without delimiters and decoration, one line for each line of the comment. */
  readonly text: string;
}

/** A scanned file. */
export class SourceText {
  /** The file with comments, literals and preprocessor lines blanked: same length, same lines. */
  readonly code: string;
  readonly comments: readonly Comment[];
  readonly #text: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    const { code, found } = scan(text);
    this.code = code;
    this.#text = text;
    this.#lineStarts = lineStarts(text);
    this.comments = found.map(([start, end]) => this.#comment(start, end));
  }

  /** The offset of the start of a line, or undefined when there is no such line. */
  lineStart(line: number): number | undefined {
    return this.#lineStarts[line - 1];
  }

  lineEnd(line: number): number {
    return (this.#lineStarts[line] ?? this.code.length + 1) - 1;
  }

  /** Whether the line is a `#pragma`, which may stand between a struct and its comment. */
  isPragma(line: number): boolean {
    return /^\s*#\s*pragma\b/.test(this.#text.slice(this.lineStart(line) ?? this.#text.length, this.lineEnd(line)));
  }

  lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #comment(start: number, end: number): Comment {
    const text = this.#text;
    const line = this.lineOf(start);
    const column = start - (this.lineStart(line) ?? 0);
    const raw = text.slice(start, end);
    return {
      start,
      end,
      line,
      endLine: this.lineOf(end - 1),
      column,
      wholeLine: text.slice(start - column, start).trim() === "",
      isBlock: raw.startsWith("/*"),
      pointsBack: /^(?:\/\/\/<|\/\/!<|\/\*\*<|\/\*!<|\/\*<|\/\/<)/.test(raw),
      text: plainText(raw),
    };
  }
}

/** Walks over the file once. Comments as [start, end) pairs; everything that is no code becomes blanks. */
function scan(text: string): { code: string; found: [number, number][] } {
  const found: [number, number][] = [];
  const pieces: string[] = [];
  let at = 0;
  let kept = 0;
  let directive = false; // inside a preprocessor line
  let fresh = true; // nothing but white space since the line's start
  const blank = (from: number, to: number): void => {
    pieces.push(text.slice(kept, from), text.slice(from, to).replace(/[^\n]/g, " "));
    kept = to;
  };
  while (at < text.length) {
    const char = text[at] ?? "";
    const pair = text.slice(at, at + 2);
    let end = at + 1;
    if (pair === "//" || pair === "/*") {
      end = pair === "//" ? lineCommentEnd(text, at) : blockCommentEnd(text, at);
      found.push([at, end]);
      blank(at, end);
    } else if (char === "\n") {
      directive = false;
      fresh = true;
    } else if (char === '"' || (char === "'" && !isDigitSeparator(text, at))) {
      end = literalEnd(text, at, char);
      blank(at, end);
      fresh = false;
    } else {
      if (char === "#" && fresh) directive = true;
      if (directive && char === "\\") end = at + (text.startsWith("\\\r\n", at) ? 3 : 2);
      else end = plainEnd(text, at + 1);
      end = Math.min(end, text.length);
      if (directive) blank(at, end);
      fresh &&= text.slice(at, end).trim() === "";
    }
    at = end;
  }
  pieces.push(text.slice(kept));
  return { code: pieces.join(""), found };
}

/** The end of a run of characters that mean nothing to the scanner. */
function plainEnd(text: string, from: number): number {
  const plain = /[^\n\\/"'#]*/y;
  plain.lastIndex = from;
  return from + (plain.exec(text)?.[0].length ?? 0);
}

function lineCommentEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const newline = text.indexOf("\n", at);
    if (newline < 0) return text.length;
    const last = text[newline - 1] === "\r" ? newline - 2 : newline - 1;
    // A backslash at the end of the line takes the comment on to the next one.
    if (text[last] !== "\\" || last < start + 2) return newline;
    at = newline + 1;
  }
}

function blockCommentEnd(text: string, start: number): number {
  const end = text.indexOf("*/", start + 2);
  return end < 0 ? text.length : end + 2;
}

function literalEnd(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== "\n") at += text[at] === "\\" ? 2 : 1;
  return Math.min(text[at] === quote ? at + 1 : at, text.length);
}

function isDigitSeparator(text: string, at: number): boolean {
  return /[0-9A-Fa-f]/.test(text[at - 1] ?? "") && /[0-9A-Fa-f]/.test(text[at + 1] ?? "") && text[at + 2] !== "'";
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function plainText(raw: string): string {
  if (raw.startsWith("//")) {
    return raw
      .split("\n")
      .map((line) =>
        line
          .replace(/^\s*\/\/[/!]?<?/, "")
          .replace(/\\?\r?$/, "")
          .trim(),
      )
      .join("\n");
  }
  return raw
    .replace(/^\/\*+!?<?/, "")
    .replace(/\**\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*+(?=\s|$)/, "").trim())
    .join("\n");
}
