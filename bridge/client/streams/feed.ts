// SPDX-License-Identifier: MIT
// Where the samples of a stream come from: a function that is called, the program itself, or a foreign publisher.
import { Periodic } from "./periodic.ts";
import type { Timers } from "./timers.ts";

/** Where samples go; nothing is told after `stop()`. */
export interface Sink {
  /** One sample; undefined: there is nothing new. */
  sample(value: unknown): void;
  failed(error: unknown): void;
}

/** The source of one stream. */
export interface StreamFeed {
  readonly type: "periodic" | "manual" | "relay";
  /** Null: it has no rate of its own. */
  readonly hz: number | null;
  readonly overruns: number;
  start(): void;
  stop(): void;
  /** Only where `hz` is not null. */
  setHz(hz: number): void;
}

/** Calls a function `hz` times a second. */
export function periodicFeed(timers: Timers, hz: number, call: () => unknown, sink: Sink): StreamFeed {
  const schedule = new Periodic(timers, hz, {
    call,
    returned: (value) => {
      sink.sample(value);
    },
    threw: (error) => {
      sink.failed(error);
    },
  });
  return {
    type: "periodic",
    get hz() {
      return schedule.hz;
    },
    get overruns() {
      return schedule.overruns;
    },
    start: () => {
      schedule.start();
    },
    stop: () => {
      schedule.stop();
    },
    setHz: (rate) => {
      schedule.hz = rate;
    },
  };
}

/** The program publishes by itself. */
export function manualFeed(): StreamFeed {
  return { type: "manual", hz: null, overruns: 0, start: nothing, stop: nothing, setHz: nothing };
}

/** Listens to a foreign publisher while it runs; `listen` returns what ends it. */
export function relayFeed(listen: () => () => void): StreamFeed {
  let end: (() => void) | undefined;
  return {
    type: "relay",
    hz: null,
    overruns: 0,
    start: () => {
      end ??= listen();
    },
    stop: () => {
      end?.();
      end = undefined;
    },
    setHz: nothing,
  };
}

function nothing(): void {
  // A feed without a rate, or that runs by itself.
}
