// SPDX-License-Identifier: MIT
// What some test suites need beyond Node and the compilers: how to find it, and how to bring it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bringDeno, findDeno } from "./deno.ts";
import { bringNodeHeaders, findNodeHeaders } from "./node-headers.ts";
import { ROOT, TOOLS } from "./paths.ts";
import { findProgram, installPackages, unpackPackage } from "./programs.ts";
import { bringPythonTools, hasPythonTools, pythonProgram } from "./python.ts";
import { mustRun } from "./run.ts";

/** One thing that a suite needs. */
export interface Need {
  readonly name:
    | "chromium"
    | "clang"
    | "cross-compilers"
    | "deno"
    | "gateway-clients"
    | "jupyter"
    | "jupyterlab"
    | "libfuzzer"
    | "library-headers"
    | "nats-server"
    | "node-headers"
    | "numpy"
    | "other-node"
    | "pkg-config"
    | "python-peers"
    | "pyzmq";
  /** Where it is, if it is there. */
  readonly find: () => string | undefined;
  /** Brings it. Throws, or returns, a reason why it could not. */
  readonly bring: () => Promise<string | undefined>;
}

const CHROMIUM: Need = {
  name: "chromium",
  find: () => findProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
  bring: () => installPackages(["chromium", "fonts-dejavu-core"]),
};

const CLANG: Need = {
  name: "clang",
  find: () => findProgram("clang"),
  bring: () => installPackages(["clang"]),
};

/** The runtime of clang's fuzzer, which Debian's clang only recommends. */
const LIBFUZZER: Need = {
  name: "libfuzzer",
  find: () => {
    const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
    const runtime = clangSays(`-print-file-name=libclang_rt.fuzzer-${machine}.a`);
    return existsSync(runtime) ? runtime : undefined;
  },
  bring: async () => {
    const reason = CLANG.find() === undefined ? await CLANG.bring() : undefined;
    if (reason !== undefined) return reason;
    return installPackages([`libclang-rt-${clangSays("-dumpversion").split(".")[0] ?? ""}-dev`]);
  },
};

function clangSays(question: string): string {
  const { stdout } = spawnSync("clang", [question], { encoding: "utf8" });
  return typeof stdout === "string" ? stdout.trim() : "";
}

/** Compilers for other machines with their C libraries, and what runs their programs. */
const CROSS_PROGRAMS = [
  ...["i686-linux-gnu", "arm-linux-gnueabihf", "aarch64-linux-gnu", "powerpc-linux-gnu"].map((name) => `${name}-gcc`),
  ...["qemu-i386", "qemu-arm", "qemu-aarch64", "qemu-ppc"],
];

const CROSS_COMPILERS: Need = {
  name: "cross-compilers",
  find: () => {
    const found = CROSS_PROGRAMS.map((name) => findProgram(name));
    return found.includes(undefined) ? undefined : found[0];
  },
  bring: () =>
    installPackages([
      ...["gcc-i686-linux-gnu", "gcc-arm-linux-gnueabihf", "gcc-aarch64-linux-gnu", "gcc-powerpc-linux-gnu"],
      ...["libc6-dev-i386-cross", "libc6-dev-armhf-cross", "libc6-dev-arm64-cross", "libc6-dev-powerpc-cross"],
      "qemu-user",
    ]),
};

const DENO: Need = {
  name: "deno",
  find: findDeno,
  bring: async () => {
    await bringDeno();
    return undefined;
  },
};

const PKG_CONFIG: Need = {
  name: "pkg-config",
  find: () => findProgram("pkg-config"),
  bring: () => installPackages(["pkgconf"]),
};

const NODE_HEADERS: Need = {
  name: "node-headers",
  find: findNodeHeaders,
  bring: async () => {
    await bringNodeHeaders();
    return undefined;
  },
};

const LIBRARY_HEADERS: Need = {
  name: "library-headers",
  find: () => {
    const wanted = ["expat.h", "lzma.h", "openssl/evp.h", "png.h", "sqlite3.h", "zlib.h"];
    return wanted.every((name) => existsSync(join("/usr/include", name))) ? "/usr/include" : undefined;
  },
  bring: () =>
    installPackages([
      ...["libbz2-dev", "libexpat1-dev", "libjpeg-dev", "liblzma-dev", "libpng-dev", "libsqlite3-dev", "libssl-dev"],
      ...["uuid-dev", "zlib1g-dev"],
    ]),
};

