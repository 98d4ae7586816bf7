// SPDX-License-Identifier: MIT
// How a service of a program looks to a person.
import type { ServiceEntry } from "../../session/messages.ts";

/** `camera/snap(exposure, gain)`; `camera/snap(…)` where the parameters are not known. */
export function serviceText({ service, params }: Pick<ServiceEntry, "service" | "params">): string {
  return `${service}(${params?.join(", ") ?? "…"})`;
}
