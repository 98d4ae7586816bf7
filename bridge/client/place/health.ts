// SPDX-License-Identifier: MIT
// Asks whether the bridge that wrote a runtime file is the one that answers at its URL.
import { get } from "node:http";
import { Agent, get as getSecure } from "node:https";
import { waitInTurns } from "../../model/patience.ts";
import { pinOf } from "../../model/pin.ts";
import { isHealthOf, type BridgeFile } from "../../model/runtime.ts";
import { alarms } from "../link/alarms.ts";

/** How long an answer is waited for, in turns of this process: it may be a kernel that is busy itself. */
const ANSWER_MS = 1000;

/** Longer answers are no bridge's. */
const MAX_ANSWER_BYTES = 4096;

/**
 * Resolves with whether the bridge of `file` answers there. One that takes the connection but is too busy (or stopped) to answer within a second counts
 * as the one: its process runs.
 */
export function isAnswering(file: BridgeFile): Promise<boolean> {
  return new Promise((resolve) => {
    const late = new AbortController();
    const ask = file.url.startsWith("https:") ? getSecure : get;
    const pin = pinOf(file.certificate);
    const settings = { agent: pin === undefined ? false : new Agent(pin), signal: late.signal } as const;
    const request = ask(new URL("/health", file.url), settings, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text = (text + part).slice(0, MAX_ANSWER_BYTES);
      });
      response.on("error", failed);
      response.on("end", () => {
        endWait();
        resolve(isHealthOf(file, text));
      });
    });
    request.on("error", failed);
    const endWait = waitInTurns(ANSWER_MS, alarms, () => {
      late.abort();
    });

    function failed(): void {
      endWait();
      resolve(late.signal.aborted);
    }
  });
}
