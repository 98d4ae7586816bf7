// SPDX-License-Identifier: MIT
// The small parts of the gateway `zmq`: names, frames and the listing of streams.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { configurationOf } from "../../../../bridge/gateways/zmq/listing.ts";
import { packFrame, packMeta } from "../../../../bridge/gateways/zmq/packet.ts";
import { pickle } from "../../../../bridge/gateways/zmq/pickle/pickle.ts";
import { fitName, keyErrorText } from "../../../../bridge/gateways/zmq/python-names.ts";

describe("names of the router", () => {
  it("become names of the bridge where they can", () => {
    const fitting = { "1hz_sine[0]": "1hz_sine_0_", "a b(t)": "a_b_t_", "camera/snap": "camera/snap", "é😀": "__" };
    for (const [text, name] of Object.entries(fitting)) assert.equal(fitName(text), name);
    for (const text of ["", "/", "a//b", "a/", "x".repeat(256)]) assert.equal(fitName(text), undefined);
  });

  it("stand in errors as Python writes a KeyError", () => {
    assert.equal(keyErrorText("x is not there"), "'x is not there'");
    assert.equal(keyErrorText("'x' is not there"), `"'x' is not there"`);
    assert.equal(keyErrorText(`'x' "y"`), String.raw`'\'x\' "y"'`);
  });
});

describe("a frame of the router", () => {
  it("is the topic, NUL, the length of the meta, the meta and the payload", () => {
    const reply = packFrame("", packMeta(true, undefined), pickle("Boop!"));
    assert.equal(reply.toString("hex"), "0004008004882e80048c05426f6f70212e");
    const sample = packFrame("é", packMeta(false, 1.5), Buffer.from("raw"));
    assert.equal(sample.toString("hex"), "c3a9000e00800489473ff8000000000000862e726177");
  });
});

describe("the router's configuration", () => {
  it("names each stream once, with the channel of it and not beside it", () => {
    const common = { state: "running", calls: 0, overruns: 0, error: null, provider: "s1", client: "x" } as const;
    const streams = [
      { ...common, stream: "p", channel: "c/p", type: "periodic", hz: 5, enabled: false, encoding: "json" },
      { ...common, stream: "m", channel: "m", type: "manual", hz: null, enabled: true, encoding: "image/png" },
      { ...common, stream: "r", channel: "r", type: "relay", hz: null, enabled: true, encoding: "json" },
    ] as const;
    const listing = { streams, services: [], channels: [] };
    assert.deepEqual(
      configurationOf(listing, (channel, kind) => (kind === "bytes" ? null : channel === "c/p" ? "json" : "pickle")),
      {
        manual_streams: { m: { encoding: null } },
        zmq_streams: { r: { encoding: "unspecified" } },
        periodic_streams: { p: { encoding: "json", return_type: null, frequency_hz: 5, enabled: false } },
      },
    );
  });
});
