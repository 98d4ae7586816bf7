// SPDX-License-Identifier: MIT
// Starts driver programs from a notebook or a program, shows what they write and how they end, and ends them with whoever started them.
import { basename, join } from "node:path";
import { printAsText } from "../client/notebook/printed.ts";
import type { Panel } from "../client/panel/panel.ts";
import { BridgeError } from "../model/errors.ts";
import { driversFolder, runtimeFolder } from "../model/runtime.ts";
import { Life, describeEnding, type Ending } from "./life.ts";
import { Lines } from "./lines.ts";
import { whenListening } from "./listening.ts";
import { makeRoom } from "./make-room.ts";
import { showLaunched, type ShowOptions, type ShowPlace } from "./show.ts";

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
 * Starts a program and resolves once it takes connections as a driver. It keeps nobody's event loop alive and ends with this process. A driver of
 * the same name that this process launched before is ended first, so that a cell can be run again. Rejects with `driver_failed` (it cannot be started, or ended before; the message has its last
 * line), `name_in_use` (another process is a driver of that name) or `timeout` (it is then ended).
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

/** Whether the program runs. */
export type LaunchedState = "running" | "ended";

/** A program that was launched. */
export class Launched {
  readonly program: string;
  readonly #options: LaunchOptions;
  readonly #lines = new Lines();
  readonly #stateListeners = new Set<(state: LaunchedState) => void>();
  #life: Life | undefined;
  #starting: Promise<void> | undefined;

  /** Use `launch()`. */
  constructor(program: string, options: LaunchOptions) {
    this.program = program;
    this.#options = options;
    printAsText(this);
    if (options.onLine !== undefined) this.#lines.listen(options.onLine);
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#life?.ending === undefined ? this.#life?.pid : undefined;
  }

  get state(): LaunchedState {
    return this.pid === undefined ? "ended" : "running";
  }

  /** When the life that it has or had last began, in ms since 1970 UTC. */
  get since(): number | undefined {
    return this.#life?.since;
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

  /** How many lines it ever wrote. */
  get lineCount(): number {
    return this.#lines.count;
  }

  /** Calls `listener` with each new line, on the event loop. Returns what ends it. */
  onLine(listener: (line: string) => void): () => void {
    return this.#lines.listen(listener);
  }

  /** Calls `listener` whenever it was started or has ended. Returns what ends it. */
  onState(listener: (state: LaunchedState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /**
   * Shows in the notebook cell that runs now how it stands and what it wrote last, kept fresh until the panel is closed. `place` is the kernel's own module, or a client that was attached to it.
   *
   * @example
   * motor.show(tslab);
   */
  show(place: ShowPlace, options: ShowOptions = {}): Panel {
    return showLaunched(this, place, options);
  }

  /** Starts it again after it ended; does nothing while it runs. Rejects as `launch()` does. */
  start(): Promise<void> {
    if (this.#starting === undefined && this.state === "running") return Promise.resolve();
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
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

  toString(): string {
    const { pid, ending } = this;
    const how = ending === undefined ? "not started" : `ended with ${describeEnding(ending)}`;
    return `${this.program}: ${pid === undefined ? how : `running, pid ${String(pid)}`}`;
  }

  async #start(): Promise<void> {
    const { name = basename(this.program), timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    const env = { ...process.env, ...this.#options.env };
    const path = join(driversFolder(runtimeFolder(env, process.getuid?.() ?? 0)), name ?? "");
    if (name !== null) await makeRoom(name, `${path}.lock`);
    const life = this.#begin();
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
    try {
      await Promise.race([whenListening(`${path}.sock`, patience), failed]);
    } catch (error) {
      if (!patience.aborted) throw error;
      await this.stop();
      const advice = `no driver "${name}" listens; if it has another name say so with { name }`;
      throw new BridgeError("timeout", `${this.program} ran for ${String(timeoutMs)} ms, but ${advice}`);
    }
  }

  #begin(): Life {
    const life = new Life(this.program, this.#options, (line) => {
      this.#lines.add(line);
    });
    life.unref();
    life.guard();
    this.#life = life;
    this.#tellState();
    void life.ended.then(() => {
      this.#tellState();
    });
    return life;
  }

  #tellState(): void {
    for (const listener of this.#stateListeners) listener(this.state);
  }
}
