// SPDX-License-Identifier: MIT
// What a gateway of a foreign protocol is to the daemon: started with checked options, it tells what it does, and stops.
import { z } from "zod";
import { BridgeError } from "../model/errors.ts";
import { openedTo, type Access } from "../session/access.ts";
import type { BridgeParts } from "../session/operations.ts";
import type { GatewayRequest } from "./request.ts";

/** What a gateway works with. */
export interface GatewayParts {
  readonly bridge: BridgeParts;
  /** The bridge's own address. */
  readonly url: string;
  /** The bridge's version. */
  readonly version: string;
  /** Origins of web pages that are accepted besides those of this machine. */
  readonly origins: readonly string[];
  log(level: "debug" | "info" | "warn" | "error", text: string, details: object): void;
}

/** How a gateway is to be, checked. */
export interface GatewayOptions<Settings> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** What was opened to its clients, who carry no token: the access of every guest that it makes. */
  readonly access: Access;
  /** The names and patterns of which that access is made. */
  readonly open: readonly string[];
  readonly settings: Settings;
}

/** What happened at a gateway since it started. */
export interface GatewayCounts {
  /** Clients that are connected now. */
  readonly peers: number;
  /** Connections and messages that were refused. */
  readonly refused: number;
  /** Messages that clients lost because they did not read in time. */
  readonly dropped: number;
}

/** A gateway that listens. */
export interface RunningGateway {
  /** Where a client reaches it, with the scheme of its protocol. */
  readonly url: string;
  readonly counts: GatewayCounts;
  /** Ends its connections; resolves when nothing of it is left. What does not end by itself is broken off within about a second. */
  stop(): Promise<void>;
}

/** Starts a gateway; resolves when it listens. Rejects with `config_invalid`, `port_in_use` or `system_error`, and then leaves nothing behind. */
export type StartGateway = (request: GatewayRequest, parts: GatewayParts) => Promise<RunningGateway>;

/** One protocol's gateway. */
export interface GatewayKind<Settings> {
  /** Where its protocol is usually found. */
  readonly defaultPort: number;
  /** Checks its own settings, an object of texts; a strict one, so that misspelt keys are told. */
  readonly settings: z.ZodType<Settings>;
  start(options: GatewayOptions<Settings>, parts: GatewayParts): Promise<RunningGateway>;
}

/** A gateway's start with the checks that all have in common: its settings, and that something is opened to it. */
export function gatewayStart<Settings>(kind: GatewayKind<Settings>): StartGateway {
  return async ({ gateway, host, port = kind.defaultPort, open, settings }, parts) => {
    if (open.length === 0) {
      const advice = "add open=NAME or open=PATTERN for each thing that its clients may reach (open=** for everything)";
      throw new BridgeError("config_invalid", `the gateway ${gateway} has no tokens and would show nothing; ${advice}`);
    }
    const checked = kind.settings.safeParse(settings);
    if (!checked.success)
      throw new BridgeError("config_invalid", `the gateway ${gateway}: ${reasonOf(kind.settings, checked.error)}`);
    return kind.start({ host, port, access: openedTo(open), open, settings: checked.data }, parts);
  };
}

function reasonOf(settings: z.ZodType, { issues: [issue] }: z.ZodError): string {
  if (issue?.code === "unrecognized_keys") {
    const own = settings instanceof z.ZodObject ? Object.keys(settings.shape) : [];
    return `there is no setting ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}; there are ${["host", "open", ...own].join(", ")}`;
  }
  const path = issue?.path.join(".") ?? "";
  return `${path === "" ? "" : `${path}: `}${issue?.message ?? "a setting is wrong"}`;
}
