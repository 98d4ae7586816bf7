// SPDX-License-Identifier: MIT
// Keeps one driver connected: dials its address, again with growing pauses, and ends a link that breaks the protocol.
import type { Driver } from "../hub/driver.ts";
import type { Hub } from "../hub/hub.ts";
import type { Cancel } from "../hub/ports.ts";
import type { Codec } from "../layout/codec.ts";
import { BridgeError, toBridgeError, type ErrorCode } from "../model/errors.ts";
import type { Turns } from "../sockets/turns.ts";
import type { DriverAddress } from "./address.ts";
import { DriverLink, type LinkState } from "./driver-link.ts";
import type { LatencyState } from "./latency.ts";
import { ReadMemory } from "./read-memory.ts";
import { dialUnix, type Wire } from "./unix-wire.ts";

/** The pause before dialling again: from the first to the last value, doubled each time. */
export const FIRST_PAUSE_MS = 50;
export const LAST_PAUSE_MS = 2000;

/** A link that lived so long was a good one: the next pause is the first again. */
export const GOOD_LINK_MS = 1000;

/** Writes to the daemon's log. */
export type LogLine = (level: "debug" | "info" | "warn" | "error", text: string, details: object) => void;

/** What dialers share. */
export interface DialerParts {
  readonly hub: Hub;
  readonly codec: Codec;
  readonly bridgeName: string;
  readonly turns: Turns;
  readonly log: LogLine;
}

/** How a driver stands. */
export interface DialerState {
  readonly driver: string;
  readonly address: string;
  readonly state: Driver["state"];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  readonly dials: number;
  readonly links: number;
  readonly link: LinkState | null;
  /** From publishing to the bridge; null when nothing came lately. */
  readonly latency: LatencyState | null;
}

/** These say that the driver did not break any rule: it is not there, or was lost. */
const DOWN: readonly ErrorCode[] = ["driver_unreachable", "disconnected", "closed", "timeout", "system_error"];

/** One driver's place at the bridge. Its seat is in the directory from the constructor on. */
export class Dialer {
  readonly address: DriverAddress;
  readonly #parts: DialerParts;
  readonly #seat: Driver;
  #wire: Wire | undefined;
  #link: DriverLink | undefined;
  #cancelDial: Cancel | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #dials = 0;
  #links = 0;
  #upSince: number | undefined;
  #wanted = false;
  #over = false;
  #stopped: (() => void) | undefined;
  #told: ErrorCode | undefined;

  constructor(address: DriverAddress, parts: DialerParts) {
    this.address = address;
    this.#parts = parts;
    this.#seat = parts.hub.driver(address.url, address.guess);
  }

  get state(): DialerState {
    const { name, state, error } = this.#seat;
    const link = this.#link?.state ?? null;
    return {
      driver: name,
      address: this.address.url,
      state,
      error: error === null ? null : { code: error.code, message: error.message },
      dials: this.#dials,
      links: this.#links,
      link,
      latency: link?.latency ?? null,
    };
  }

  /** Whether it was connected at any time. */
  get wasUp(): boolean {
    return this.#links > 0;
  }

  /** Dials now, whatever the pause, and again until {@link rest} or {@link stop}, after which it does nothing. */
  dial(): void {
    if (this.#over) return;
    this.#wanted = true;
    this.#pauseMs = FIRST_PAUSE_MS;
    if (this.#wire === undefined) this.#dial();
  }

  /** Does not dial any more; a link that is up stays. */
  rest(): void {
    this.#wanted = false;
    this.#cancelDial?.();
  }

  /** Says an orderly end to the driver and leaves the directory. Resolves when the socket is closed. */
  stop(): Promise<void> {
    this.#over = true;
    this.rest();
    this.#link?.close(new BridgeError("closed", "the bridge stops"), "down", "ok");
    this.#link = undefined;
    this.#seat.remove();
    return new Promise((resolve) => {
      if (this.#wire === undefined) {
        resolve();
        return;
      }
      this.#stopped = resolve;
      this.#wire.end();
    });
  }

  #dial(): void {
    this.#cancelDial?.();
    this.#dials += 1;
    const memory = new ReadMemory(this.#parts.hub.loans);
    const wire = dialUnix(this.address.path, this.#parts.turns, {
      connected: () => {
        if (this.#stopped === undefined) this.#link = this.#open(wire);
      },
      room: () => memory.room(),
      bytes: (count) => {
        let left = 0;
        try {
          left = this.#link?.chunk(memory.filled(count), memory.loan) ?? 0;
        } catch (thrown) {
          this.#fault(toBridgeError(thrown));
        }
        memory.next(left);
      },
      drained: () => {
        this.#link?.drained();
      },
      closed: (error) => {
        this.#wire = undefined;
        memory.close();
        this.#closed(error);
      },
    });
    this.#wire = wire;
  }

  #open(wire: Wire): DriverLink {
    const { hub, codec, bridgeName } = this.#parts;
    return new DriverLink({
      seat: this.#seat,
      hub,
      codec,
      bridgeName,
      write: (record) => {
        wire.write(record);
      },
      unreadBytes: () => wire.unreadBytes,
      onFault: (error) => {
        this.#fault(error);
      },
      onUp: () => {
        this.#links += 1;
        this.#upSince = hub.clock.now();
        this.#told = undefined;
        const { name, address, pid } = this.#seat;
        this.#parts.log("info", "driver connected", { driver: name, address, pid });
      },
    });
  }

  /** Ends the link for a reason that the driver is told, unless it gave it itself. */
  #fault(error: BridgeError): void {
    this.#link?.close(error, stateOf(error), error.code === "closed" ? undefined : error);
    this.#link = undefined;
    this.#tell(error);
    this.#wire?.end();
  }

  #closed(error: BridgeError | undefined): void {
    if (this.#stopped !== undefined) {
      this.#stopped();
      return;
    }
    if (this.#link !== undefined) {
      const lost = error ?? new BridgeError("disconnected", "the driver died or closed the connection");
      this.#link.close(lost, "down");
      this.#link = undefined;
      this.#tell(lost);
    } else if (error?.code === "driver_unreachable" || error?.code === "system_error") {
      this.#seat.down("down", error);
      this.#tell(error);
    }
    if (this.#wanted) this.#dialLater();
  }

  #dialLater(): void {
    const { clock } = this.#parts.hub;
    if (this.#upSince !== undefined && clock.now() - this.#upSince >= GOOD_LINK_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#upSince = undefined;
    this.#cancelDial = clock.after(this.#pauseMs, () => {
      this.#dial();
    });
    this.#pauseMs = Math.min(2 * this.#pauseMs, LAST_PAUSE_MS);
  }

  /** Logs an error once: not at every dial. */
  #tell(error: BridgeError): void {
    if (this.#told === error.code) return;
    this.#told = error.code;
    const { name: driver, address } = this.#seat;
    const level = error.code === "internal" ? "error" : "warn";
    // Only of a fault of our own does the stack tell anything.
    const details = {
      driver,
      address,
      code: error.code,
      reason: error.message,
      ...(level === "error" ? { error } : {}),
    };
    this.#parts.log(level, "driver not connected", details);
    const text = `not connected: ${error.message} (${error.code})`;
    this.#parts.hub.journal.add({ driver, level: "warn", time: this.#parts.hub.clock.now(), text });
  }
}

function stateOf({ code }: BridgeError): "down" | "refused" {
  return DOWN.includes(code) ? "down" : "refused";
}
