// SPDX-License-Identifier: MIT
// A picture of the device that turns as the device does, seen from above with north at the top; dragged while it is simulated.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useShell } from "../../parts/view/shell-context.ts";
import { cssTransform } from "../quaternion.ts";
import type { SensorPage } from "../sensor-page.ts";

/** Pixels that an arrow key turns it as if a pointer had moved. */
const KEY_PX = 12;

const KEYS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-KEY_PX, 0],
  ArrowRight: [KEY_PX, 0],
  ArrowUp: [0, -KEY_PX],
  ArrowDown: [0, KEY_PX],
};

export function DevicePicture({ page }: { readonly page: SensorPage }): JSX.Element {
  const { frames } = useShell();
  const device = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = "";
    return frames.onFrame(() => {
      const transform = cssTransform(page.orientation);
      if (transform === shown || device.current === null) return false;
      shown = device.current.style.transform = transform;
      return true;
    });
  }, [frames, page]);
  const isSimulated = page.activity.value.kind === "simulating";
  return (
    <div
      class="device-stage"
      data-simulated={isSimulated ? "" : undefined}
      tabIndex={isSimulated ? 0 : undefined}
      role={isSimulated ? "application" : "img"}
      aria-label={
        isSimulated ? "A simulated device: drag it, or turn it with the arrow keys" : "How this device is held"
      }
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        page.turn(event.movementX, event.movementY, event.shiftKey);
      }}
      onKeyDown={(event) => {
        const by = KEYS[event.key];
        if (by === undefined || !isSimulated) return;
        event.preventDefault();
        page.turn(by[0], by[1], event.shiftKey);
      }}
    >
      <svg class="device-compass" viewBox="-100 -100 200 200" aria-hidden="true">
        <circle r="92" />
        <path d="M0-92v8M0 84v8M-92 0h8M84 0h8" />
        <text y="-70">N</text>
        <text x="74" y="4">
          E
        </text>
      </svg>
      <div class="device" ref={device}>
        <div class="device-back" />
        <div class="device-face">
          <span class="device-ear" />
        </div>
      </div>
    </div>
  );
}
