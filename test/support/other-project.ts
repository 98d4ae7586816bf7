// SPDX-License-Identifier: MIT
// A project of somebody else: its messages, a driver of them in C and C++, and what a reader gets from the driver.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connect, type Client } from "../../bridge/index.ts";
import { type BridgeProgram, startBridgeProgram } from "./bridge-program.ts";
import { RuntimeFolder, whenDriverListens } from "./driver-program.ts";

/** The messages, annotated in comments: `probe.h`, for C and C++. */
export const PROBE_H = `
#ifndef PROBE_H
#define PROBE_H
#include "gain.h"
#include <stdint.h>
enum probe_mode { PROBE_IDLE, PROBE_BUSY = 5 };
/* [@channel state] */
struct probe_state {
  uint8_t number;
  double value;         ///< [V]
  enum probe_mode mode; ///< what it does
  unsigned low : 3;
  int high : 7;
};
/* [@parameter gain] */
struct probe_gain { gain_t factor; };
#endif
`;

/** What `probe.h` includes, in a folder of its own; WIDE comes from the target. */
export const GAIN_H = `
#ifdef WIDE
typedef double gain_t;
#else
typedef float gain_t;
#endif
`;

/** The same by macros: instead of the generated header. */
export const PROBE_MACROS_H = `
#include "probe.h"
#include <structwire/describe.h>
SW_ENUM(probe_mode, "", SW_LABEL(PROBE_IDLE), SW_LABEL(PROBE_BUSY));
SW_STRUCT(probe_state, "[@channel state]", SW_FIELD(number), SW_FIELD(value, "[V]"),
          SW_FIELD_OF(mode, probe_mode, "what it does"), SW_BITS(low, unsigned), SW_BITS(high, int));
SW_STRUCT(probe_gain, "[@parameter gain]", SW_FIELD(factor));
SW_SCHEMA(probe, &probe_state_type, &probe_gain_type);
`;

/** The driver, valid as C11 and C++17; its name is its argument. It ends on SIGTERM. */
export function probeSource(tables = "probe.schema.h"): string {
  return `
#include "probe.h"
#include "${tables}"
#include <structwire/structwire.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
static volatile sig_atomic_t stopped;
static void stop(int number) { stopped = number; }
int main(int count, char **arguments) {
  sw_driver_options options;
  sw_driver *driver;
  sw_channel *channel;
  struct probe_gain gain = {2};
  struct probe_state state;
  sw_status status;
  if (count < 2) return 2;
  memset(&options, 0, sizeof options);
  options.name = arguments[1];
  options.schema = &probe_schema;
  signal(SIGTERM, stop);
  status = sw_driver_create(&options, &driver);
  if (status != SW_OK) {
    fprintf(stderr, "%s\\n", sw_strerror(status));
    return 1;
  }
  if (sw_advertise(driver, "state", &probe_state_type, NULL, &channel) != SW_OK) return 1;
  if (sw_parameter_declare(driver, "gain", &probe_gain_type, &gain, NULL, NULL) != SW_OK) return 1;
  memset(&state, 0, sizeof state);
  while (!stopped && sw_poll(driver, 5) == SW_OK) {
    sw_apply(driver);
    state.number++;
    state.value = 1.5 * (double)gain.factor;
    state.mode = PROBE_BUSY;
    state.low = 6;
    state.high = -33;
    sw_publish(channel, &state);
  }
  sw_driver_destroy(driver);
  return 0;
}
`;
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A bridge that finds the drivers of other projects and reads what they publish. */
export class ProbeReader {
  readonly #runtime: RuntimeFolder;
  readonly #bridge: BridgeProgram;
  readonly #client: Client;

  private constructor(runtime: RuntimeFolder, bridge: BridgeProgram, client: Client) {
    this.#runtime = runtime;
    this.#bridge = bridge;
    this.#client = client;
  }

  static async start(): Promise<ProbeReader> {
    const runtime = new RuntimeFolder();
    const bridge = await startBridgeProgram(runtime);
    return new ProbeReader(runtime, bridge, await connect(bridge.link));
  }

  /** Runs a command that is a driver, lets `talk` speak with it, and ends it as a user would. */
  async run(name: string, command: readonly string[], talk: (client: Client) => Promise<void>): Promise<void> {
    const [program = "", ...args] = command;
    const driver = spawn(program, args, { env: this.#runtime.env, stdio: ["ignore", "inherit", "inherit"] });
    const ended = once(driver, "close");
    const failed = ended.then(() => {
      throw new Error(`${command.join(" ")} ended by itself`);
    });
    failed.catch(() => undefined);
    try {
      await Promise.race([whenDriverListens(this.#runtime, name), failed]);
      await Promise.race([talk(this.#client), failed]);
    } finally {
      await end(driver, ended);
    }
    assert.deepEqual(await ended, [0, null]);
  }

  /** Runs the built driver of the project, reads its samples and turns its knob. `before` is a command that runs it. */
  async expectProbe(name: string, program: string, before: readonly string[] = []): Promise<void> {
    await this.run(name, [...before, program, name], (client) => talkToProbe(client, name));
  }

  async stop(): Promise<void> {
    await this.#client.close();
    await this.#bridge.stop();
    this.#runtime.remove();
  }
}

async function end(driver: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (driver.exitCode === null && driver.signalCode === null) driver.kill("SIGTERM");
  await ended;
}

async function talkToProbe(client: Client, name: string): Promise<void> {
  const subscription = client.subscribe(`${name}/state`, { wait: true });
  for await (const event of subscription) {
    if (event.kind !== "batch") continue;
    const [value] = event.values();
    const { number, ...rest } = value as { number: number };
    assert.equal(number, (event.first + 1) % 256, "it counts the samples in a byte");
    assert.deepEqual(rest, { value: 3, mode: "PROBE_BUSY", low: 6, high: -33 });
    break;
  }
  const { applied } = await client.set(`${name}/gain`, { factor: 0.5 });
  assert.deepEqual(applied, { factor: 0.5 });
  const { channels } = await client.list();
  const fields = channels.find(({ channel }) => channel === `${name}/state`)?.fields;
  assert.equal(fields?.find((field) => field.name === "value")?.unit, "V");
}
