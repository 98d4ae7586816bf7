// SPDX-License-Identifier: MIT
// What the gateway answers over plain HTTP: the way to the bridge's pages, which stood on the same port in the original.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../hub/ports.ts";
import type { Gate } from "../../session/gate.ts";

/** How long a page stays open to who was sent there; going there again is enough for a new one. */
const TICKET_MS = 12 * 60 * 60 * 1000;

/** What is needed to send a browser on. */
export interface PageParts {
  readonly gate: Gate;
  readonly clock: Clock;
  /** The bridge's own address. */
  readonly url: string;
  /** What the gateway opens: what the pages may reach. */
  readonly open: readonly string[];
}

/** The pages, and what they show unless the query says otherwise. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ["/plot", "?channel=data"],
  ["/knob", ""],
  ["/sensor", ""],
]);

/** Answers requests: for a page by its place at the bridge, with a ticket for what everybody may reach here. Throws `message_too_large` when more is opened than a ticket can name. */
export function pageAnswer(parts: PageParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { gate, clock, open } = parts;
  const ticket = (): string =>
    gate.issue({ channels: open, services: open, streams: open, publish: open }, Math.floor(clock.now() + TICKET_MS));
  ticket(); // one that would be too long is told at the start, not to a browser
  return ({ method, url = "/" }, response) => {
    const [path = "", query] = url.split("?", 2);
    const usual = PAGES.get(path);
    if (usual === undefined || method !== "GET") {
      response.writeHead(404, { "Content-Type": "text/plain" });
      response.end("Socket.IO is at /socket.io, the pages at /plot, /knob and /sensor\n");
      return;
    }
    const asked = query === undefined ? usual : `?${query}`;
    response.writeHead(302, {
      Location: `${parts.url}${path}${asked}#token=${ticket()}`,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    });
    response.end();
  };
}
