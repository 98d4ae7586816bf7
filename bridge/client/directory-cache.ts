// SPDX-License-Identifier: MIT
// The directory as the client last knew it, changed by the bridge's events.
import type { Directory, DirectoryEntry, DirectoryName } from "../session/messages.ts";

/** What makes one directory out of another. */
export interface DirectoryChange {
  readonly added: readonly DirectoryEntry[];
  readonly changed: readonly DirectoryEntry[];
  readonly removed: readonly DirectoryName[];
}

const LISTS = ["drivers", "channels", "parameters", "services", "streams"] as const;

export const EMPTY_DIRECTORY: Directory = { drivers: [], channels: [], parameters: [], services: [], streams: [] };

/** A new directory with the change made; entries stay in the order in which they came. */
export function applyChange(directory: Directory, change: DirectoryChange): Directory {
  const entries = new Map(entriesOf(directory));
  for (const name of change.removed) {
    for (const [key, entry] of entries) if (isNamed(entry, name)) entries.delete(key);
  }
  for (const entry of [...change.added, ...change.changed]) entries.set(keyOf(entry), entry);
  return directoryOf([...entries.values()]);
}

/** What changed between two directories; entries are compared by their text. */
export function compareDirectories(before: Directory, after: Directory): DirectoryChange {
  const old = new Map(entriesOf(before));
  const now = new Map(entriesOf(after));
  const added: DirectoryEntry[] = [];
  const changed: DirectoryEntry[] = [];
  for (const [key, entry] of now) {
    const earlier = old.get(key);
    if (earlier === undefined) added.push(entry);
    else if (JSON.stringify(earlier) !== JSON.stringify(entry)) changed.push(entry);
  }
  const removed = [...old].filter(([key]) => !now.has(key)).map(([, entry]) => nameOf(entry));
  return { added, changed, removed };
}

function entriesOf(directory: Directory): [string, DirectoryEntry][] {
  return LISTS.flatMap((list) => directory[list].map((entry): [string, DirectoryEntry] => [keyOf(entry), entry]));
}

function directoryOf(entries: readonly DirectoryEntry[]): Directory {
  const directory = {
    drivers: [] as Directory["drivers"][number][],
    channels: [] as Directory["channels"][number][],
    parameters: [] as Directory["parameters"][number][],
    services: [] as Directory["services"][number][],
    streams: [] as Directory["streams"][number][],
  };
  for (const entry of entries) {
    if ("parameter" in entry) directory.parameters.push(entry);
    else if ("service" in entry) directory.services.push(entry);
    else if ("provider" in entry) directory.streams.push(entry);
    else if ("channel" in entry) directory.channels.push(entry);
    else directory.drivers.push(entry);
  }
  return directory;
}

/** A parameter and a stream name their channel, a channel its driver, so the order of these questions matters. */
function nameOf(entry: DirectoryEntry): DirectoryName {
  if ("parameter" in entry) return { parameter: entry.parameter };
  if ("service" in entry) return { service: entry.service };
  if ("provider" in entry) return { stream: entry.stream };
  if ("channel" in entry) return { channel: entry.channel };
  // A second driver of one name, which is refused, is an entry of its own.
  return { driver: entry.driver, address: entry.address };
}

function isNamed(entry: DirectoryEntry, name: DirectoryName): boolean {
  const own: Readonly<Record<string, unknown>> = { ...nameOf(entry) };
  return Object.entries(name).every(([key, value]) => own[key] === value);
}

function keyOf(entry: DirectoryEntry): string {
  const name = nameOf(entry);
  // A driver's name is a guess until it has said it; its address stays.
  return JSON.stringify("address" in name ? { address: name.address } : name);
}
