// SPDX-License-Identifier: MIT
// Wires a bridge together, starts it and stops it: the one place that names concrete parts.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DestinationStream } from "pino";
import { Upstreams } from "../backplane/upstream/upstreams.ts";
import { Fleet } from "../drivers/fleet.ts";
import { httpServer } from "../gateways/http.ts";
import { Pages } from "../gateways/pages.ts";
import { WebSocketGateway } from "../gateways/websocket.ts";
import { Hub } from "../hub/hub.ts";
import { addonCodec } from "../layout/addon.ts";
import { loadAddon } from "../layout/native/load.ts";
import { BridgeError } from "../model/errors.ts";
import { driversFolder } from "../model/runtime.ts";
import { batchTools } from "../session/batch-tools.ts";
import { Describer } from "../session/describe.ts";
import { Gate } from "../session/gate.ts";
import { Turns } from "../sockets/turns.ts";
import { systemClock } from "./clock.ts";
import type { BridgeConfig } from "./config.ts";
import { Gateways, type GatewayState } from "./gateways.ts";
import { openDoors, type PhoneDoor } from "./doors.ts";
import { openLog } from "./log.ts";
import { LoopDelay } from "./loop-delay.ts";
import { METRICS_TYPE, metricsText } from "./metrics.ts";
import { openPresetStore } from "./preset-store.ts";
import { claimName, prepareFolders, refuseLiveName, removeStale } from "./runtime-files.ts";
import { Sessions } from "./sessions.ts";
import { bridgeState, statusText, type BridgeState } from "./status.ts";
import { keptToken } from "./token-file.ts";
import { certificateOf, type Certificate } from "./tls/certificate.ts";
import { localNames } from "./tls/local-names.ts";
import { VERSION } from "./version.ts";

/** Where phones publish. */
const PHONE_CHANNEL = "data";

/** How long the link of a phone waits for its phone. */
export const PHONE_LINK_MS = 600_000;

/** Rates are measured so often. */
export const BEAT_MS = 1000;

/** A running bridge. */
export interface Bridge {
  readonly name: string;
  /** `http://HOST:PORT`, or `https:` */
  readonly url: string;
  readonly token: string;
  /** The link for a browser, with the token in its fragment. */
  readonly pageUrl: string;
  /** How phones reach it; null: they do not. */
  readonly phone: PhoneDoor | null;
  /** A link for one phone: it opens one session, within {@link PHONE_LINK_MS}, which may publish in `data` and nothing else. Null without {@link phone}. */
  phoneLink(): string | null;
  /** The gateways of foreign protocols that it opened. */
  readonly gateways: readonly GatewayState[];
  /** Ends drivers' and clients' connections in good order, removes the runtime file and resolves when nothing of the bridge runs any more. */
  stop(): Promise<void>;
  /** Resolves when it has stopped. */
  readonly closed: Promise<void>;
}

/** What stands beside the configuration; all but `newToken` is for tests and special hosts. */
export interface BridgeSurroundings {
  /** Makes another token: every link that was given away opens nothing any more. */
  readonly newToken?: boolean;
  /** Instead of standard error. */
  readonly log?: DestinationStream;
  /** The folder of the pages, instead of `dist/pages`. */
  readonly pages?: string;
}

/**
 * Starts a bridge; resolves when it listens, has its runtime file and has dialled the drivers that are there. Rejects with `addon_missing`,
 * `folder_unsafe`, `name_in_use`, `port_in_use`, `invalid_argument` or `system_error`, and then leaves nothing behind.
 */
