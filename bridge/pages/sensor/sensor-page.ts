// SPDX-License-Identifier: MIT
// Puts the page /sensor together: readings come in, samples go out at a bounded pace, the screen stays awake meanwhile.
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Outlet } from "../parts/link/outlet.ts";
import { asksUser, SensorTrouble, startSensors, type Source, type Trouble } from "./device-sensors.ts";
import { about, LEVEL, product, unit, type Quaternion } from "./quaternion.ts";
import { NO_MOTION, Pace, sampleOf, type Motion } from "./reading.ts";
import { RateMeter } from "./rate-meter.ts";
import { WakeLock } from "./wake-lock.ts";

/** What the page does now. */
export type Activity =
  | { readonly kind: "idle" }
  | { readonly kind: "starting" }
  | { readonly kind: "sensing"; readonly source: Source }
  | { readonly kind: "simulating" }
  | { readonly kind: "trouble"; readonly trouble: Trouble };

/** A turned picture is sent again so often while nobody touches it, as a sensor would. */
const SIMULATED_MS = 1000 / 30;

/** Degrees for each CSS pixel that the pointer moves. */
const DEGREES_PER_PX = 0.4;

/** Everything behind the view; made once. */
export class SensorPage {
  readonly outlet: Outlet;
  readonly rate: RateMeter = new RateMeter();
  readonly wakeLock: WakeLock = new WakeLock();
  readonly #activity: Signal<Activity> = signal<Activity>({ kind: "idle" });
  readonly #pace = new Pace();
  #stop: () => void = () => undefined;
  /** Counts starts: what an earlier one brings late is not wanted. */
  #life = 0;
  orientation: Quaternion = LEVEL;
  motion: Motion = NO_MOTION;

  constructor(outlet: Outlet) {
    this.outlet = outlet;
  }

  get activity(): ReadonlySignal<Activity> {
    return this.#activity;
  }

  /** Whether the browser asks before it gives readings: then only a tap may start. */
  get needsTap(): boolean {
    return asksUser();
  }

  /** Starts the device's sensors; from a tap where one is needed. */
  async sense(): Promise<void> {
    const life = this.#begin({ kind: "starting" });
    const isCurrent = (): boolean => life === this.#life;
    try {
      const stop = await startSensors({
        orientation: (orientation, source) => {
          if (!isCurrent()) return;
          if (this.#activity.peek().kind !== "sensing") this.#activity.value = { kind: "sensing", source };
          this.#send(orientation);
        },
        motion: (motion) => {
          if (isCurrent()) this.motion = motion;
        },
      });
      if (isCurrent()) this.#stop = stop;
      else stop();
    } catch (thrown) {
      if (!(thrown instanceof SensorTrouble)) throw thrown;
      if (!isCurrent()) return;
      this.stop();
      this.#activity.value = { kind: "trouble", trouble: thrown.trouble };
    }
  }

  /** Starts to send what {@link turn} makes of the picture. */
  simulate(): void {
    this.#begin({ kind: "simulating" });
    this.orientation = LEVEL;
    const timer = setInterval(() => {
      this.#send(this.orientation);
    }, SIMULATED_MS);
    this.#stop = () => {
      clearInterval(timer);
    };
  }

  /** Turns the simulated device by what a pointer moved, in CSS pixels; `isRoll` about the axis that points out of the screen. */
  turn(rightPx: number, downPx: number, isRoll: boolean): void {
    if (this.#activity.peek().kind !== "simulating") return;
    const [right, down] = [rightPx * DEGREES_PER_PX, downPx * DEGREES_PER_PX];
    const by = isRoll ? about("z", -right) : product(about("x", down), about("y", right));
    this.orientation = unit(product(by, this.orientation));
    this.#send(this.orientation);
  }

  stop(): void {
    this.#life++;
    this.#stop();
    this.#stop = () => undefined;
    this.motion = NO_MOTION;
    this.wakeLock.release();
    this.#activity.value = { kind: "idle" };
  }

  #begin(activity: Activity): number {
    this.stop();
    this.wakeLock.hold();
    this.#activity.value = activity;
    return this.#life;
  }

  #send(orientation: Quaternion): void {
    this.orientation = orientation;
    if (!this.#pace.isDue(performance.now())) return;
    const isSimulated = this.#activity.peek().kind === "simulating";
    if (this.outlet.publish(sampleOf(Date.now(), orientation, this.motion, isSimulated))) {
      this.rate.count(performance.now());
    }
  }
}
