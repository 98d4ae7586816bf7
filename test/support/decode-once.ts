// SPDX-License-Identifier: MIT
// Connects as a user does, decodes one batch and prints whether the native addon was loaded before and after.
import { connect } from "../../bridge/index.ts";
import { batchRecord, doubles } from "./records.ts";
import { ScriptedBridge } from "./scripted-bridge.ts";

// Else the report asks for the names of the connections' other ends, which takes long where nobody answers.
Reflect.set(process.report, "excludeNetwork", true);

function loaded(): boolean {
  const report = JSON.parse(JSON.stringify(process.report.getReport())) as { sharedObjects: readonly string[] };
  return report.sharedObjects.some((path) => path.endsWith("structwire_addon.node"));
}

const bridge = await ScriptedBridge.start();
const connecting = connect(bridge.url);
const peer = await bridge.peer();
await peer.welcome();
const client = await connecting;
const subscription = client.subscribe("motor/state");
const before = loaded();
await peer.answer("subscribe", { subscription: 1 });
const blob = {
  v: 1,
  endian: "le",
  types: { state: { k: "struct", size: 8, hash: "", f: [{ n: "x", t: "f64", o: 0 }] } },
  messages: [],
} as const;
peer.send({ op: "schema", schema: 2, type: "state", blob });
peer.send({
  op: "stream",
  stream: 1,
  channel: "motor/state",
  kind: "struct",
  schema: 2,
  contentType: null,
  epoch: "7",
  next: 0,
  subscriptions: [1],
});
peer.records(batchRecord({ stream: 1, schema: 2, epoch: 7n, first: 0, samples: doubles(1, 2) }));
for await (const delivery of subscription) {
  if (delivery.kind !== "batch") continue;
  const column = [...((delivery.columns as Record<string, Float64Array>)["x"] ?? [])];
  console.log(JSON.stringify({ before, column, after: loaded() }));
  break;
}
await client.close();
await bridge.stop();
