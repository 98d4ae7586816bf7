// SPDX-License-Identifier: MIT
// The certificate with which a bridge serves https: from the files that are given, else one of its own, made at first use and kept.
import { createPrivateKey, X509Certificate, randomBytes } from "node:crypto";
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { BridgeError } from "../../model/errors.ts";
import { ownStateFolder, systemError } from "../own-folder.ts";

/** A certificate with its key, as PEM texts. */
export interface Certificate {
  readonly key: string;
  /** The server's own first. */
  readonly chain: string;
  /** What a phone can install to trust it; null: it was given, so that somebody else signed it. */
  readonly root: string | null;
}

/** Where a certificate comes from. */
export interface CertificateChoice {
  readonly stateFolder: string;
  /** Paths of PEM files; both or none. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Names and addresses that one of our own must hold for. */
  readonly names: readonly string[];
}

/** A kept one is made anew at a start that finds less than this left of it. */
export const RENEW_DAYS = 180;

const DAY_MS = 24 * 3_600_000;

/**
 * The certificate to serve with. Rejects with `config_invalid` when given files do not fit together, `folder_unsafe` or `system_error` when the kept one cannot be kept. Reads and writes
 * one small file.
 */
export async function certificateOf(choice: CertificateChoice, nowMs: number): Promise<Certificate> {
  const { certFile, keyFile } = choice;
  if (certFile === "" && keyFile === "") return ownCertificate(choice, nowMs);
  if (certFile === "" || keyFile === "") {
    throw new BridgeError("config_invalid", "--tls-cert and --tls-key belong together: give both");
  }
  return givenCertificate(certFile, keyFile, nowMs);
}

async function ownCertificate({ stateFolder, names }: CertificateChoice, nowMs: number): Promise<Certificate> {
  const path = `${ownStateFolder(stateFolder)}/tls.pem`;
  const kept = readKept(path);
  if (kept !== undefined && holds(kept, names, nowMs + RENEW_DAYS * DAY_MS)) return kept;
  const { makeCertificate } = await import("./make-certificate.ts");
  const made = await makeCertificate(names, `Structwire on ${hostname()}`, nowMs);
  const draft = `${path}.${String(process.pid)}.${randomBytes(4).toString("hex")}.draft`;
  try {
    writeFileSync(draft, `${made.key}\n${made.chain}`, { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch (error) {
    throw systemError(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
  return parsed(`${made.key}\n${made.chain}`) ?? { ...made, root: null };
}

/** Undefined when there is none that is only ours. */
function readKept(path: string): Certificate | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) return undefined;
  return parsed(readFileSync(path, "utf8"));
}

function parsed(text: string): Certificate | undefined {
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(text) ?? [];
  const [own, root] = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (key === undefined || own === undefined || root === undefined) return undefined;
  return { key: `${key}\n`, chain: `${own}\n${root}\n`, root: `${root}\n` };
}

/** Whether a certificate is whole, holds until `untilMs`, and for all names. */
function holds({ chain, key }: Certificate, names: readonly string[], untilMs: number): boolean {
  try {
    const own = new X509Certificate(chain);
    if (!own.checkPrivateKey(createPrivateKey(key)) || Date.parse(own.validTo) < untilMs) return false;
    return names.every((name) => (isIP(name) === 0 ? own.checkHost(name) : own.checkIP(name)) !== undefined);
  } catch {
    return false;
  }
}

function givenCertificate(certFile: string, keyFile: string, nowMs: number): Certificate {
  const chain = readGiven(certFile, "--tls-cert");
  const key = readGiven(keyFile, "--tls-key");
  let own: X509Certificate;
  let fits: boolean;
  try {
    own = new X509Certificate(chain);
    fits = own.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    const reason = `${certFile} and ${keyFile} must be PEM files, the certificate and its key without a passphrase`;
    throw new BridgeError("config_invalid", `${reason}: ${(cause as Error).message}`, { cause });
  }
  if (!fits) throw new BridgeError("config_invalid", `${keyFile} is not the key of the certificate in ${certFile}`);
  if (Date.parse(own.validTo) < nowMs) {
    throw new BridgeError("config_invalid", `the certificate in ${certFile} held until ${own.validTo} only`);
  }
  return { chain, key, root: null };
}

function readGiven(path: string, flag: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new BridgeError("config_invalid", `${flag}: ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
