// SPDX-License-Identifier: MIT
// The script of an output: finds a way from the browser to the bridge, and when there is none says so and tries again when asked.

/** What the script is to do. */
export interface Reach {
  /** The bridge's address. */
  readonly url: string;
  /** CSS selector of the places to fill. */
  readonly places: string;
  /** Told where no way leads to the bridge. */
  readonly gone: string;
  /** What `show` of the module is called with. */
  readonly arguments: readonly unknown[];
}

const IS_LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The script, as the content of a script element. A page of the bridge's own machine goes straight to the bridge. Another one, whose loopback is another machine's, first asks the
 * notebook's server (`proxy/PORT/` of jupyter-server-proxy), then whatever is forwarded to the bridge's port.
 */
export function reachScript({ url, places, gone, arguments: given }: Reach): string {
  const { port, hostname } = new URL(url);
  const direct = new URL("/cell.mjs", url).href;
  const proxied = IS_LOOPBACK.test(hostname) ? `proxy/${port}/cell.mjs` : null;
  return `(() => {
  const [direct, proxied, places, gone, given] = ${literal([direct, proxied, places, gone, given])};
  const server = document.getElementById("jupyter-config-data")?.textContent;
  const base = server && proxied && JSON.parse(server).baseUrl;
  const way = base && new URL(proxied, new URL(base, location.origin)).href;
  const ways = !way ? [direct] : ${String(IS_LOOPBACK)}.test(location.hostname) ? [direct, way] : [way, direct];
  const reach = async (attempt) => {
    for (const each of ways) {
      const cell = await import(each + attempt).catch(() => null);
      if (cell) return cell.show(...given);
    }
    document.querySelectorAll(places).forEach((place) => {
      const again = document.createElement("button");
      again.textContent = "Reconnect";
      again.onclick = () => reach("?" + Date.now());
      place.replaceChildren(gone + " ", again);
    });
  };
  reach("");
})();`;
}

/** A JavaScript literal that cannot end the script element it stands in. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
