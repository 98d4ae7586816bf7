// SPDX-License-Identifier: MIT
// Names between the two worlds: what Python programs call things, and what things are called here.
import { isName } from "../../model/names.ts";
import type { Value } from "../../model/values.ts";
import { pickleCall } from "./pickle/pickle.ts";

/** A name that is one here: every character that names do not have becomes `_`, so `1hz_sine[0]` is `1hz_sine_0_`. Undefined: not even so. */
export function fitName(text: string): string | undefined {
  const name = text.replace(/[^A-Za-z0-9_.\-/]/gu, "_");
  return isName(name) ? name : undefined;
}

/** Exceptions that Python makes of one text. */
const PYTHON_EXCEPTIONS: ReadonlySet<string> = new Set(
  `ArithmeticError AssertionError AttributeError BlockingIOError BrokenPipeError BufferError ChildProcessError ConnectionAbortedError ConnectionError
  ConnectionRefusedError ConnectionResetError EOFError Exception FileExistsError FileNotFoundError FloatingPointError ImportError IndexError
  InterruptedError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError
  OverflowError PermissionError ProcessLookupError RecursionError ReferenceError RuntimeError StopIteration SyntaxError SystemError TimeoutError
  TypeError UnboundLocalError ValueError ZeroDivisionError`.split(/\s+/),
);

/** What JavaScript calls otherwise. */
const COUNTERPARTS: ReadonlyMap<string, string> = new Map([
  ["Error", "Exception"],
  ["RangeError", "ValueError"],
  ["ReferenceError", "NameError"],
  ["URIError", "ValueError"],
]);

/** A pickle that a Python reader turns into an exception: the built-in one of that name or of that meaning, else `Exception("Name: message")`. */
export function pickledException(name: string, message: string): Uint8Array {
  const python = COUNTERPARTS.get(name) ?? name;
  if (PYTHON_EXCEPTIONS.has(python)) return pickleCall("builtins", python, message);
  return pickleCall("builtins", "Exception", `${name}: ${message}`);
}

/** What `str(KeyError(text))` is: the text in quotes. */
export function keyErrorText(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replace(/['\\]/g, "\\$&")}'`;
}

/** The configuration of all streams as the published client's own class, which checks it once more. */
export function pickledStreams(streams: Value): Uint8Array {
  return pickleCall("one_liner.stream_schema", "Streams.model_validate", streams);
}
