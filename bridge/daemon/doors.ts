// SPDX-License-Identifier: MIT
// Where a bridge is reached: the address of its configuration, and for phones one of the local network besides.
import { once } from "node:events";
import type { Server } from "node:http";
import { createServer, type AddressInfo, type Server as NetServer } from "node:net";
import { listen } from "../gateways/listen.ts";
import { MAX_CONNECTIONS } from "../gateways/http.ts";
import { BridgeError } from "../model/errors.ts";
import type { BridgeConfig } from "./config.ts";
import { lanAddresses, type LanAddress } from "./tls/local-names.ts";

/** How phones reach a bridge. */
export interface PhoneDoor {
  /** `https://192.168.1.5:8720` */
  readonly url: string;
  /** Other addresses of this machine, where it does not listen. */
  readonly others: readonly LanAddress[];
}

/** The open doors of one bridge. */
export interface Doors {
  /** `http://HOST:PORT` or `https://HOST:PORT` */
  readonly url: string;
  readonly phone: PhoneDoor | null;
  /** The origins of pages that come from these doors. */
  readonly origins: readonly string[];
  /** No more connections are taken; resolves when the sockets are closed. */
  close(): Promise<void>;
}

const PORT_ADVICE = "choose another with --port N, or any free one with --port 0";

/** Opens them. Rejects with `port_in_use` or `system_error`, also when there is no address for phones; then nothing is open. */
export async function openDoors(server: Server, config: BridgeConfig, isSecure: boolean): Promise<Doors> {
  const scheme = isSecure ? "https" : "http";
  const addresses = lanAddresses();
  const [lan, ...others] = addresses;
  const isOpenToAll = config.host === "0.0.0.0" || config.host === "::";
  if (config.phone && lan === undefined) {
    const advice = "connect it to the network of the phone, or use a tunnel (docs/phone.md)";
    throw new BridgeError("system_error", `this machine has no address in a local network; ${advice}`);
  }
  const place = await listen(server, config.host, config.port, PORT_ADVICE);
  const { port } = server.address() as AddressInfo;
  const opened: NetServer[] = [];
  const at = (address: string): string => new URL(`${scheme}://${address}:${String(port)}`).origin;
  try {
    if (config.phone && lan !== undefined && !isOpenToAll && lan.address !== config.host) {
      opened.push(await openBeside(server, lan.address, port));
    }
  } catch (error) {
    server.close();
    throw error;
  }
  const own = isOpenToAll ? addresses.map(({ address }) => address) : [config.host];
  return {
    url: `${scheme}://${place}`,
    phone: config.phone && lan !== undefined ? { url: at(lan.address), others } : null,
    origins: [...own, ...(config.phone && lan !== undefined ? [lan.address] : [])].map((address) =>
      at(bracketed(address)),
    ),
    close: async () => {
      const all = [server, ...opened];
      const closed = Promise.all(all.map((each) => once(each, "close")));
      for (const each of all) each.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** One more address whose connections are those of `server`. */
async function openBeside(server: Server, host: string, port: number): Promise<NetServer> {
  const door = createServer((socket) => {
    server.emit("connection", socket);
  });
  door.maxConnections = MAX_CONNECTIONS;
  await listen(door, host, port, PORT_ADVICE);
  return door;
}
