// SPDX-License-Identifier: MIT
// A bridge in this process, on folders of a test's own and any free port.
import { startBridge, type Bridge } from "../../bridge/daemon/bridge.ts";
import { loadConfig, type BridgeConfig } from "../../bridge/daemon/config.ts";

/** What it logged, one JSON object a line. */
export class LogLines {
  readonly lines: Record<string, unknown>[] = [];

  write(line: string): void {
    this.lines.push(JSON.parse(line) as Record<string, unknown>);
  }
}

/** A bridge and its log. */
export interface TestBridge {
  readonly bridge: Bridge;
  readonly config: BridgeConfig;
  readonly log: LogLines;
}

/** Starts a bridge with the runtime folder `folder`; nothing of the user's own configuration is read. */
export async function startTestBridge(folder: string, changes: Partial<BridgeConfig> = {}): Promise<TestBridge> {
  const env = {
    STRUCTWIRE_RUNTIME_DIR: folder,
    XDG_CONFIG_HOME: `${folder}/config`,
    XDG_STATE_HOME: `${folder}/state`,
  };
  const config: BridgeConfig = { ...loadConfig({ port: 0, logLevel: "debug" }, env), ...changes };
  const log = new LogLines();
  return { bridge: await startBridge(config, { log }), config, log };
}
