// SPDX-License-Identifier: MIT
// Finds out which annotation was meant by one that does not exist: a letter too many, too few, another, or two in each other's place.

const KNOWN = [
  ...["range", "step", "default", "enum", "was", "time", "bytes", "invalid", "count"],
  ...["channel", "parameter", "service", "message"],
];
/** Short words differ from too many others by a letter. */
const LEAST_LENGTH = 4;

/** The annotation that differs from `name` by one slip, if there is one. */
export function meantBy(name: string): string | undefined {
  if (name.length < LEAST_LENGTH) return undefined;
  return KNOWN.find((known) => known.length >= LEAST_LENGTH && isOneSlip(name.toLowerCase(), known));
}

function isOneSlip(written: string, known: string): boolean {
  let start = 0;
  while (start < known.length && written[start] === known[start]) start++;
  const [rest, wanted] = [written.slice(start), known.slice(start)];
  if (rest === wanted) return true;
  const swapped = `${wanted.charAt(1)}${wanted.charAt(0)}${wanted.slice(2)}`;
  return rest === swapped || rest.slice(1) === wanted.slice(1) || rest.slice(1) === wanted || rest === wanted.slice(1);
}
