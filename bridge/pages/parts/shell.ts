// SPDX-License-Identifier: MIT
// What every page has: one connection, one animation loop, and light or dark.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { Connect } from "./link/client-port.ts";
import { Session, type SessionOptions } from "./link/session.ts";
import { FrameLoop } from "./plot/frame-loop.ts";
import type { Theme } from "./settings.ts";

/** Made once for each page. */
export class Shell {
  readonly session: Session;
  readonly frames: FrameLoop = new FrameLoop();
  readonly theme: Signal<Theme>;
  /** Whether what is shown is what the bridge says now. */
  readonly isLive: ReadonlySignal<boolean>;

  constructor(connect: Connect, options: SessionOptions, theme: Theme) {
    this.session = new Session(connect, options);
    this.theme = signal(theme);
    this.isLive = computed(() => this.session.phase.value.kind === "open");
  }
}
