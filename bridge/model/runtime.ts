// SPDX-License-Identifier: MIT
// The rule for the runtime folder, the same as in native/posix, and the shape of the file by which a bridge is found.
import { checkShortName } from "./names.ts";

/** What a running bridge writes to `bridges/NAME.json`. */
export interface BridgeFile {
  readonly name: string;
  readonly pid: number;
  /** `http://HOST:PORT`, or `https:` */
  readonly url: string;
  readonly token: string;
  /** ms since 1970 */
  readonly started: number;
  readonly version: string;
  /** Of https: the certificate that clients of this machine accept there, with its chain, as PEM text. */
  readonly certificate?: string;
}

/** Whether a bridge's answer to `GET /health` is that of the bridge that wrote `file`: process numbers and ports are given out again. */
export function isHealthOf(file: BridgeFile, text: string): boolean {
  try {
    const { name, pid } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return name === file.name && pid === file.pid;
  } catch {
    return false;
  }
}

/**
 * The runtime folder: `$STRUCTWIRE_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/structwire`, else `structwire-UID` in `$TMPDIR`, else in
 * `temporary`. Empty variables count as absent.
 */
export function runtimeFolder(
  env: Readonly<Record<string, string | undefined>>,
  uid: number,
  temporary: string = "/tmp",
): string {
  const own = env["STRUCTWIRE_RUNTIME_DIR"];
  if (own !== undefined && own !== "") return own;
  const session = env["XDG_RUNTIME_DIR"];
  if (session !== undefined && session !== "") return `${session}/structwire`;
  const given = env["TMPDIR"];
  const base = given !== undefined && given !== "" ? given : temporary;
  return `${base.replace(/(?<=.)\/+$/, "")}/structwire-${String(uid)}`;
}

/** Where drivers put their sockets. */
export function driversFolder(folder: string): string {
  return `${folder}/drivers`;
}

/** Where bridges put their files. */
export function bridgesFolder(folder: string): string {
  return `${folder}/bridges`;
}

/** The file of the bridge `name`. Throws `name_invalid`. */
export function bridgeFilePath(folder: string, name: string): string {
  return `${bridgesFolder(folder)}/${checkBridgeName(name)}.json`;
}

/** The state folder: `$XDG_STATE_HOME/structwire`, else `.local/state/structwire` in `home`. An empty variable counts as absent. */
export function stateFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = env["XDG_STATE_HOME"];
  const base = given !== undefined && given !== "" ? given : `${home}/.local/state`;
  return `${base.replace(/(?<=.)\/+$/, "")}/structwire`;
}

/** Where the token of the bridge `name` is kept. Throws `name_invalid`. */
export function stateTokenPath(folder: string, name: string): string {
  return `${folder}/tokens/${checkBridgeName(name)}.token`;
}

/** Where the presets of the bridge `name` are kept, a file for each. Throws `name_invalid`. */
export function statePresetsFolder(folder: string, name: string): string {
  return `${folder}/presets/${checkBridgeName(name)}`;
}

/** Throws `name_invalid` unless `name` is one level of 1 to 64 bytes that is no folder of its own (`.`, `..`). */
export function checkBridgeName(name: string): string {
  return checkShortName(name, "bridge's");
}

/** Reads the text of a bridge's file; undefined when it is none, whatever it holds. */
export function parseBridgeFile(text: string): BridgeFile | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const { name, pid, url, token, started, version, certificate } = json as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || typeof url !== "string" || typeof token !== "string") return undefined;
  // What is no URL of a bridge would break whoever asks there.
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  if (typeof pid !== "number" || typeof started !== "number" || typeof version !== "string") return undefined;
  const pinned = typeof certificate === "string" ? { certificate } : {};
  return { name, pid, url, token, started, version, ...pinned };
}

/**
 * Whether this process is a Jupyter kernel itself: Jupyter says so in the environment, which children inherit, and
 * gives the connection file on the command line, which they do not. A kernel that is told to shut down ends only when nothing keeps it alive.
 */
export function isJupyterKernel(env: Readonly<Record<string, string | undefined>>, argv: readonly string[]): boolean {
  return env["JPY_PARENT_PID"] !== undefined && argv.slice(1).some((argument) => argument.endsWith(".json"));
}
