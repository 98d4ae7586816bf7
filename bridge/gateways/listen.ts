// SPDX-License-Identifier: MIT
// Makes a server of Node listen and says in the bridge's words why it cannot.
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { BridgeError } from "../model/errors.ts";

/** Resolves to the `HOST:PORT` at which the server listens, as it stands in a URL. Rejects with `port_in_use`, which gives `advice`, or `system_error`. */
export async function listen(server: Server, host: string, port: number, advice: string): Promise<string> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    throw listenError(error, `${host}:${String(port)}`, advice);
  }
  const { address, family, port: got } = server.address() as AddressInfo;
  return `${family === "IPv6" ? `[${address}]` : address}:${String(got)}`;
}

/** A failed listening at `place` (`HOST:PORT`) as `port_in_use` or `system_error`. */
export function listenError(cause: unknown, place: string, advice: string): BridgeError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    const port = place.slice(place.lastIndexOf(":") + 1);
    return new BridgeError("port_in_use", `port ${port} is taken by another program; ${advice}`, { cause });
  }
  return new BridgeError("system_error", `cannot listen on ${place}: ${message}`, { cause });
}
