// SPDX-License-Identifier: MIT
// Makes a client and opens its first connection.
import { Client } from "./client.ts";
import type { ConnectOptions } from "./options.ts";
import type { Platform } from "./link/transport.ts";

/** Resolves with a client whose connection is open; rejects with why it could not be opened. */
export async function openClient(platform: Platform, options: ConnectOptions): Promise<Client> {
  const client = new Client(platform, options);
  await client.open();
  return client;
}
