// SPDX-License-Identifier: MIT
// Results as lines for a terminal.
import type { Gate } from "./gate.ts";
import type { Missing, Row } from "./report.ts";

/** A ratio with as many digits as say something. */
export function ratioText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** `≥ 0.90` */
export function gateText({ is, bound }: Gate): string {
  return `${is === "at least" ? "≥" : "≤"} ${String(bound)}`;
}

/** `end-to-end/c-relay  0.96 × rate (0.94 … 0.98)  ≥ 0.9: holds` */
export function rowLine({ id, of, ratio, q1, q3, gate, verdict }: Row): string {
  const range = `${ratioText(ratio).padStart(6)} × ${of} (${ratioText(q1)} … ${ratioText(q3)})`;
  const judged = gate === undefined ? "" : `${gateText(gate)}: ${verdict ?? ""}`;
  return `${id.padEnd(34)} ${range.padEnd(30)} ${judged}`.trimEnd();
}

/** `fan-out/nats  missing: …` */
export function missingLine({ id, reason }: Missing): string {
  return `${id.padEnd(34)} missing: ${reason}`;
}
