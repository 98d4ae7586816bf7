// SPDX-License-Identifier: MIT
// The program `load`, which is both ends of a way that samples take.
import type { Child, Children } from "./children.ts";
import { nativeProgram, type Server } from "./servers.ts";

/** What a batch of so many 64-byte samples is in bytes, as the SDK sends it. */
export function batchBytes(samples: number): number {
  return 40 + 72 * samples;
}

/** The SDK writes batches of at most 64 KiB. */
export const FULL_BATCH = 904;

/** What is sent: the driver protocol, its batches alone, 80-byte frames, length-prefixed batches, or nats messages. */
export type Form = "driver" | "records" | "frames" | "blobs" | "nats";

/** What receives. */
export type Sink = "bridge" | "websocket" | "socketio" | "nats" | "raw" | "none";

/** What became of one transfer. */
export interface Transfer {
  readonly seconds: number;
  /** Samples that were sent. */
  readonly sent: number;
  /** Samples that came, over all clients that read. */
  readonly delivered: number;
  readonly messages: number;
  /** Named by gaps. */
  readonly lost: number;
  /** Holes in the sequences that no gap named. */
  readonly unexplained: number;
  readonly p50us: number;
  readonly p99us: number;
}

/** How many sources, and of how many channels each. */
export interface Extent {
  readonly sources: number;
  readonly channels: number;
}

/** A running `load`. */
export class Load {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  /** Listens at `path` (for the form driver: the folder of sockets). */
  static async start(
    children: Children,
    form: Form,
    path: string,
    { sources, channels }: Extent = { sources: 1, channels: 1 },
  ): Promise<Load> {
    const child = children.start(nativeProgram("load"), [form, path, String(sources), String(channels)]);
    await child.line();
    return new Load(child);
  }

  /** Opens the clients, then waits for whoever fetches the samples. */
  async connect(sink: Sink, { port, token }: Pick<Server, "port" | "token">, clients = 1): Promise<void> {
    await this.#child.ask(`connect ${sink} ${String(port)} ${String(clients)} ${token}`);
  }

  /** Sends as fast as it can, at most `window` samples ahead of the slowest client. */
  async flood(ms: number, window: number, samples = FULL_BATCH): Promise<Transfer> {
    return this.#transfer(`flood ${String(ms)} ${String(window)} ${String(samples)}`);
  }

  /** Sends `records` batches of `samples` each `periodUs`, from each source. */
  async pace(ms: number, periodUs: number, records: number, samples: number): Promise<Transfer> {
    return this.#transfer(`pace ${String(ms)} ${String(periodUs)} ${String(records)} ${String(samples)}`);
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** From now on a client does not read, or reads again. */
  async stop(client: number): Promise<void> {
    await this.#child.ask(`stop ${String(client)}`);
  }

  async go(client: number): Promise<void> {
    await this.#child.ask(`go ${String(client)}`);
  }

  /** What a client got in all, and what was sent. */
  async tell(client: number): Promise<Pick<Transfer, "delivered" | "lost" | "unexplained" | "sent">> {
    const { delivered = 0, lost = 0, unexplained = 0, sent = 0 } = await this.#child.ask(`tell ${String(client)}`);
    return { delivered, lost, unexplained, sent };
  }

  /** Ends its clients and sources. */
  async end(): Promise<void> {
    await this.#child.stop();
  }

  async #transfer(command: string): Promise<Transfer> {
    const { seconds, sent, delivered, messages, lost, unexplained, p50us, p99us } = {
      ...{ seconds: 0, sent: 0, delivered: 0, messages: 0, lost: 0, unexplained: 0, p50us: 0, p99us: 0 },
      ...(await this.#child.ask(command)),
    };
    return { seconds, sent, delivered, messages, lost, unexplained, p50us, p99us };
  }
}
