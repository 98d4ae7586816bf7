// SPDX-License-Identifier: MIT
// What the bridge answers over plain HTTP: the page and its parts, whether it is alive, and two questions for scripts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { ErrorCode } from "../model/errors.ts";
import type { Access } from "../session/access.ts";
import { isAllowedOrigin } from "./origin.ts";
import type { Pages } from "./pages.ts";
import { tellPlainPeers } from "./plain-door.ts";

/** Connections of all kinds at a time. */
export const MAX_CONNECTIONS = 1024;

/** A request's head must have come within this. */
export const HEAD_MS = 10_000;

/** A connection on which so long nothing moves is broken off, also one whose peer does not read its answer. */
export const QUIET_MS = 30_000;

/** What the server needs. */
export interface HttpOptions {
  readonly pages: Pages;
  readonly origins: readonly string[];
  /** Serves https with this certificate: PEM texts, the server's own first. */
  readonly tls?: { readonly key: string; readonly chain: string; readonly root: string | null } | undefined;
  /** Who holds this token or ticket; undefined: nobody. */
  admit(token: string): Access | undefined;
  /** These give JSON text. `health` holds nothing secret. */
  health(): string;
  list(access: Access): string;
  status(): string;
  /** For Prometheus: the text and its content type. */
  readonly metrics: { readonly type: string; text(): string };
  log(text: string, details: object): void;
  /** Instead of {@link QUIET_MS}. */
  readonly quietMs?: number;
}

/** Only from this bridge, never inside another page, no inline script; data and blobs as pictures for plots. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Makes the server; it does not listen yet. Requests never throw. */
export function httpServer(options: HttpOptions): Server {
  const { tls } = options;
  const heard = (request: IncomingMessage, response: ServerResponse): void => {
    answer(options, request, response).catch((error: unknown) => {
      options.log("a request failed", { error, url: request.url });
      if (!response.headersSent) sendError(response, 500, "internal", "a fault of the bridge itself");
      else response.destroy();
    });
  };
  const limits = { headersTimeout: HEAD_MS, requestTimeout: HEAD_MS };
  const server =
    tls === undefined
      ? createServer(limits, heard)
      : createSecureServer({ ...limits, key: tls.key, cert: tls.chain, handshakeTimeout: HEAD_MS }, heard);
  if (tls !== undefined) tellPlainPeers(server);
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = options.quietMs ?? QUIET_MS; // of plain HTTP; a WebSocket has its own rules
  return server;
}

async function answer(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = "/"] = (request.url ?? "/").split("?", 1);
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Referrer-Policy", "no-referrer");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    sendError(response, 405, "unsupported", "only GET and HEAD are answered here");
    return;
  }
  switch (path) {
    case "/certificate.crt":
      sendCertificate(options, response);
      return;
    case "/health":
      sendJson(response, 200, options.health());
      return;
    case "/api/list":
    case "/api/status":
    case "/metrics":
      sendApi(options, path, request, response);
      return;
    case "/ws":
      response.setHeader("Upgrade", "websocket");
      sendError(response, 426, "bad_message", "this is a WebSocket; see docs/client-protocol.md");
      return;
    default:
      if (options.pages.has(path)) await sendPage(options, path, request, response);
      else sendError(response, 404, "invalid_argument", "there is nothing at this path");
  }
}

/** What a phone installs to trust this bridge; it is no secret. */
function sendCertificate({ tls }: HttpOptions, response: ServerResponse): void {
  const root = tls?.root ?? null;
  if (root === null) sendError(response, 404, "invalid_argument", "this bridge has no certificate of its own");
  else send(response, 200, "application/x-x509-ca-cert", Buffer.from(root));
}

function sendApi(options: HttpOptions, path: string, request: IncomingMessage, response: ServerResponse): void {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const access = token === undefined ? undefined : options.admit(token);
  if (access === undefined) {
    response.setHeader("WWW-Authenticate", "Bearer");
    sendError(response, 401, "unauthorized", "send the bridge's token as Authorization: Bearer TOKEN");
  } else if (path === "/api/list") {
    sendJson(response, 200, options.list(access));
  } else if (access.full && path === "/metrics") {
    response.setHeader("Cache-Control", "no-store");
    send(response, 200, options.metrics.type, Buffer.from(options.metrics.text()));
  } else if (access.full) {
    sendJson(response, 200, options.status());
  } else {
    sendError(response, 403, "forbidden", "a ticket does not allow to read the bridge's state");
  }
}

async function sendPage(
  options: HttpOptions,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = await options.pages.read(path);
  const { origin } = request.headers;
  const isHtml = page?.type.startsWith("text/html") === true;
  if (!isHtml) {
    response.setHeader("Vary", "Origin");
    // Cells of a notebook import these from the page of the notebook.
    if (origin !== undefined && isAllowedOrigin(origin, options.origins)) {
      response.setHeader("Access-Control-Allow-Origin", origin);
    }
  }
  if (page === undefined) {
    sendError(response, 404, "invalid_argument", "this file is not there; build the pages with `npm run build:pages`");
    return;
  }
  if (isHtml) response.setHeader("Content-Security-Policy", CONTENT_POLICY);
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("ETag", page.etag);
  if (request.headers["if-none-match"] === page.etag) {
    response.writeHead(304).end();
    return;
  }
  send(response, 200, page.type, page.bytes);
}

function sendJson(response: ServerResponse, status: number, json: string): void {
  response.setHeader("Cache-Control", "no-store");
  send(response, status, "application/json", Buffer.from(json));
}

function sendError(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  sendJson(response, status, JSON.stringify({ error: { code, message } }));
}

/** Node leaves the body out for HEAD. */
function send(response: ServerResponse, status: number, type: string, body: Uint8Array): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": body.byteLength }).end(body);
}
