// SPDX-License-Identifier: MIT
// Driver addresses: URLs, of which `unix:/path` is the one that this bridge can dial.
import { BridgeError } from "../model/errors.ts";

/** Bytes of a socket path that the system takes, without its NUL. */
export const MAX_PATH_BYTES: { readonly linux: number; readonly other: number } = { linux: 107, other: 103 };

/** An address that can be dialled. */
export interface DriverAddress {
  /** As it stands in the directory. */
  readonly url: string;
  readonly path: string;
  /** What the driver is probably called: shown until it has said its name. */
  readonly guess: string;
}

/** Reads `unix:/path`. Throws `unsupported` for other schemes, `invalid_argument` for what is no absolute path, `path_too_long`. */
export function parseAddress(text: string, platform: string = process.platform): DriverAddress {
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(text)?.[1];
  if (scheme !== "unix") {
    const shown = text.slice(0, 80);
    throw new BridgeError(
      "unsupported",
      `"${shown}" is not an address this bridge can dial: use unix:/path/to/NAME.sock`,
    );
  }
  const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new BridgeError("invalid_argument", `"${text.slice(0, 80)}" needs an absolute path: unix:/path/to/NAME.sock`);
  }
  const limit = platform === "linux" ? MAX_PATH_BYTES.linux : MAX_PATH_BYTES.other;
  if (Buffer.byteLength(path) > limit) {
    const advice = "use a shorter folder, e.g. by STRUCTWIRE_RUNTIME_DIR";
    throw new BridgeError(
      "path_too_long",
      `a socket path may have ${String(limit)} bytes: "${path.slice(0, 120)}…"; ${advice}`,
    );
  }
  const guess = (path.split("/").at(-1) ?? path).replace(/\.sock$/, "");
  return { url: `unix:${path}`, path, guess };
}
