// SPDX-License-Identifier: MIT
// Opens the page in the user's browser, without showing the token to other users of the machine.
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether there is a desktop to open a browser on. */
export function hasDesktop(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  const displays = [env["DISPLAY"], env["WAYLAND_DISPLAY"]];
  return platform === "darwin" || displays.some((display) => display !== undefined && display !== "");
}

/**
 * Opens a link by way of a file that only this user can read, because command lines are seen by everybody. Returns what removes the file. Does nothing visible when
 * no browser can be started.
 */
export function openPage(link: string, folder: string): () => void {
  const path = join(folder, `open-${String(process.pid)}.html`);
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${escape(link)}"><title>Structwire</title>`;
  writeFileSync(path, page, { mode: 0o600 });
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(opener, [path], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
  return () => {
    rmSync(path, { force: true });
  };
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
