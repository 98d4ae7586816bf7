// SPDX-License-Identifier: MIT
// One request that is to hold on every connection: asked again after each reconnect, taken back when it is closed.
import { BridgeError, toBridgeError, type ErrorCode } from "../../model/errors.ts";
import type { RequestBody } from "../../session/messages.ts";
import type { Arrival } from "../link/requests.ts";
import type { Kept, KeptThings } from "./kept.ts";

/** What a standing request needs of its client. */
export interface StandingWire {
  readonly kept: KeptThings;
  ask(body: RequestBody, arrival?: Arrival): Promise<unknown>;
  /** Lets the process end although the timer runs, where the connection does. */
  readonly release: (timer: unknown) => void;
}

/** What it asks, and who is told. */
export interface StandingTerms {
  /** Made anew for each connection. */
  request(): RequestBody;
  /** Takes it back, given what the bridge answered, or nothing while it has not; undefined when that cannot be said yet. */
  undo(result: unknown): RequestBody | undefined;
  /** The bridge granted it, on the connection that holds; called before the next message is looked at. */
  granted?(result: unknown): void;
  /** It is over without having been closed: refused, or no connection comes any more. `isNews`: nobody is told by `ready`. */
  ended?(error: BridgeError, isNews: boolean): void;
}

/** A refusal of these codes may be a matter of time: after a broken connection the bridge may not know yet that the earlier session is gone. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["name_in_use", "busy", "timeout"]);

/** How long until it is asked again after such a refusal. */
const AGAIN_MS = 500;

/** A request that holds until `close()`. The first refusal is final; later ones only when time cannot mend them. */
export class Standing implements Kept {
  readonly #ready: Promise<void>;
  /** Somebody looks at `ready`. */
  #isWatched = false;
  readonly #wire: StandingWire;
  readonly #terms: StandingTerms;
  #grant: () => void = () => undefined;
  #refuse: (error: BridgeError) => void = () => undefined;
  #wasGranted = false;
  #isOver = false;
  /** Counts connections, so that what comes of an earlier one is known. */
  #connection = 0;
  /** How many questions of this connection wait for their answer. */
  #asking = 0;
  /** What the bridge answered, on the connection that holds. */
  #held: { readonly result: unknown } | undefined;
  #isUndone = false;
  /** What was asked is not what is to hold. */
  #isStale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks at once, or when the connection opens. */
  constructor(wire: StandingWire, terms: StandingTerms) {
    this.#wire = wire;
    this.#terms = terms;
    this.#ready = new Promise((resolve, reject) => {
      this.#grant = resolve;
      this.#refuse = reject;
    });
    this.#ready.catch(() => undefined);
    wire.kept.add(this);
  }

  /** Resolves when the bridge has granted it for the first time; rejects with its refusal. Nobody has to look at it. */
  get ready(): Promise<void> {
    this.#isWatched = true;
    return this.#ready;
  }

  /** Whether it holds now. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  connected(): void {
    void this.#ask();
  }

  disconnected(): void {
    this.#connection++;
    this.#asking = 0;
    this.#held = undefined;
    clearTimeout(this.#timer);
  }

  finish(error: BridgeError | undefined): void {
    this.disconnected();
    this.#end(error ?? new BridgeError("closed", "the client was closed"));
  }

  /** Asks what `request` says now: at once where it holds, or when the answer that is waited for is there. */
  renew(): void {
    if (this.#asking > 0) this.#isStale = true;
    else if (this.#held !== undefined) void this.#ask();
  }

  /** It shall hold no longer: the bridge is told; resolves with its answer. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    const isAsked = this.#held !== undefined || this.#asking > 0;
    const undo = isAsked ? this.#terms.undo(this.#held?.result) : undefined;
    this.#isUndone = undo !== undefined;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#wire.kept.remove(this);
    this.#refuse(new BridgeError("cancelled", "it was closed before the bridge granted it"));
    if (undo !== undefined) await this.#undo(undo);
  }

  async #ask(): Promise<void> {
    const connection = this.#connection;
    const isOf = (): boolean => connection === this.#connection;
    const arrived = (result: unknown): void => {
      if (this.#isOver) this.#takeBack(result);
      else if (isOf()) this.#holds(result);
    };
    const late = (result: unknown): void => {
      if (isOf() && this.#held === undefined) this.#takeBack(result);
    };
    this.#asking++;
    this.#isStale = false;
    try {
      await this.#wire.ask(this.#terms.request(), { arrived, late });
    } catch (thrown) {
      if (isOf() && !this.#isOver) this.#failed(toBridgeError(thrown));
    } finally {
      if (isOf()) this.#answered();
    }
  }

  #answered(): void {
    this.#asking--;
    if (this.#isStale && this.#held !== undefined && !this.#isOver) void this.#ask();
  }

  #holds(result: unknown): void {
    this.#held = { result };
    this.#wasGranted = true;
    this.#terms.granted?.(result);
    this.#grant();
  }

  #failed(error: BridgeError): void {
    this.#held = undefined;
    // The connection's own end is told to everybody, and another one is opened.
    if (error.code === "disconnected") return;
    if (!this.#wasGranted || !PASSING.has(error.code)) {
      this.#end(error);
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(), AGAIN_MS);
    this.#wire.release(this.#timer);
  }

  #end(error: BridgeError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wire.kept.remove(this);
    this.#refuse(error);
    this.#terms.ended?.(error, error.code !== "closed" && (this.#wasGranted || !this.#isWatched));
  }

  #takeBack(result: unknown): void {
    const undo = this.#isUndone ? undefined : this.#terms.undo(result);
    if (undo !== undefined) void this.#undo(undo);
  }

  async #undo(body: RequestBody): Promise<void> {
    // Whatever the answer: it does not hold any more, at the latest with its connection.
    await this.#wire.ask(body).catch(() => undefined);
  }
}
