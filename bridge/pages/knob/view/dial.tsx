// SPDX-License-Identifier: MIT
// A round knob: turned by a pointer or finger around its middle, by the wheel and by keys; a slider for those who do not see it.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { plainText } from "../../parts/fields/number-text.ts";
import { degreesOf, directionOf, END_DEGREES, keySteps, snapped, turnBetween, turned, valueOfTurn } from "../dial.ts";
import type { KnobLook } from "../knob-face.ts";

interface DialProps {
  readonly look: KnobLook;
  readonly label: string;
  readonly onTurn: (value: number) => void;
}

/** A turn by a pointer: the value it would be without steps, so that slow turns are not lost between them. */
interface Drag {
  readonly direction: number;
  readonly value: number;
}

const RADIUS = 84;
const TICKS = 11;

/** Nearer to the middle than this part of the knob a pointer has no direction that a hand could mean. */
const DEAD_PART = 0.08;

export function Dial({ look, label, onTurn }: DialProps): JSX.Element {
  const { value, range, unit, isEnabled, isPending } = look;
  const host = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const latest = useRef({ look, onTurn });
  latest.current = { look, onTurn };

  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    let rest = 0;
    const wheel = (event: WheelEvent): void => {
      const now = latest.current;
      if (!now.look.isEnabled) return;
      event.preventDefault(); // not possible in a listener of the view's own, which is passive
      rest += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 40 : event.deltaY;
      const steps = Math.trunc(rest);
      rest -= steps;
      if (steps !== 0) now.onTurn(turned(now.look.value, -steps, now.look.range));
    };
    place.addEventListener("wheel", wheel, { passive: false });
    return () => {
      place.removeEventListener("wheel", wheel);
    };
  }, []);

  const directionAt = (event: PointerEvent): number | null => {
    const box = host.current?.getBoundingClientRect();
    if (box === undefined) return null;
    const right = event.clientX - box.left - box.width / 2;
    const down = event.clientY - box.top - box.height / 2;
    return Math.hypot(right, down) < DEAD_PART * box.width ? null : directionOf(right, down);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (!isEnabled || event.button !== 0) return;
    host.current?.setPointerCapture(event.pointerId);
    const direction = directionAt(event);
    drag.current = direction === null ? null : { direction, value };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!isEnabled || host.current?.hasPointerCapture(event.pointerId) !== true) return;
    const direction = directionAt(event);
    if (direction === null) return;
    const from = drag.current ?? { direction, value };
    const wanted = from.value + valueOfTurn(turnBetween(from.direction, direction), range);
    // Beyond an end it stays there, and comes back as soon as the hand does.
    drag.current = { direction, value: Math.min(range.max, Math.max(range.min, wanted)) };
    const next = snapped(wanted, range);
    if (next !== value) onTurn(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = keySteps(event.key, event.shiftKey);
    if (steps === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (!isEnabled) return;
    const next = Number.isFinite(steps) ? turned(value, steps, range) : steps > 0 ? range.max : range.min;
    if (next !== value) onTurn(next);
  };
  const degrees = degreesOf(value, range);
  return (
    <div
      class="dial"
      ref={host}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={range.min}
      aria-valuemax={range.max}
      aria-valuenow={value}
      aria-valuetext={`${plainText(value)} ${unit}`.trim()}
      aria-disabled={!isEnabled}
      data-pending={isPending ? "" : undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    >
      <svg viewBox="-100 -100 200 200" aria-hidden="true">
        {Array.from({ length: TICKS }, (_, index) => (
          <line
            key={index}
            class="dial-tick"
            y1="-97"
            y2="-93"
            transform={`rotate(${String(((2 * index) / (TICKS - 1) - 1) * END_DEGREES)})`}
          />
        ))}
        <path class="dial-track" d={arc(-END_DEGREES, END_DEGREES)} />
        <path class="dial-filled" d={arc(degreesOf(Math.max(range.min, Math.min(0, range.max)), range), degrees)} />
        <circle class="dial-body" r="68" />
        <line class="dial-hand" y1="-62" y2="-46" transform={`rotate(${degrees.toFixed(2)})`} />
        <text class="dial-value" y="10">
          {plainText(value)}
        </text>
        <text class="dial-unit" y="34">
          {unit}
        </text>
        <text class="dial-end" x="-62" y="88">
          {plainText(range.min)}
        </text>
        <text class="dial-end" x="62" y="88">
          {plainText(range.max)}
        </text>
      </svg>
    </div>
  );
}

/** The arc between two directions, whichever comes first. */
function arc(from: number, to: number): string {
  const [first, last] = from <= to ? [from, to] : [to, from];
  // An arc of no length draws nothing, not even its round end.
  const end = Math.max(last, first + 0.01);
  return `M${point(first)}A${String(RADIUS)} ${String(RADIUS)} 0 ${end - first > 180 ? "1" : "0"} 1 ${point(end)}`;
}

function point(degrees: number): string {
  const turn = (degrees * Math.PI) / 180;
  return `${(RADIUS * Math.sin(turn)).toFixed(3)} ${(-RADIUS * Math.cos(turn)).toFixed(3)}`;
}
