// SPDX-License-Identifier: MIT
// Which bridge is meant: a URL, a name, `$STRUCTWIRE_URL`, or the only one that runs.
import { BridgeError } from "../../model/errors.ts";
import { checkBridgeName, type BridgeFile } from "../../model/runtime.ts";
import { findBridges } from "./discovery.ts";
import { parseEndpoint } from "../link/endpoint.ts";
import type { ConnectOptions } from "../options.ts";
import type { Endpoint } from "../link/transport.ts";

/** Where the bridge is now. Rejects with `no_bridge`, or with `several_bridges` and their names. */
export async function findEndpoint(options: ConnectOptions, env: NodeJS.ProcessEnv): Promise<Endpoint> {
  const url = urlOf(options, env);
  if (url !== undefined) {
    const given = parseEndpoint(url, options.token);
    // A bridge's own certificate is known by its file alone.
    const isWhole = isFixedTarget(options, env) && !given.url.startsWith("wss:");
    return isWhole ? given : await withKnown(given, env);
  }
  const { bridge } = options;
  if (bridge !== undefined) checkBridgeName(bridge);
  const running = await findBridges(env);
  const found = bridge === undefined ? running : running.filter(({ name }) => name === bridge);
  const [only] = found;
  if (only === undefined) throw noBridge(bridge, running);
  if (found.length > 1) {
    throw new BridgeError("several_bridges", `several bridges run; name one of them: ${describe(found)}`);
  }
  return endpointOf(only, options.token);
}

/** Whether the target is a URL with its token, so that looking again cannot give another one. */
export function isFixedTarget(options: ConnectOptions, env: NodeJS.ProcessEnv): boolean {
  const url = urlOf(options, env);
  return url !== undefined && (options.token !== undefined || url.includes("#token="));
}

function urlOf(options: ConnectOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (options.url !== undefined) return options.url;
  const given = env["STRUCTWIRE_URL"];
  return options.bridge === undefined && given !== undefined && given !== "" ? given : undefined;
}

/** A URL may be that of a bridge of this machine, whose file has the token, where none was given, and the certificate. */
async function withKnown(given: Endpoint, env: NodeJS.ProcessEnv): Promise<Endpoint> {
  const running = await findBridges(env).catch(() => []);
  const endpoints = running.map((bridge) => endpointOf(bridge, given.token === "" ? undefined : given.token));
  // Of `localhost` the bridge's own address is taken: whoever else listens at the name's other address is not to get the token.
  return endpoints.find((each) => each.url === given.url || each.url === atLoopback(given.url)) ?? given;
}

function endpointOf({ url, token, certificate }: BridgeFile, given: string | undefined): Endpoint {
  return { ...parseEndpoint(url, given ?? token), ...(certificate === undefined ? {} : { certificate }) };
}

/** The URL with the loopback address that bridges listen on in place of `localhost`. */
function atLoopback(url: string): string {
  return url.replace(/(?<=^wss?:\/\/)localhost(?=[:/])/, "127.0.0.1");
}

function noBridge(name: string | undefined, running: readonly BridgeFile[]): BridgeError {
  if (name === undefined) {
    return new BridgeError("no_bridge", "no bridge runs; start one with: structwire serve (or: structwire demo)");
  }
  const others = running.length === 0 ? "none runs" : `these run: ${describe(running)}`;
  return new BridgeError(
    "no_bridge",
    `no bridge called "${name}" runs (${others}); start it with: structwire serve --name ${name}`,
  );
}

function describe(bridges: readonly BridgeFile[]): string {
  return bridges.map(({ name, url }) => `${name} (${url})`).join(", ");
}
