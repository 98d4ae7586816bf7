// SPDX-License-Identifier: MIT
// What one session reads: its subscriptions by name or pattern, and the streams that they come to, each once.
import { BridgeError } from "../model/errors.ts";
import { compilePattern } from "../model/names.ts";
import type { Channel } from "./channel.ts";
import type { Hub } from "./hub.ts";
import type { Form } from "./form.ts";
import type { Cancel, Reader } from "./ports.ts";
import type { Stream } from "./stream.ts";

/** What a reader asks for. */
export interface SubscriptionSpec {
  /** Names or patterns. */
  readonly channels: readonly string[];
  readonly form: Form;
  /** The newest sample at once. */
  readonly last: boolean;
  /** A name that is not there yet is no error. */
  readonly wait: boolean;
  /** Also what the reader itself publishes. */
  readonly echo: boolean;
}

/** A reader that can hear which of its subscriptions a stream serves. */
export interface SubscribedReader extends Reader {
  /** Other subscriptions than before want this running stream; `Readership.subscriptionsOf` names them. */
  shared(stream: Stream): void;
  /** No subscription wants it any more; nothing comes after this. */
  left(stream: Stream): void;
}

interface Subscription {
  readonly id: number;
  readonly spec: SubscriptionSpec;
  readonly wants: (name: string) => boolean;
  readonly streams: Set<Stream>;
}

/** The subscriptions of one session. */
export class Readership {
  readonly #hub: Hub;
  readonly #reader: SubscribedReader;
  readonly #visible: (name: string) => boolean;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #streams = new Map<Stream, Set<number>>();
  readonly #stopListening: Cancel;
  #lastId = 0;

  /** `visible` says which channels exist for this session. */
  constructor(hub: Hub, reader: SubscribedReader, visible: (name: string) => boolean) {
    this.#hub = hub;
    this.#reader = reader;
    this.#visible = visible;
    this.#stopListening = hub.directory.onChannel((channel) => {
      for (const subscription of this.#subscriptions.values()) this.#add(subscription, channel);
    });
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /**
   * Makes a subscription and returns its number and what starts it, so that its number can be told before its first event. Throws
   * `name_invalid`, `unknown_channel`, or what {@link Channel.check} throws for a channel that is named, and then nothing was subscribed.
   */
  subscribe(spec: SubscriptionSpec): { readonly id: number; readonly start: () => void } {
    const tests = spec.channels.map((pattern) => this.#compile(pattern, spec));
    const wants = (name: string): boolean => this.#visible(name) && tests.some((test) => test(name));
    this.#lastId += 1;
    const id = this.#lastId;
    const start = (): void => {
      const subscription: Subscription = { id, spec, wants, streams: new Set() };
      this.#subscriptions.set(id, subscription);
      for (const channel of this.#hub.directory.channels.values()) {
        const stream = this.#add(subscription, channel);
        if (stream !== undefined && spec.last) stream.replay(this.#reader);
      }
    };
    return { id, start };
  }

  /** Throws `unknown_subscription`. */
  unsubscribe(id: number): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) {
      throw new BridgeError("unknown_subscription", `the session has no subscription ${String(id)}`);
    }
    this.#subscriptions.delete(id);
    for (const stream of subscription.streams) {
      const ids = this.#streams.get(stream);
      ids?.delete(id);
      if (ids !== undefined && ids.size > 0) {
        if (stream.channel.live) this.#reader.shared(stream);
        continue;
      }
      stream.drain();
      this.#streams.delete(stream);
      stream.detach(this.#reader);
      this.#reader.left(stream);
    }
  }

  /** Has all its streams hand out what they collected. */
  flush(): void {
    for (const stream of this.#streams.keys()) stream.flush();
  }

  /** The numbers of the subscriptions that get this stream. */
  subscriptionsOf(stream: Stream): number[] {
    return [...(this.#streams.get(stream) ?? [])];
  }

  /** Whether one of its subscriptions wants what the reader itself publishes. */
  echoes(stream: Stream): boolean {
    for (const id of this.#streams.get(stream) ?? []) if (this.#subscriptions.get(id)?.spec.echo === true) return true;
    return false;
  }

  close(): void {
    this.#stopListening();
    for (const stream of this.#streams.keys()) stream.detach(this.#reader);
    this.#streams.clear();
    this.#subscriptions.clear();
  }

  #compile(pattern: string, { wait, form }: SubscriptionSpec): (name: string) => boolean {
    const test = compilePattern(pattern);
    if (pattern.includes("*")) return test;
    const channel = this.#visible(pattern) ? this.#hub.directory.channels.get(pattern) : undefined;
    channel?.check(form);
    if (channel === undefined && !wait && !(this.#visible(pattern) && this.#hub.mayAppear(pattern))) {
      throw new BridgeError("unknown_channel", `there is no channel "${pattern}"`);
    }
    return (name) => name === pattern;
  }

  /** The stream when the subscription wants it and did not have it. */
  #add(subscription: Subscription, channel: Channel): Stream | undefined {
    if (!subscription.wants(channel.name)) return undefined;
    const stream = this.#stream(channel, subscription.spec.form);
    if (stream === undefined) return undefined;
    if (subscription.streams.has(stream)) return undefined;
    subscription.streams.add(stream);
    const ids = this.#streams.get(stream);
    if (ids === undefined) {
      this.#streams.set(stream, new Set([subscription.id]));
      stream.attach(this.#reader);
    } else {
      stream.drain();
      ids.add(subscription.id);
      this.#reader.shared(stream);
    }
    return stream;
  }

  /** Undefined where the channel cannot be had in this form. */
  #stream(channel: Channel, form: Form): Stream | undefined {
    try {
      return channel.stream(form);
    } catch {
      return undefined; // who named it was told so; a pattern takes what it can get
    }
  }
}
