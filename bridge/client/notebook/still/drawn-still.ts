// SPDX-License-Identifier: MIT
// The still picture of a plot: drawn soon after it begins, now and then while something changes, and often where nobody else draws it.
import type { Timers } from "../../streams/timers.ts";
import type { PlotSpec, Unopened } from "../output.ts";
import { pictureSvg } from "../picture/picture.ts";
import { panelsOf, type Recorded } from "../picture/views.ts";
import { KernelTrace } from "./kernel-trace.ts";
import type { MakeStill, Still, StillParts, StillPicture } from "./still-port.ts";

/** The first picture has about a second of samples. */
export const FIRST_MS = 1000;

/** A saved notebook is at most so much behind. */
export const EVERY_MS = 10_000;

/** Where the kernel draws what a browser cannot: at most 20 pictures a second, and at most a quarter of the kernel's time. */
export const FRAME_MS = 50;
const TIME_SHARE = 4;

/** So long a picture that is asked for waits for the first sample. */
const WAIT_MS = 1000;

/** Still pictures; `pngOf` makes the bytes of an image of the text of an SVG file. */
export function stillsBy(pngOf: (svg: string) => Promise<Uint8Array>): MakeStill {
  return (parts) => new DrawnStill(parts, pngOf);
}

class DrawnStill implements Still {
  readonly #parts: StillParts;
  readonly #pngOf: (svg: string) => Promise<Uint8Array>;
  readonly #timers: Timers;
  readonly #traces = new Map<string, KernelTrace>();
  #spec: Unopened<PlotSpec>;
  /** What the picture of a paused plot is drawn from. */
  #held: Recorded | undefined;
  #isAnimated = false;
  #isClosed = false;
  /** What the newest picture shows, to tell whether another one would differ. */
  #drawn = "";
  #drawing: Promise<StillPicture> | undefined;
  #channels: StillParts["channels"];
  #cancelTimer: () => void = () => undefined;

  constructor(parts: StillParts, pngOf: (svg: string) => Promise<Uint8Array>) {
    this.#parts = parts;
    this.#pngOf = pngOf;
    this.#timers = parts.timers;
    this.#spec = parts.spec;
    this.#channels = parts.channels;
  }

  begin(): void {
    this.#follow();
    this.#again(FIRST_MS);
  }

  change(spec: Unopened<PlotSpec>, channels: StillParts["channels"]): void {
    this.#spec = spec;
    this.#channels = channels;
    this.#follow();
    if (!spec.isPaused) this.#held = undefined;
    else this.#held ??= this.#recorded((trace) => trace.recorder.snapshot());
    if (this.#isAnimated) this.#again(0);
  }

  animate(isWanted: boolean): void {
    if (this.#isAnimated === isWanted || this.#isClosed) return;
    this.#isAnimated = isWanted;
    this.#again(isWanted ? 0 : EVERY_MS);
  }

  async draw(): Promise<StillPicture> {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => (cancel = this.#timers.after(WAIT_MS, resolve)));
    await Promise.race([Promise.all([...this.#traces.values()].map((trace) => trace.arrived())), late]);
    cancel();
    return this.#draw();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelTimer();
    for (const trace of this.#traces.values()) trace.close();
    await this.#drawing?.catch(() => undefined);
    await this.#draw().catch(() => undefined);
  }

  #follow(): void {
    const { view, windowMs, series } = this.#spec;
    for (const { channel, fields } of series) {
      const entry = this.#channels.find((each) => each.channel === channel);
      if (entry === undefined) continue;
      const wanted = { entry, fields, view, windowMs };
      const known = this.#traces.get(channel);
      if (known !== undefined) known.change(wanted);
      else this.#traces.set(channel, new KernelTrace(wanted, (name, how) => this.#parts.subscribe(name, how)));
    }
  }

  #again(delayMs: number): void {
    this.#cancelTimer();
    if (this.#isClosed) return;
    this.#cancelTimer = this.#timers.after(delayMs, () => void this.#tick().catch(() => undefined));
  }

  async #tick(): Promise<void> {
    const began = this.#timers.now();
    try {
      if (this.#isChanged()) await this.#draw();
    } finally {
      const tookMs = this.#timers.now() - began;
      this.#again(this.#isAnimated ? Math.max(FRAME_MS - tookMs, tookMs * (TIME_SHARE - 1), 0) : EVERY_MS);
    }
  }

  /** One at a time: who asks while one is drawn gets the next one. */
  async #draw(): Promise<StillPicture> {
    const before = this.#drawing;
    const drawing = (async (): Promise<StillPicture> => {
      await before?.catch(() => undefined);
      this.#drawn = this.#state();
      const svg = this.#svg();
      const picture = { svg, png: await this.#pngOf(svg) };
      this.#parts.show(picture.png);
      return picture;
    })();
    this.#drawing = drawing;
    return drawing;
  }

  #isChanged(): boolean {
    return this.#state() !== this.#drawn;
  }

  #state(): string {
    const heads = [...this.#traces.values()].map(({ recorder }) => recorder.head);
    return JSON.stringify([this.#spec, this.#held === undefined ? heads : null]);
  }

  #svg(): string {
    const { title, view, heightPx, windowMs, isPaused } = this.#spec;
    const recorded = { ...(this.#held ?? this.#recorded(({ recorder }) => recorder)), windowMs };
    const panels = panelsOf(view, recorded);
    const isEmpty = !Number.isFinite(recorded.nowMs);
    const at = isEmpty ? "no samples yet" : new Date(recorded.nowMs).toISOString().slice(0, 19).replace("T", " ");
    const note = isEmpty ? at : `${isPaused ? "paused, " : ""}${at} UTC`;
    return pictureSvg({ title, note, heightPx, panels: isEmpty ? [] : panels });
  }

  #recorded(recorderOf: (trace: KernelTrace) => KernelTrace["recorder"]): Recorded {
    const recorders = new Map([...this.#traces].map(([channel, trace]) => [channel, recorderOf(trace)]));
    return {
      fields: [...this.#traces.values()].flatMap(({ fields }) => fields),
      nowMs: Math.max(...[...recorders.values()].map(({ lastTime }) => lastTime).filter((time) => !Number.isNaN(time))),
      windowMs: this.#spec.windowMs,
      recorder: (channel) => recorders.get(channel),
    };
  }
}
