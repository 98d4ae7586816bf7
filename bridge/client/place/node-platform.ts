// SPDX-License-Identifier: MIT
// The client's place in Node: sockets of `ws`, timers that can let a process end, bridges found by their runtime files.
import type { Codec } from "../../layout/codec.ts";
import { isJupyterKernel } from "../../model/runtime.ts";
import { compressed } from "../link/endpoint.ts";
import { stillsBy } from "../notebook/still/drawn-still.ts";
import { pngOf } from "../notebook/still/png.ts";
import { findEndpoint, isFixedTarget } from "./target.ts";
import { nodeDial } from "./node-socket.ts";
import { zeromqRelay } from "./zeromq-relay.ts";
import type { ConnectOptions } from "../options.ts";
import type { Platform } from "../link/transport.ts";

/** Makes the platform; `codec` is called at the first decode. */
export function nodePlatform(options: ConnectOptions, codec: () => Codec): Platform {
  const unref = options.unref ?? isJupyterKernel(process.env, process.argv);
  const { compress = false } = options;
  let decoder: Codec | undefined;
  return {
    dial: nodeDial({ unref, compress }),
    codec: () => (decoder ??= codec()),
    endpoint: async () => {
      const endpoint = await findEndpoint(options, process.env);
      return compress ? compressed(endpoint) : endpoint;
    },
    fixed: isFixedTarget(options, process.env),
    release: (timer) => {
      if (unref && isUnrefable(timer)) timer.unref();
    },
    soon: (action) => {
      setImmediate(action);
    },
    makeStill: stillsBy(pngOf),
    relay: zeromqRelay(unref),
  };
}

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === "object" && timer !== null && "unref" in timer && typeof timer.unref === "function";
}
