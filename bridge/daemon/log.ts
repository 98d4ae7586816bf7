// SPDX-License-Identifier: MIT
// The daemon's log: structured lines on standard error, made readable where a person looks at them.
import { destination, pino, stdSerializers, type DestinationStream, type Logger } from "pino";
import { PinoPretty } from "pino-pretty";
import type { BridgeConfig } from "./config.ts";

/** Lines that wait while standard error takes none; beyond it the latest are dropped. */
const MAX_WAITING_BYTES = 1_048_576;

/** A log and what ends it. */
export interface DaemonLog {
  readonly logger: Logger;
  /** Writes out what waits. */
  end(): void;
}

/** Makes the log of a bridge. `stream` stands for standard error in tests. */
export function openLog(
  { logLevel, name }: Pick<BridgeConfig, "logLevel" | "name">,
  stream?: DestinationStream,
): DaemonLog {
  const options = { level: logLevel, base: { bridge: name }, serializers: { error: stdSerializers.err } };
  if (stream !== undefined) return { logger: pino(options, stream), end: () => undefined };
  if (process.stderr.isTTY) {
    // As a stream of this thread: a worker would have to be ended, and would lose the last lines of a crash.
    const pretty = PinoPretty({ destination: 2, sync: true, colorize: true, ignore: "pid,hostname,bridge" });
    return { logger: pino(options, pretty), end: () => undefined };
  }
  const file = destination({ dest: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  return {
    logger: pino(options, file),
    end: () => {
      try {
        file.flushSync();
      } catch {
        // Nobody reads standard error any more.
      }
    },
  };
}
