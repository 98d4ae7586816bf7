// SPDX-License-Identifier: MIT
// Starts driver programs from a notebook or a program, shows what they write and how they end, and ends them with whoever started them.
import { basename, join } from "node:path";
import { BridgeError } from "../model/errors.ts";
import { driversFolder, runtimeFolder } from "../model/runtime.ts";
import { Life, describeEnding, type Ending } from "./life.ts";
import { Lines } from "./lines.ts";
import { whenListening } from "./listening.ts";

/** How a driver is started. */
export interface LaunchOptions {
  readonly args?: readonly string[] | undefined;
  /** The folder it runs in (default: this program's). */
  readonly cwd?: string | undefined;
  /** More variables than this program's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The name that the driver gives itself (default: that of its file); null: it is no driver, nothing is waited for. */
  readonly name?: string | null | undefined;
  /** How long it may take until it listens, in ms (default 10 000). */
  readonly timeoutMs?: number | undefined;
  /** Called with every line that it writes, from the first one on. */
  readonly onLine?: ((line: string) => void) | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Starts a program and resolves once it takes connections as a driver. It keeps nobody's event loop alive and ends with this process. Rejects with `driver_failed` (it cannot be started, or
 * ended before; the message has its last line) or `timeout` (it is then ended).
 *
 * @example
 * const motor = await launch("./motor");
 * motor.lines; await motor.restart(); await motor.stop();
 */
export async function launch(program: string, options: LaunchOptions = {}): Promise<Launched> {
  const launched = new Launched(program, options);
  await launched.start();
  return launched;
}

/** A program that was launched. */
export class Launched {
  readonly program: string;
  readonly #options: LaunchOptions;
  readonly #lines = new Lines();
  #life: Life | undefined;

  /** Use `launch()`. */
  constructor(program: string, options: LaunchOptions) {
    this.program = program;
    this.#options = options;
    if (options.onLine !== undefined) this.#lines.listen(options.onLine);
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#life?.ending === undefined ? this.#life?.pid : undefined;
  }

  get state(): "running" | "ended" {
    return this.pid === undefined ? "ended" : "running";
  }

  /** How it ended; undefined while it runs. */
  get ending(): Ending | undefined {
    return this.#life?.ending;
  }

  /** Resolves when the life that it has now ends. */
  get ended(): Promise<Ending> {
    return this.#life?.ended ?? Promise.reject(new BridgeError("driver_failed", `${this.program} was not started`));
  }

  /** The latest thousand lines of its standard output and error, over all its lives. */
  get lines(): readonly string[] {
    return this.#lines.all;
  }

  /** Calls `listener` with each new line, on the event loop. Returns what ends it. */
  onLine(listener: (line: string) => void): () => void {
    return this.#lines.listen(listener);
  }

  /** Starts it again after it ended; does nothing while it runs. Rejects as `launch()` does. */
  async start(): Promise<void> {
    if (this.state === "running") return;
    const { name = basename(this.program), timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const life = new Life(this.program, this.#options, (line) => {
      this.#lines.add(line);
    });
    life.unref();
    this.#life = life;
    const failed = life.ended.then((ending) => {
      const said = this.lines.at(-1);
      const why = life.error ?? `it ended with ${describeEnding(ending)}${said === undefined ? "" : `: ${said}`}`;
      throw new BridgeError("driver_failed", `${this.program} did not start: ${why}`);
    });
    failed.catch(() => undefined);
    if (name === null) {
      await Promise.race([life.spawned, failed]);
      return;
    }
    const patience = AbortSignal.timeout(timeoutMs);
    const socket = join(
      driversFolder(runtimeFolder({ ...process.env, ...this.#options.env }, process.getuid?.() ?? 0)),
      `${name}.sock`,
    );
    try {
      await Promise.race([whenListening(socket, patience), failed]);
    } catch (error) {
      if (!patience.aborted) throw error;
      await this.stop();
      const advice = `no driver "${name}" listens; if it has another name say so with { name }`;
      throw new BridgeError("timeout", `${this.program} ran for ${String(timeoutMs)} ms, but ${advice}`);
    }
  }

  /** Asks it to end (SIGTERM), makes it end after 3 s, and resolves with how it did. */
  async stop(): Promise<Ending> {
    const life = this.#life;
    if (life === undefined) return this.ended;
    return life.stop();
  }

  /** Ends it and starts it anew. Rejects as `launch()` does. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }
}
