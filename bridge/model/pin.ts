// SPDX-License-Identifier: MIT
// Trusts one certificate and no other: that of a bridge of this machine, which wrote it into its runtime file.

/** TLS options of Node by which a client accepts exactly the pinned certificate, under whatever name it is reached. */
export interface Pin {
  readonly ca: string[];
  readonly allowPartialTrustChain: true;
  checkServerIdentity(host: string, peer: { readonly raw: Uint8Array }): Error | undefined;
}

/** `chain`: certificates as PEM text, the server's own first. Undefined without one: then the system's own trust holds. */
export function pinOf(chain: string | undefined): Pin | undefined {
  const ca = chain?.match(PEM) ?? [];
  const [own] = ca;
  if (own === undefined) return undefined;
  const wanted = own.replace(/-----[A-Z ]+-----|\s/g, "");
  return {
    ca,
    allowPartialTrustChain: true,
    checkServerIdentity: (host, peer) => {
      if (Buffer.from(peer.raw).toString("base64") === wanted) return undefined;
      return new Error(`${host} has another certificate than the bridge wrote into its runtime file`);
    },
  };
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
