// SPDX-License-Identifier: MIT
// The token: it comes in the URL's fragment, moves to the tab's own storage, and leaves the address bar.

const KEY = "structwire.token";

/** The parts of a window that hold a token. */
export interface TokenPlace {
  readonly location: Pick<Location, "hash" | "pathname" | "search">;
  readonly history: Pick<History, "replaceState">;
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/** Takes the token out of the fragment, or the one kept from before a reload; null when there is neither. */
export function takeToken(place: TokenPlace): string | null {
  const found = tokenIn(place.location.hash);
  if (found === null) return place.sessionStorage.getItem(KEY);
  keepToken(place, found);
  // Out of the address bar, the history and what is copied from there.
  place.history.replaceState(null, "", place.location.pathname + place.location.search);
  return found;
}

/** Keeps a token for reloads of this tab. */
export function keepToken(place: TokenPlace, token: string): void {
  place.sessionStorage.setItem(KEY, token);
}

export function forgetToken(place: TokenPlace): void {
  place.sessionStorage.removeItem(KEY);
}

/** The token in what a person pasted: the token alone, or a whole link with `#token=…`. */
export function tokenIn(text: string): string | null {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  if (hash < 0) return /^[\w.~+/=-]+$/.test(trimmed) ? trimmed : null;
  return new URLSearchParams(trimmed.slice(hash + 1)).get("token");
}
