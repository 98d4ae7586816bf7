// SPDX-License-Identifier: MIT
// Starts what is measured: the bridge, and what it is compared with. Each reads from a Unix socket and serves clients on a TCP port.
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { bring, NEEDS } from "../../scripts/tools/needs.ts";
import { ROOT } from "../../scripts/tools/paths.ts";
import { pythonProgram } from "../../scripts/tools/python.ts";
import type { Child, Children } from "./children.ts";
import type { Folder } from "./folder.ts";

/** Something that serves samples. */
export interface Server {
  readonly child: Child;
  readonly port: number;
  /** Empty where none is asked for. */
  readonly token: string;
}

/** A program of bench/native. */
export function nativeProgram(name: string): string {
  return join(ROOT, "build", "bench", name);
}

/** Our bridge, as its users start it; it finds the drivers of the folder. */
export async function startBridge(
  children: Children,
  folder: Folder,
  nodeFlags: readonly string[] = [],
): Promise<Server> {
  const cli = join(ROOT, "dist", "bridge", "cli", "main.js");
  const child = children.start(process.execPath, [...nodeFlags, cli, "serve", "--port", "0"], folder.env);
  const [, link = ""] = /^ready (\S+)/.exec(await child.line()) ?? [];
  const url = new URL(link);
  return { child, port: Number(url.port), token: new URLSearchParams(url.hash.slice(1)).get("token") ?? "" };
}

/** A program that prints its port. */
async function printing(child: Child): Promise<Server> {
  return { child, port: Number(await child.line()), token: "" };
}

export function startRelay(children: Children, path: string): Promise<Server> {
  return printing(children.start(nativeProgram("relay"), [path]));
}

export function startTornado(
  children: Children,
  path: string,
  mode: "batch" | "message" | "blobs" | "echo",
): Promise<Server> {
  const script = join(ROOT, "bench", "peers", "tornado_bridge.py");
  return printing(children.start(pythonProgram("peers", "python"), [script, mode, path]));
}

export function startNode(
  children: Children,
  program: "pipe" | "fan" | "plumber",
  args: readonly string[],
): Promise<Server> {
  const script = join(ROOT, "bench", "peers", `${program}.ts`);
  return printing(children.start(process.execPath, ["--import", "tsx", script, ...args]));
}

/** Programs that publish and read small JSON messages on a server; says when they are connected. */
export async function startPrograms(
  children: Children,
  form: "bridge" | "socket.io",
  { port, token }: Pick<Server, "port" | "token">,
  count: number,
): Promise<Child> {
  const script = join(ROOT, "bench", "peers", "programs.ts");
  const args = ["--import", "tsx", script, form, String(port), String(count), token];
  const child = children.start(process.execPath, args);
  await child.line();
  return child;
}

export async function startWebsockify(children: Children, path: string): Promise<Server> {
  const port = await freePort();
  const listen = `127.0.0.1:${String(port)}`;
  const child = children.start(pythonProgram("peers", "websockify"), ["--unix-target", path, listen]);
  await answers(port, child);
  return { child, port, token: "" };
}

export async function startNats(children: Children, folder: Folder): Promise<Server> {
  const port = await freePort();
  const file = join(folder.path, "nats.conf");
  // No ping, as it would have to be answered.
  writeFileSync(file, `listen: "127.0.0.1:${String(port)}"\nping_interval: "1h"\nmax_pending: 256MB\n`);
  const found = await bring(NEEDS["nats-server"]);
  if ("reason" in found) throw new Error(found.reason);
  const child = children.start(found.path, ["--config", file]);
  await answers(port, child);
  return { child, port, token: "" };
}

/** Resolves once somebody listens on a port. Rejects when the program that should has ended. */
async function answers(port: number, child: Child): Promise<void> {
  while (!(await takesConnections(port))) {
    if (child.over) await child.line();
    await setTimeout(5);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(false);
    });
  });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
