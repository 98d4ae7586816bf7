// SPDX-License-Identifier: MIT
// Reads standard input as messages: each line one, or all of it as bytes.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { BridgeError } from "../../model/errors.ts";

/** The values of a text, a line each; empty lines are left out. Ends early when `signal` aborts. Throws `bad_value` with the number of a line that is not JSON. */
export async function* jsonValues(input: Readable, signal: AbortSignal): AsyncGenerator {
  const lines = createInterface({ input, crlfDelay: Infinity });
  const close = (): void => {
    lines.close();
    input.destroy();
  };
  signal.addEventListener("abort", close);
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (signal.aborted) return;
      if (line.trim() !== "") yield parseLine(line, number);
    }
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
}

/** Reads a whole input. Throws `message_too_large` when it has more than a sample may. */
export async function wholeInput(input: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const close = (): void => {
    input.destroy();
  };
  signal.addEventListener("abort", close);
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_SAMPLE_BYTES) {
        throw new BridgeError("message_too_large", `a message may have ${String(MAX_SAMPLE_BYTES)} bytes at most`);
      }
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    signal.removeEventListener("abort", close);
    close();
  }
  return Buffer.concat(chunks, bytes);
}

/** A JSON text that a person gave. Throws `bad_value`. */
export function parseMessage(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BridgeError("bad_value", `this is not JSON: ${shown(text)}; a text needs quotes: '"${shown(text)}"'`, {
      cause,
    });
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new BridgeError("bad_value", `line ${String(number)} is not JSON: ${shown(line)}`, { cause });
  }
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
