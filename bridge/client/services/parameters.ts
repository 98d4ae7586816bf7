// SPDX-License-Identifier: MIT
// The names of a function's parameters, read from its source, and arguments by name put in their places.

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The names of a function's parameters, without a rest parameter; null when the source does not tell them, as with a destructured one or a bound function. */
export function parameterNames(method: (...args: never[]) => unknown): readonly string[] | null {
  const source = withoutComments(Function.prototype.toString.call(method));
  const single = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/.exec(source)?.[1];
  if (single !== undefined) return [single];
  const open = source.indexOf("(");
  if (open < 0 || source.startsWith("class") || source.includes("[native code]")) return null;
  const names: string[] = [];
  for (const part of splitParameters(source, open + 1)) {
    if (part.startsWith("...")) break;
    const name = (part.split("=")[0] ?? "").trim();
    if (!IDENTIFIER.test(name)) return null;
    names.push(name);
  }
  return names;
}

/**
 * The arguments in their places: a name goes where the parameter of that name is, also over one that was given by position. A function whose parameters are not
 * known gets all names as one object behind the others. Throws a TypeError for a name that is no parameter.
 */
export function placed(
  service: string,
  params: readonly string[] | null,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): unknown[] {
  const names = Object.keys(named);
  if (names.length === 0) return [...args];
  if (params === null) return [...args, named];
  const all: unknown[] = [...args];
  for (const name of names) {
    const at = params.indexOf(name);
    if (at < 0) {
      const known = params.length === 0 ? "it takes none by name" : `it has ${params.join(", ")}`;
      throw new TypeError(`${service} has no parameter "${name}"; ${known}`);
    }
    while (all.length < at) all.push(undefined);
    all[at] = named[name];
  }
  return all;
}

/** The parts between the commas up to the bracket that closes the list. */
function splitParameters(source: string, from: number): string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let start = from;
  for (let at = from; at < source.length; at++) {
    const character = source[at] ?? "";
    if (`"'\``.includes(character)) {
      at = endOfText(source, at);
    } else if (character in CLOSING) {
      open.push(CLOSING[character] ?? "");
    } else if (open.length > 0) {
      if (character === open.at(-1)) open.pop();
    } else if (character === "," || character === ")") {
      const part = source.slice(start, at).trim();
      if (part !== "") parts.push(part);
      if (character === ")") break;
      start = at + 1;
    }
  }
  return parts;
}

function endOfText(source: string, quote: number): number {
  let at = quote + 1;
  while (at < source.length && source[at] !== source[quote]) at += source[at] === "\\" ? 2 : 1;
  return at;
}

/** Comments become a space; texts stay as they are. */
function withoutComments(source: string): string {
  return source.replace(
    /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, text?: string) => text ?? " ",
  );
}
