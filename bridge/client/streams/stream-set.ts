// SPDX-License-Identifier: MIT
// The streams of a bridge as a program sees them: its own, which it adds and removes, and everybody's, which it starts, stops and sets the rate of.
import { BridgeError } from "../../model/errors.ts";
import type { Directory } from "../../session/messages.ts";
import type {
  ProgramEvent,
  ProgramNote,
  StreamChange,
  StreamEntry,
  StreamOffer,
} from "../../session/program-messages.ts";
import type { Hearing } from "../hearing.ts";
import type { PublishOptions } from "../publish/publisher.ts";
import { failureOf } from "../services/invocations.ts";
import { manualFeed, periodicFeed, relayFeed, type Sink, type StreamFeed } from "./feed.ts";
import type { RelayEvents, RelayListen } from "./relay-listen.ts";
import { checkHz, Stream, type StreamOptions, type StreamWire } from "./stream.ts";

/** A stream whose function is called `hz` times a second. */
export interface PeriodicOptions<T> extends StreamOptions {
  /** 0.001 to 10 000. */
  readonly hz: number;
  /** Makes a sample; undefined: there is nothing new. May be async: the next call waits for it. What it throws is shown as the stream's error, and it is called again. */
  readonly call: () => T | undefined | Promise<T | undefined>;
}

/** A stream of what a ZeroMQ publisher sends. */
export interface RelayOptions extends StreamOptions {
  /** Only messages that begin with it (default: all). */
  readonly topic?: string | undefined;
}

/** What the set needs of its client. */
export interface StreamSetWire extends StreamWire {
  list(): Promise<Directory>;
  send(note: ProgramNote): void;
  readonly relay: RelayListen | undefined;
}

/** A stream that its program publishes when it likes. */
export class ManualStream<T = unknown> {
  readonly stream: Stream;

  constructor(stream: Stream) {
    this.stream = stream;
  }

  /** See `Publisher.publish`. */
  publish(value: T, options: PublishOptions = {}): boolean {
    return this.stream.publish(value, options.time);
  }

  /** See `Stream.ready`. */
  get ready(): Promise<void> {
    return this.stream.ready;
  }

  /** See `Stream.remove`. */
  remove(): Promise<void> {
    return this.stream.remove();
  }
}

/** `client.streams`. */
export class StreamSet {
  readonly #wire: StreamSetWire;
  readonly #own = new Map<string, Stream>();

  constructor(wire: StreamSetWire) {
    this.#wire = wire;
  }

  readonly hears: Hearing = {
    adjust: (event) => {
      this.#adjusted(event);
    },
  };

  /** Calls a function periodically and publishes what it returns. A stream of this program that has the name is replaced. Throws `out_of_range`. */
  add<T>(name: string, options: PeriodicOptions<T>): Stream {
    const hz = checkHz(options.hz);
    return this.#add(name, options, (sink) => periodicFeed(this.#wire.timers, hz, options.call, sink));
  }

  /** A stream that the program publishes by itself. */
  manual<T = unknown>(name: string, options: StreamOptions = {}): ManualStream<T> {
    return new ManualStream<T>(this.#add(name, { ...options, enabled: true }, manualFeed));
  }

  /**
   * Publishes what a ZeroMQ publisher (`tcp://host:port`) sends: bytes as they come, or with `kind: "json"` values. Of a message of several frames that is the last one. Node only, with the package
   * `zeromq`; throws `unsupported` elsewhere.
   */
  relay(name: string, address: string, options: RelayOptions = {}): Stream {
    const { relay } = this.#wire;
    if (relay === undefined) throw new BridgeError("unsupported", "streams can be relayed in Node only");
    const { kind = "bytes", topic = "" } = options;
    const type = kind === "bytes" ? { contentType: options.contentType ?? "application/octet-stream" } : {};
    return this.#add(name, { ...options, kind, ...type }, (sink) =>
      relayFeed(() => relay({ address, topic }, relayEvents(sink, kind))),
    );
  }

  /** All streams that the bridge knows, of this program and of others. */
  async list(): Promise<readonly StreamEntry[]> {
    return (await this.#wire.list()).streams;
  }

  /** Starts a stream, whoever has it; how it is then. Rejects with `unknown_stream`, `refused` (a manual one) or `disconnected`. */
  start(name: string): Promise<StreamOffer> {
    return this.#adjust(name, { enabled: true });
  }

  /** Stops a stream for all its readers. */
  stop(name: string): Promise<StreamOffer> {
    return this.#adjust(name, { enabled: false });
  }

  /** Sets how often a periodic stream is called. */
  rate(name: string, hz: number): Promise<StreamOffer> {
    return this.#adjust(name, { hz });
  }

  /** Removes a stream of this program. Rejects with `unknown_stream`. */
  async remove(name: string): Promise<void> {
    const own = this.#own.get(name);
    if (own === undefined) throw new BridgeError("unknown_stream", `this program has no stream "${name}"`);
    await own.remove();
  }

  #add(name: string, options: StreamOptions, feed: (sink: Sink) => StreamFeed): Stream {
    void this.#own.get(name)?.remove();
    const stream = new Stream(this.#wire, name, options, feed, () => {
      if (this.#own.get(name) === stream) this.#own.delete(name);
    });
    this.#own.set(name, stream);
    return stream;
  }

  async #adjust(name: string, change: StreamChange): Promise<StreamOffer> {
    const own = this.#own.get(name);
    // Its own it can reach without a connection.
    if (own !== undefined) {
      own.adjust(change);
      return own.entry;
    }
    return (await this.#wire.ask({ op: "adjust", stream: name, ...change })) as StreamOffer;
  }

  #adjusted({ call, stream, enabled, hz }: Extract<ProgramEvent, { readonly op: "adjust" }>): void {
    try {
      const own = this.#own.get(stream);
      if (own === undefined) throw new BridgeError("unknown_stream", `the stream ${stream} was removed`);
      own.adjust({ ...(enabled === undefined ? {} : { enabled }), ...(hz === undefined ? {} : { hz }) });
      this.#wire.send({ op: "return", call, result: { ...own.entry } });
    } catch (error) {
      this.#wire.send({ op: "return", call, error: failureOf(error) });
    }
  }
}

function relayEvents(sink: Sink, kind: "json" | "bytes"): RelayEvents {
  return {
    message: (payload) => {
      try {
        sink.sample(kind === "bytes" ? payload : JSON.parse(new TextDecoder().decode(payload)));
      } catch (error) {
        sink.failed(error);
      }
    },
    failed: (error) => {
      sink.failed(error);
    },
  };
}