export async function startBridge(config: BridgeConfig, surroundings: BridgeSurroundings = {}): Promise<Bridge> {
  const codec = addonCodec();
  const turns = new Turns(loadAddon().send); // and not at the first driver: what is missing is said now
  prepareFolders(config.runtimeFolder);
  await removeStale(config.runtimeFolder);
  await refuseLiveName(config.runtimeFolder, config.name);

  const log = openLog(config, surroundings.log);
  const token = keptToken({
    folder: config.stateFolder,
    name: config.name,
    renew: surroundings.newToken === true,
  });
  const clock = systemClock();
  const started = Date.now();
  // Who has just started a driver asks for what it has before the folder was read again.
  const sockets = driversFolder(config.runtimeFolder);
  const listens = (driver: string): boolean => {
    const path = `${sockets}/${driver}.sock`;
    if (!config.watch || !existsSync(path)) return false;
    fleet.seek(`unix:${path}`); // a socket that was left behind is found out at once
    return true;
  };
  const hub = new Hub({ clock, tools: batchTools(codec), flushMs: config.flushMs, listens });
  const gate = new Gate(token, randomBytes(32));
  const describer = new Describer(codec);
  const id = String(randomBytes(8).readBigUInt64LE());
  const identity = { id, name: config.name, version: VERSION, pid: process.pid, started };
  const fleet: Fleet = new Fleet({
    hub,
    codec,
    bridgeName: config.name,
    turns,
    log: (level, text, details) => {
      log.logger[level](details, text);
    },
  });
  const upstreams = new Upstreams(config.upstreams, {
    hub,
    codec,
    id,
    name: config.name,
    log: (level, text, details) => {
      log.logger[level](details, text);
    },
  });
  const gateways = new Gateways();
  const loop = new LoopDelay();
  const state = (): BridgeState =>
    bridgeState({ identity, hub, fleet, upstreams, sessions, gateways, codec: codec.name, loop });
  const status = (): string => statusText(state());
  const presets = openPresetStore(config.stateFolder, config.name);
  const bridge = { hub, codec, gate, describer, presets, status };
  const sessions: Sessions = new Sessions({ bridge, identity, queueBytes: config.sendQueueBytes, log: log.logger });
  const debug = (text: string, details: object): void => {
    log.logger.debug(details, text);
  };
  const origins = [...config.origins];
  const certificate = await certificateFor(config);
  const server = httpServer({
    pages: new Pages(surroundings.pages ?? pagesFolder()),
    origins,
    tls: certificate,
    admit: (given) => gate.admit(given, clock.now()),
    health: () => JSON.stringify(identity),
    list: (access) => describer.directory(hub.directory, access),
    status,
    metrics: { type: METRICS_TYPE, text: () => metricsText(state()) },
    log: debug,
  });
  const accept = sessions.accept.bind(sessions);
  const gateway = new WebSocketGateway({ server, turns, origins, accept, log: debug });

  const doors = await openDoors(server, config, certificate !== undefined);
  const { url, phone } = doors;
  // Pages that come from here may talk to here, under whatever address.
  origins.push(...doors.origins);
  let release: () => void;
  try {
    await gateways.start(config.gateways, {
      bridge,
      url,
      version: VERSION,
      origins: config.origins,
      log: (level, text, details) => {
        log.logger[level](details, text);
      },
    });
    const { name, version, pid } = identity;
    const pinned = certificate === undefined ? {} : { certificate: certificate.chain };
    release = await claimName(config.runtimeFolder, { name, pid, url, token, started, version, ...pinned });
  } catch (error) {
    await doors.close();
    await gateways.stop();
    throw error;
  }
  loop.start();
  const beat = setInterval(() => {
    hub.beat();
  }, BEAT_MS);
  for (const address of config.drivers) fleet.add(address);
  upstreams.start();
  if (config.watch) await fleet.watch(sockets);
  log.logger.info({ url, gateways: gateways.states, runtimeFolder: config.runtimeFolder }, "bridge ready");

  let stopped: Promise<void> | undefined;
  let tellClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (tellClosed = resolve));
  const stop = async (): Promise<void> => {
    release(); // nobody new finds it
    clearInterval(beat);
    loop.stop();
    const doorsClosed = doors.close();
    // Sessions first: that the drivers are let go of is no news about the drivers.
    sessions.close(new BridgeError("closed", "the bridge stops"));
    await Promise.all([gateway.stop(), gateways.stop(), upstreams.stop(), fleet.stop()]);
    hub.stop();
    await doorsClosed;
    log.logger.info("bridge stopped");
    log.end();
    tellClosed();
  };
  return {
    name: config.name,
    url,
    token,
    pageUrl: `${url}/#token=${token}`,
    phone,
    phoneLink: () => {
      if (phone === null) return null;
      const ticket = gate.issue({ publish: [PHONE_CHANNEL] }, Math.floor(clock.now() + PHONE_LINK_MS), true);
      return `${phone.url}/sensor#token=${ticket}`;
    },
    gateways: gateways.states,
    stop: () => (stopped ??= stop()),
    closed,
  };
}

/** Undefined: the bridge serves plain http. */
async function certificateFor(config: BridgeConfig): Promise<Certificate | undefined> {
  const { tls, tlsCert: certFile, tlsKey: keyFile, phone, host, stateFolder } = config;
  if (!tls && !phone && certFile === "" && keyFile === "") return undefined;
  return certificateOf({ stateFolder, certFile, keyFile, names: localNames(host) }, Date.now());
}

/** From `dist/bridge/daemon` and from the sources alike. */
function pagesFolder(): string {
  const here = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../../dist/pages" : "../../pages", import.meta.url));
}
