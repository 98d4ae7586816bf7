// SPDX-License-Identifier: MIT
// A client connected to a scripted bridge, both ended after the test.
import type { Client } from "../../bridge/client/client.ts";
import { openClient } from "../../bridge/client/open.ts";
import type { ConnectOptions } from "../../bridge/client/options.ts";
import { nodePlatform } from "../../bridge/client/place/node-platform.ts";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import type { Schema } from "../../bridge/model/schema.ts";
import { ScriptedBridge, type Peer } from "./scripted-bridge.ts";

/** Connects to a URL with the decoder that needs no build. */
export function connectTo(url: string, options: ConnectOptions = {}): Promise<Client> {
  const all = { url, ...options };
  return openClient(nodePlatform(all, javascriptCodec), all);
}

/** Runs a test with a bridge, its first connection and the client on it. */
export async function withClient(
  run: (parts: { bridge: ScriptedBridge; peer: Peer; client: Client }) => Promise<void>,
  options: ConnectOptions = {},
): Promise<void> {
  const bridge = await ScriptedBridge.start();
  try {
    const connecting = connectTo(bridge.url, options);
    const peer = await bridge.peer();
    await peer.welcome();
    const client = await connecting;
    try {
      await run({ bridge, peer, client });
    } finally {
      await client.close();
    }
  } finally {
    await bridge.stop();
  }
}

/** Returns once the client has taken in all that was sent before. */
export async function arrived(peer: Peer, client: Client): Promise<void> {
  const asking = client.status();
  await peer.answer("status", {});
  await asking;
}

/** What a bridge says before the first batch of a channel. */
export interface Announced {
  readonly stream?: number;
  readonly schemaId?: number;
  readonly schema?: Schema;
  readonly channel?: string;
  readonly epoch: bigint;
  readonly next: number;
  readonly subscriptions?: readonly number[];
}

/** Sends the layout and the stream. */
export function announce(peer: Peer, announced: Announced): void {
  const { stream = 3, schemaId = 7, schema, channel = "rig/reading", epoch, next, subscriptions = [1] } = announced;
  if (schema !== undefined) peer.send({ op: "schema", schema: schemaId, type: "reading", blob: schema });
  peer.send({
    op: "stream",
    stream,
    channel,
    kind: "struct",
    schema: schemaId,
    contentType: null,
    epoch: String(epoch),
    next,
    subscriptions,
  });
}
