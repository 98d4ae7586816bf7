// SPDX-License-Identifier: MIT
// Where a command writes: data to standard output, everything else to standard error.
import { once } from "node:events";
import { styleText } from "node:util";
import { forTerminal } from "./text.ts";

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** The two streams of one run of the command line. */
export class Output {
  /** Whether data is one JSON object a line. */
  readonly json: boolean;
  readonly #colors: boolean;
  readonly #closed = new AbortController();

  /** Takes over the errors of standard output: a reader that goes (`| head`) is no fault, it only ends the writing. */
  constructor(options: { readonly json: boolean; readonly colors: boolean }) {
    this.json = options.json;
    this.#colors = options.colors;
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      this.#closed.abort();
      if (error.code !== "EPIPE") {
        this.note(`standard output cannot be written: ${error.message}`);
        process.exitCode = 1;
      }
    });
  }

  /** Aborted once nobody reads standard output any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Writes data, on a terminal without what that would obey, elsewhere as it is; resolves when there is room for more. */
  async write(text: string): Promise<void> {
    const shown = process.stdout.isTTY ? forTerminal(text) : text;
    if (this.closed.aborted || process.stdout.write(shown)) return;
    await once(process.stdout, "drain", { signal: this.closed }).catch(() => undefined);
  }

  /** Writes one line of data. */
  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Writes one object of data as a line of JSON. */
  object(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value));
  }

  /** Tells the user something that is not data. */
  note(text: string): void {
    process.stderr.write(`structwire: ${forTerminal(text)}\n`);
  }

  /** Tells a program something that is not data, as a line of JSON on standard error. */
  tell(value: object): void {
    process.stderr.write(`${JSON.stringify(value)}\n`);
  }

  /** Cuts a line to the terminal's width; elsewhere, and where the terminal does not know its width, it stays whole. */
  fit(text: string): string {
    const width = process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : Infinity;
    return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
  }

  /** Colours a text of standard output; only on a terminal. */
  style(style: Style, text: string): string {
    return this.#colors ? styleText(style, text) : text;
  }
}

/** Whether standard output may be coloured: on a terminal, unless `--no-color` or `$NO_COLOR` says otherwise. */
export function colorsWanted(flag: boolean, env: NodeJS.ProcessEnv): boolean {
  const refused = env["NO_COLOR"] ?? "";
  return flag && refused === "" && process.stdout.isTTY && env["TERM"] !== "dumb";
}
