// SPDX-License-Identifier: MIT
// Makes a certificate for this machine. Loaded only when one is needed: the library is large.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import * as x509 from "@peculiar/x509";

/** How long a certificate holds: browsers of Apple take none of more than 825 days. */
const VALID_DAYS = 800;

/** Clocks of phones may be behind. */
const BEFORE_MS = 24 * 3_600_000;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** As PEM texts. */
export interface MadeCertificate {
  readonly key: string;
  /** The server's own, then the root that signed it. */
  readonly chain: string;
}

/**
 * Makes a key, a certificate for `names` (host names and addresses), and a root that signed it and nothing else: its key is forgotten at once, so that a phone that trusts the
 * root trusts this one certificate. `label` is what a phone shows of the root.
 */
export async function makeCertificate(
  names: readonly string[],
  label: string,
  nowMs: number,
): Promise<MadeCertificate> {
  const keys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const [rootKeys, ownKeys] = await Promise.all([keys(), keys()]);
  const notBefore = new Date(nowMs - BEFORE_MS);
  const notAfter = new Date(nowMs - BEFORE_MS + VALID_DAYS * 24 * 3_600_000);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: [{ CN: [label] }, { O: ["Structwire"] }],
    notBefore,
    notAfter,
    keys: rootKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const own = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [names[0] ?? "localhost"] }],
    issuer: root.subjectName,
    notBefore,
    notAfter,
    publicKey: ownKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(ownKeys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", ownKeys.privateKey);
  return {
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
    chain: `${own.toString("pem")}\n${root.toString("pem")}\n`,
  };
}

/** A positive number of 16 bytes, as hexadecimal digits. */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