const JUPYTER: Need = {
  name: "jupyter",
  find: () => (hasPythonTools("notebook") ? pythonProgram("notebook", "python") : undefined),
  bring: async () => {
    await bringPythonTools("notebook");
    return undefined;
  },
};

const JUPYTERLAB: Need = {
  name: "jupyterlab",
  find: () => (hasPythonTools("lab") ? pythonProgram("lab", "python") : undefined),
  bring: async () => {
    await bringPythonTools("lab");
    return undefined;
  },
};

const NATS_FOLDER = join(TOOLS, "nats-server");

// Taken out of its package rather than installed, as that would start it as a service of the machine.
const NATS_SERVER: Need = {
  name: "nats-server",
  find: () => {
    const unpacked = join(NATS_FOLDER, "usr", "sbin", "nats-server");
    return existsSync(unpacked) ? unpacked : findProgram("nats-server");
  },
  bring: () => unpackPackage("nats-server", NATS_FOLDER),
};

const PYTHON_PEERS: Need = {
  name: "python-peers",
  find: () => (hasPythonTools("peers") ? pythonProgram("peers", "python") : undefined),
  bring: async () => {
    await bringPythonTools("peers");
    return undefined;
  },
};

const NUMPY: Need = {
  name: "numpy",
  find: () => (hasPythonTools("numpy") ? pythonProgram("numpy", "python") : undefined),
  bring: async () => {
    await bringPythonTools("numpy");
    return undefined;
  },
};

const GATEWAY_CLIENTS: Need = {
  name: "gateway-clients",
  find: () => {
    const isThere = hasPythonTools("gateways") && hasPythonTools("gateways-old");
    return isThere ? pythonProgram("gateways", "python") : undefined;
  },
  bring: async () => {
    await bringPythonTools("gateways");
    await bringPythonTools("gateways-old");
    return undefined;
  },
};

const PYZMQ: Need = {
  name: "pyzmq",
  find: () => (hasPythonTools("zmq") ? pythonProgram("zmq", "python") : undefined),
  bring: async () => {
    await bringPythonTools("zmq");
    return undefined;
  },
};

// One of the supported versions that is not the machine's, pinned so that a run tomorrow is the run of today.
const OTHER_NODE_VERSION = process.versions.node.startsWith("24.") ? "22.23.3" : "24.21.0";

const OTHER_NODE: Need = {
  name: "other-node",
  find: () => {
    const program = join(otherNodeFolder(), "node_modules", otherNodePackage(), "bin", "node");
    return existsSync(program) ? program : undefined;
  },
  bring: async () => {
    const wanted = `${otherNodePackage()}@${OTHER_NODE_VERSION}`;
    const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
    await mustRun("npm", ["install", "--prefix", otherNodeFolder(), ...quiet, wanted], { cwd: ROOT });
    return undefined;
  },
};

function otherNodePackage(): string {
  return `node-linux-${process.arch}`;
}

function otherNodeFolder(): string {
  return join(TOOLS, `node-${OTHER_NODE_VERSION}`);
}

/** All needs by name. */
export const NEEDS: Readonly<Record<Need["name"], Need>> = {
  chromium: CHROMIUM,
  clang: CLANG,
  "cross-compilers": CROSS_COMPILERS,
  deno: DENO,
  "gateway-clients": GATEWAY_CLIENTS,
  jupyter: JUPYTER,
  jupyterlab: JUPYTERLAB,
  libfuzzer: LIBFUZZER,
  "library-headers": LIBRARY_HEADERS,
  "nats-server": NATS_SERVER,
  "node-headers": NODE_HEADERS,
  numpy: NUMPY,
  "other-node": OTHER_NODE,
  "pkg-config": PKG_CONFIG,
  "python-peers": PYTHON_PEERS,
  pyzmq: PYZMQ,
};

/** Finds a need, after bringing it if it was missing. Never rejects: what could not be brought has a reason. */
export async function bring(need: Need): Promise<{ readonly path: string } | { readonly reason: string }> {
  const found = need.find();
  if (found !== undefined) return { path: found };
  let reason: string | undefined;
  try {
    reason = await need.bring();
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  const path = need.find();
  return path === undefined ? { reason: reason ?? "it was installed but is not on the PATH" } : { path };
}
