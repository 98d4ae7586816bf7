// SPDX-License-Identifier: MIT
// One life of a program that was started: its lines, its end, and that it never outlives whoever started it.
import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import { createInterface } from "node:readline";

/** How a program ended: by itself with a code, or by a signal; both null when it could not be started. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** How it is started. */
export interface LifeOptions {
  readonly args?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  /** More variables than this program's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** How long a program may take to end when it is asked to. */
const ENDING_MS = 3_000;

/** Its last lines are waited for so long: another program that it started may hold its output open for ever. */
const LAST_LINES_MS = 500;

/** A program from its start to its end. */
export class Life {
  readonly ended: Promise<Ending>;
  readonly spawned: Promise<void>;
  /** When it was started, in ms since 1970 UTC. */
  readonly since: number = Date.now();
  ending: Ending | undefined;
  /** Why it could not be started. */
  error: string | undefined;
  readonly #child: ChildProcess;

  /** Starts it; `tell` gets each line of its standard output and error. */
  constructor(program: string, { args = [], cwd, env }: LifeOptions, tell: (line: string) => void) {
    // A group of its own: Ctrl-C in the terminal, or an interrupt of a notebook's kernel, is for whoever started it. Its standard input ends with us, whatever ends us.
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    const kill = (): void => {
      this.kill();
    };
    process.once("exit", kill);
    child.stdin.on("error", () => undefined); // nobody writes, but the pipe breaks when the program ends
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", tell);
    this.spawned = new Promise((resolve) => child.once("spawn", resolve));
    this.ended = new Promise((resolve) => {
      const end = (ending: Ending): void => {
        process.off("exit", kill);
        this.ending = ending;
        resolve(ending);
      };
      child.once("error", (error) => {
        this.error = error.message;
        if (child.pid === undefined) end({ code: null, signal: null });
      });
      child.once("exit", (code, signal) => {
        const unread = setTimeout(() => {
          // After what is there has been read, also where the event loop did not turn for long.
          setImmediate(() => {
            for (const output of [child.stdout, child.stderr]) output.destroy();
          });
        }, LAST_LINES_MS);
        child.once("close", () => {
          clearTimeout(unread);
          end({ code, signal });
        });
      });
    });
  }

  /** It keeps the event loop alive no longer. */
  unref(): void {
    this.#child.unref();
    for (const pipe of this.#child.stdio) if (pipe instanceof Socket) pipe.unref();
  }

  /** From now on it ends with this process however that ends, also by a signal: a shell that hears the end of its standard input asks it, and what it started, to. */
  guard(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const watch = 'read -r _ || kill -s TERM -- "-$0"';
    const shell = spawn("sh", ["-c", watch, String(pid)], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    shell.on("error", () => undefined); // without a shell it still ends with an orderly end of this process
    shell.stdin.on("error", () => undefined);
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    void this.ended.then(() => shell.stdin.end("ended\n"));
  }

  /** Ends it, and what it started, at once. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks it to end, makes it end after 3 s (`killing` is called before), and resolves with how it did. */
  async stop(killing?: () => void): Promise<Ending> {
    this.#child.ref();
    this.#child.stdin?.end();
    this.#signal("SIGTERM");
    const timer = setTimeout(() => {
      killing?.();
      this.kill();
    }, ENDING_MS);
    const ending = await this.ended;
    clearTimeout(timer);
    return ending;
  }

  /** To its group: a script that is launched does not pass on what it is told. Nothing is sent once it has ended, when its number may be another's. */
  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** For people. */
export function describeEnding({ code, signal }: Ending): string {
  return signal ?? `exit code ${String(code)}`;
}
