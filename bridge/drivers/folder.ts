// SPDX-License-Identifier: MIT
// Watches the folder in which drivers put their sockets, and keeps a dialer for each of them.
import { watch, type FSWatcher } from "node:fs";
import { readdir } from "node:fs/promises";
import { BridgeError } from "../model/errors.ts";
import type { Dialer, LogLine } from "./dialer.ts";

/** The folder is read again at least this often: a file system may lose events. */
export const RESCAN_MS = 2000;

/** Drivers of one folder; further sockets are not dialled. */
export const MAX_DRIVERS = 256;

/** What a folder needs. */
export interface FolderOptions {
  readonly folder: string;
  /** The dialer of an address, new or the one that was given by hand. */
  open(url: string): Dialer;
  /** The socket is gone, its driver was connected before: it need not be dialled. */
  rest(dialer: Dialer): void;
  /** The socket is gone, nobody ever answered: it may be forgotten. */
  drop(dialer: Dialer): void;
  readonly log: LogLine;
}

/** A watched folder. */
export class DriverFolder {
  readonly #options: FolderOptions;
  /** By file name: sockets that are there, and drivers that were connected and whose socket is gone. */
  readonly #dialers = new Map<string, { readonly dialer: Dialer; there: boolean }>();
  readonly #refused = new Set<string>();
  /** Something happened to these files: perhaps a driver is back under its old name. */
  readonly #touched = new Set<string>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  /** Dials what is there and watches. Resolves when the folder was read once. */
  start(): Promise<void> {
    try {
      this.#watcher = watch(this.#options.folder, (_event, name) => {
        if (name !== null) this.#touched.add(name);
        void this.#scan();
      });
      this.#watcher.on("error", (error) => {
        this.#options.log("warn", "cannot watch the drivers' folder; it is read every 2 s", { error });
      });
    } catch (error) {
      this.#options.log("warn", "cannot watch the drivers' folder; it is read every 2 s", { error });
    }
    this.#timer = setInterval(() => void this.#scan(), RESCAN_MS);
    return this.#scan();
  }

  /** Stops watching; the dialers go on. Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#watcher?.close();
    clearInterval(this.#timer);
    await this.#scanning;
  }

  /** One reading at a time; what changes meanwhile is seen by another one. */
  #scan(): Promise<void> {
    this.#again = this.#scanning !== undefined;
    this.#scanning ??= this.#read().finally(() => {
      this.#scanning = undefined;
      if (this.#again && !this.#stopped) void this.#scan();
    });
    return this.#scanning;
  }

  async #read(): Promise<void> {
    let names: string[] = [];
    try {
      names = await readdir(this.#options.folder);
    } catch (error) {
      this.#options.log("debug", "cannot read the drivers' folder", { error });
    }
    if (this.#stopped) return;
    const sockets = new Set(names.filter((name) => name.endsWith(".sock")));
    for (const [name, entry] of this.#dialers) if (!sockets.has(name)) this.#gone(name, entry);
    for (const name of this.#refused) if (!sockets.has(name)) this.#refused.delete(name);
    for (const name of sockets) this.#found(name);
    this.#touched.clear();
  }

  #found(name: string): void {
    const known = this.#dialers.get(name);
    if (known === undefined) {
      this.#add(name);
    } else if (!known.there || this.#touched.has(name)) {
      known.there = true;
      known.dialer.dial();
    }
  }

  #add(name: string): void {
    if (this.#refused.has(name)) return;
    try {
      if (this.#dialers.size >= MAX_DRIVERS) this.#makeRoom();
      const dialer = this.#options.open(`unix:${this.#options.folder}/${name}`);
      this.#dialers.set(name, { dialer, there: true });
      dialer.dial();
    } catch (thrown) {
      this.#refused.add(name);
      this.#options.log("warn", "a socket in the drivers' folder is not dialled", { name, error: thrown });
    }
  }

  /** A driver that was connected stays in the directory, as down, so that nobody wonders where it is. */
  #gone(name: string, entry: { readonly dialer: Dialer; there: boolean }): void {
    if (!entry.there) return;
    entry.there = false;
    if (entry.dialer.wasUp) {
      this.#options.rest(entry.dialer);
      return;
    }
    this.#dialers.delete(name);
    this.#options.drop(entry.dialer);
  }

  #makeRoom(): void {
    for (const [name, { dialer, there }] of this.#dialers) {
      if (there) continue;
      this.#dialers.delete(name);
      this.#options.drop(dialer);
      return;
    }
    throw new BridgeError("busy", `the folder holds more than ${String(MAX_DRIVERS)} drivers`);
  }
}
