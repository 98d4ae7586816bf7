// SPDX-License-Identifier: MIT
// A driver, a bridge and a client on one runtime folder: what most end-to-end tests need.
import assert from "node:assert/strict";
import { connect, type Client } from "../../bridge/index.ts";
import { type BridgeProgram, startBridgeProgram } from "./bridge-program.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "./driver-program.ts";

/** All three run; `stop()` ends them. */
export class Rig {
  readonly runtime: RuntimeFolder;
  readonly driver: DriverProgram;
  readonly bridge: BridgeProgram;
  readonly client: Client;

  private constructor(runtime: RuntimeFolder, driver: DriverProgram, bridge: BridgeProgram, client: Client) {
    this.runtime = runtime;
    this.driver = driver;
    this.bridge = bridge;
    this.client = client;
  }

  /** Resolves once the client sees the driver up with all that it has. `before`: a command that runs the driver, such as `unshare`. */
  static async start(program: string, before: readonly string[] = []): Promise<Rig> {
    const runtime = new RuntimeFolder();
    const driver = await startDriver(runtime, program, [], before);
    const bridge = await startBridgeProgram(runtime);
    const client = await connect(bridge.link);
    const rig = new Rig(runtime, driver, bridge, client);
    // It is up from its first word on; its services are the last that it tells.
    await rig.until(() => client.directory.services.some(({ driver: name }) => name === program));
    return rig;
  }

  /** Resolves once something holds of the client's directory. */
  until(holds: () => boolean): Promise<void> {
    return untilDirectory(this.client, holds);
  }

  /** Ends all three. Rejects when the driver complained or did not end as it should. */
  async stop(): Promise<void> {
    await this.client.close();
    await this.bridge.stop();
    const ending = await this.driver.stop();
    this.runtime.remove();
    assert.deepEqual(ending, { code: 0, signal: null, stdout: "", stderr: "" });
  }
}

/** Resolves once something holds of a client's directory, which is watched from then on. */
export async function untilDirectory(client: Client, holds: () => boolean): Promise<void> {
  await client.watch();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = client.on("directory", look);
    look();
  });
}
