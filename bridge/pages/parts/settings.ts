// SPDX-License-Identifier: MIT
// What the page remembers from one visit to the next in this browser: how it looks and what was plotted, never a token or a value.

const KEY = "structwire.page";

export type Theme = "system" | "light" | "dark";

/** A plotted number by name. */
export interface SavedField {
  readonly channel: string;
  readonly path: string;
  readonly element: number;
}

export interface Settings {
  readonly theme: Theme;
  readonly windowS: number;
  readonly plotted: readonly SavedField[];
  /** Channels that are opened in the list; null: nobody chose yet. */
  readonly opened: readonly string[] | null;
  readonly logsOpen: boolean;
}

const DEFAULTS: Settings = { theme: "system", windowS: 10, plotted: [], opened: null, logsOpen: true };

/** The saved settings; what is missing or odd gets its default. */
export function loadSettings(storage: Pick<Storage, "getItem">): Settings {
  const found = read(storage);
  return {
    theme: found.theme === "light" || found.theme === "dark" ? found.theme : DEFAULTS.theme,
    windowS: typeof found.windowS === "number" && found.windowS > 0 ? found.windowS : DEFAULTS.windowS,
    plotted: Array.isArray(found.plotted) ? found.plotted.filter(isSavedField) : DEFAULTS.plotted,
    opened: Array.isArray(found.opened) ? found.opened.filter((name) => typeof name === "string") : DEFAULTS.opened,
    logsOpen: typeof found.logsOpen === "boolean" ? found.logsOpen : DEFAULTS.logsOpen,
  };
}

export function saveSettings(storage: Pick<Storage, "setItem">, settings: Settings): void {
  try {
    storage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing (full, or private) loses the convenience only.
  }
}

function read(storage: Pick<Storage, "getItem">): Partial<Record<keyof Settings, unknown>> {
  try {
    const found: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}

function isSavedField(field: unknown): field is SavedField {
  const found = field as Partial<SavedField> | null;
  return (
    typeof found === "object" &&
    found !== null &&
    typeof found.channel === "string" &&
    typeof found.path === "string" &&
    typeof found.element === "number"
  );
}
