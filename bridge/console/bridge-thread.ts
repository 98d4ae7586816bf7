// SPDX-License-Identifier: MIT
// The thread of a bridge that a program started: it serves however busy that program is.
import { parentPort, workerData } from "node:worker_threads";
import { loadConfig, type ConfigFlags } from "../daemon/config.ts";
import { startBridge } from "../daemon/bridge.ts";
import { toBridgeError } from "../model/errors.ts";
import type { ThreadNews } from "./start-bridge.ts";

function tell(news: ThreadNews): void {
  parentPort?.postMessage(news);
}

try {
  const bridge = await startBridge(loadConfig(workerData as ConfigFlags));
  const { name, url, pageUrl } = bridge;
  parentPort?.on("message", () => void bridge.stop());
  void bridge.closed.then(() => parentPort?.close());
  tell({ kind: "started", name, url, link: pageUrl });
} catch (thrown) {
  const { code, message } = toBridgeError(thrown);
  tell({ kind: "failed", code, message });
  parentPort?.close();
}
