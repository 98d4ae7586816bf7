// SPDX-License-Identifier: MIT
// Which web pages may talk to the bridge: those of this machine, and those that the configuration lists.

/** Whether a request with this `Origin` header (undefined: none, so no browser's page) is accepted. `listed` holds exact origins, or `null`. */
export function isAllowedOrigin(origin: string | undefined, listed: readonly string[]): boolean {
  if (origin === undefined || listed.includes(origin)) return true;
  return isLoopbackOrigin(origin);
}

/** `http` or `https` to `localhost`, 127.0.0.0/8 or [::1], on any port, written as a browser writes it. */
export function isLoopbackOrigin(origin: string): boolean {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (url.origin !== origin || (url.protocol !== "http:" && url.protocol !== "https:")) return false;
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}

/**
 * Whether the page comes from where the request was sent to, as a browser sees it: `host` is the request's `Host`. So it is behind a proxy, whose address the bridge cannot know. For what
 * asks for a token besides: a name that an attacker lets point here is his own.
 */
export function isSameHost(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined || host === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  return isWeb && url.origin === origin && url.host === host;
}
