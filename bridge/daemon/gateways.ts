// SPDX-License-Identifier: MIT
// The gateways of foreign protocols that a bridge opens: which there are, and those that run.
import type { GatewayCounts, GatewayParts, RunningGateway, StartGateway } from "../gateways/gateway.ts";
import { startJsonWs } from "../gateways/json-ws/gateway.ts";
import { startSocketIo } from "../gateways/socket-io/gateway.ts";
import { parseGatewayRequest, type GatewayRequest } from "../gateways/request.ts";
import { startZmq } from "../gateways/zmq/gateway.ts";
import { BridgeError } from "../model/errors.ts";

/** All that there are; each loads the libraries of its protocol only when it is started. */
const GATEWAYS: ReadonlyMap<string, StartGateway> = new Map([
  ["json-ws", startJsonWs],
  ["socket-io", startSocketIo],
  ["zmq", startZmq],
]);

/** A gateway that runs, as `status` shows it. */
export interface GatewayState extends GatewayCounts {
  readonly gateway: string;
  readonly url: string;
  /** What its clients may reach. */
  readonly open: readonly string[];
}

/** Checks the text of a request; gives it back. Throws `config_invalid`. */
export function checkGateway(text: string): string {
  requestOf(text);
  return text;
}

/** The gateways of one bridge. */
export class Gateways {
  readonly #running: { readonly request: GatewayRequest; readonly gateway: RunningGateway }[] = [];

  /** In the order in which they were asked for. */
  get states(): readonly GatewayState[] {
    return this.#running.map(({ request, gateway }) => {
      const { peers, refused, dropped } = gateway.counts;
      return { gateway: request.gateway, url: gateway.url, peers, refused, dropped, open: request.open };
    });
  }

  /** Opens them; resolves when all listen. Rejects as {@link StartGateway} does; {@link stop} then ends those that listen already. */
  async start(texts: readonly string[], parts: GatewayParts): Promise<void> {
    for (const text of texts) {
      const { request, start } = requestOf(text);
      this.#running.push({ request, gateway: await start(request, parts) });
    }
  }

  /** Resolves when nothing of them is left. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map(({ gateway }) => gateway.stop()));
  }
}

function requestOf(text: string): { readonly request: GatewayRequest; readonly start: StartGateway } {
  const request = parseGatewayRequest(text);
  const start = GATEWAYS.get(request.gateway);
  if (start !== undefined) return { request, start };
  const known = [...GATEWAYS.keys()].join(", ");
  throw new BridgeError("config_invalid", `there is no gateway "${request.gateway}"; these are: ${known}`);
}
