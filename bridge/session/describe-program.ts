// SPDX-License-Identifier: MIT
// How the directory lists what programs offer: services, aliases and streams.
import type { Offer } from "../hub/offer.ts";
import type { Alias, ProgramService } from "../hub/service.ts";
import type { Access } from "./access.ts";
import type { ServiceEntry, Travelled } from "./messages.ts";
import type { StreamEntry } from "./program-messages.ts";

/** A request or reply without a struct. */
export const NO_STRUCT: ServiceEntry["request"] = { type: "", fields: [] };

/** Says of what comes through other bridges through which. */
export function travelled(via: readonly string[]): Travelled {
  return via.length === 0 ? {} : { via };
}

/** A stream as the directory lists it. */
export function streamEntry({ name, provider, state }: Offer): StreamEntry {
  return { stream: name, ...state, provider: provider.name, client: provider.client, ...travelled(provider.via) };
}

/** A service of a program, or an alias, whose target is shown to those who may see it. */
export function serviceEntry(service: ProgramService | Alias, access: Access): ServiceEntry {
  const { name, provider } = service;
  const { name: session, client, via } = provider;
  const owner = { service: name, driver: null, provider: session, client, ...travelled(via) };
  const sides = { request: NO_STRUCT, reply: NO_STRUCT };
  if (service.by === "alias") {
    const { target } = service;
    return { ...owner, params: null, ...(access.service(target) ? { target } : {}), ...sides };
  }
  const { params, doc } = service;
  return { ...owner, params, ...(doc === null ? {} : { doc }), ...sides };
}
