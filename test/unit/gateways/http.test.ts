// SPDX-License-Identifier: MIT
// What the bridge answers over HTTP, to whom, and what it breaks off.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, it } from "mocha";
import { httpServer } from "../../../bridge/gateways/http.ts";
import { Pages } from "../../../bridge/gateways/pages.ts";
import { accessOf, FULL_ACCESS } from "../../../bridge/session/access.ts";
import { temporaryFolders } from "../../support/folder.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("the HTTP gateway", () => {
  const newFolder = temporaryFolders();
  let server: Server;
  let port: number;
  let folder: string;

  /** The gateway with the pages of the folder, on any port. */
  async function listening(quietMs: number): Promise<Server> {
    const listener = httpServer({
      pages: new Pages(folder),
      origins: ["https://lab.example.org"],
      admit: (token) =>
        token === "full" ? FULL_ACCESS : token === "ticket" ? accessOf({ channels: ["a"] }, 9e15) : undefined,
      health: () => `{"name":"test"}`,
      list: (access) => JSON.stringify({ full: access.full }),
      status: () => `{"uptimeMs":1}`,
      metrics: { type: "text/plain; version=0.0.4", text: () => "structwire_uptime_seconds 1\n" },
      log: () => undefined,
      quietMs,
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return listener;
  }

  beforeEach(async () => {
    folder = join(newFolder(), "pages");
    mkdirSync(join(folder, "assets"), { recursive: true });
    writeFileSync(join(folder, "page.html"), "<!doctype html><title>t</title>");
    writeFileSync(join(folder, "cell.mjs"), "export const a = 1;");
    writeFileSync(join(folder, "assets", "page.css"), "body{}");
    writeFileSync(join(folder, "secret.txt"), "secret");
    writeFileSync(join(folder, "..", "secret.js"), "secret");
    server = await listening(60_000);
    port = (server.address() as AddressInfo).port;
  });

  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  async function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
  }

  it("serves the page with a policy that allows nothing foreign", async () => {
    const { status, headers, body } = await ask("/");
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.match(body, /<title>/);
    assert.match(String(headers["content-security-policy"]), /default-src 'self'.*frame-ancestors 'none'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  it("serves modules to the pages of this machine and to listed ones alone", async () => {
    for (const [origin, allowed] of [
      ["http://localhost:8888", true],
      ["https://lab.example.org", true],
      ["https://example.org", false],
      ["null", false],
    ] as const) {
      const { status, headers } = await ask("/cell.mjs", { Origin: origin });
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
      assert.equal(headers["access-control-allow-origin"], allowed ? origin : undefined);
      assert.equal(headers["vary"], "Origin");
    }
  });

  it("sends a file again only when it has changed", async () => {
    const first = await ask("/assets/page.css");
    const etag = String(first.headers["etag"]);
    const again = await ask("/assets/page.css", { "If-None-Match": etag });
    assert.deepEqual([again.status, again.body], [304, ""]);
    writeFileSync(join(folder, "assets", "page.css"), "body{color:red}");
    assert.equal((await ask("/assets/page.css", { "If-None-Match": etag })).body, "body{color:red}");
  });

  it("answers HEAD without a body", async () => {
    const { status, headers, body } = await ask("/", {}, "HEAD");
    assert.deepEqual([status, headers["content-length"], body], [200, "31", ""]);
  });

  const odd = [
    "/secret.txt",
    "/../secret.js",
    "/assets/../secret.txt",
    "/assets/..%2fsecret.txt",
    "/assets/%2e%2e/secret.txt",
    "/assets/..",
    "/assets/.hidden.js",
    "/assets//page.css",
    "/assets/",
    "/assets/none.css",
    "/page.html",
    "/browser.mjs",
    "/nothing",
    "//example.org/",
    "/%00",
  ];
  for (const path of odd) {
    it(`answers 404 as JSON to ${path}`, async () => {
      const { status, headers, body } = await ask(path);
      assert.equal(status, 404);
      assert.equal(headers["content-type"], "application/json");
      assert.equal((JSON.parse(body) as { error: { code: string } }).error.code, "invalid_argument");
    });
  }

  it("answers 405 to other methods and says which it takes", async () => {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const { status, headers } = await ask("/", {}, method);
      assert.deepEqual([status, headers["allow"]], [405, "GET, HEAD"]);
    }
  });

  it("tells anybody that it is alive, and where the WebSocket is", async () => {
    assert.deepEqual(JSON.parse((await ask("/health")).body), { name: "test" });
    assert.equal((await ask("/ws")).status, 426);
  });

  const api: [string, Record<string, string>, number, string][] = [
    ["/api/list", {}, 401, "unauthorized"],
    ["/api/list", { Authorization: "Bearer wrong" }, 401, "unauthorized"],
    ["/api/list", { Authorization: "Basic full" }, 401, "unauthorized"],
    ["/api/list?token=full", {}, 401, "unauthorized"],
    ["/api/list", { Authorization: "Bearer full" }, 200, `{"full":true}`],
    ["/api/list", { Authorization: "bearer ticket" }, 200, `{"full":false}`],
    ["/api/status", { Authorization: "Bearer full" }, 200, `{"uptimeMs":1}`],
    ["/api/status", { Authorization: "Bearer ticket" }, 403, "forbidden"],
    ["/metrics", {}, 401, "unauthorized"],
    ["/metrics", { Authorization: "Bearer full" }, 200, "structwire_uptime_seconds 1"],
    ["/metrics", { Authorization: "Bearer ticket" }, 403, "forbidden"],
  ];
  for (const [path, headers, status, expected] of api) {
    it(`answers ${String(status)} to ${path} with ${headers["Authorization"] ?? "no token"}`, async () => {
      const answer = await ask(path, headers);
      assert.equal(answer.status, status);
      assert.ok(answer.body.includes(expected), answer.body);
      assert.equal(answer.headers["cache-control"], "no-store");
    });
  }

  it("breaks off a peer that does not read its answer", async () => {
    writeFileSync(join(folder, "plotly.mjs"), Buffer.alloc(32_000_000, "/"));
    const impatient = await listening(1000);
    const closed = new Promise<void>((resolve) => {
      impatient.once("connection", (accepted: Socket) => accepted.once("close", resolve));
    });
    const socket = connect((impatient.address() as AddressInfo).port, "127.0.0.1")
      .on("error", () => undefined)
      .pause();
    socket.write("GET /plotly.mjs HTTP/1.1\r\nHost: test\r\n\r\n");
    await closed;
    socket.destroy();
    impatient.close();
  });

  it("survives what is no HTTP", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write("\x16\x03\x01 this is TLS\r\n\r\n");
    await once(socket.resume(), "close");
    assert.equal((await ask("/health")).status, 200);
  });
});
