// SPDX-License-Identifier: MIT
// The certificate of a bridge: made once, kept for its user alone, made anew when it would not do.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { certificateOf, RENEW_DAYS, type CertificateChoice } from "../../../../bridge/daemon/tls/certificate.ts";

const DAY_MS = 24 * 3_600_000;
const NAMES = ["localhost", "127.0.0.1", "::1", "192.168.1.21", "rig"];

describe("the certificate of a bridge", () => {
  let folder: string;
  let choice: CertificateChoice;
  const file = (): string => join(choice.stateFolder, "tls.pem");

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sw-tls-"));
    choice = { stateFolder: join(folder, "state", "structwire"), certFile: "", keyFile: "", names: NAMES };
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is made at first use, holds for every name, and is its user's alone", async () => {
    const { chain, key, root } = await certificateOf(choice, Date.now());
    const own = new X509Certificate(chain);
    const issuer = new X509Certificate(root ?? "");
    for (const name of ["localhost", "rig"]) assert.ok(own.checkHost(name), name);
    for (const address of ["127.0.0.1", "::1", "192.168.1.21"]) assert.ok(own.checkIP(address), address);
    assert.equal(own.checkHost("example.org"), undefined);
    assert.ok(own.checkIssued(issuer) && own.verify(issuer.publicKey) && issuer.ca && !own.ca);
    assert.ok(Date.parse(own.validTo) - Date.parse(own.validFrom) < 825 * DAY_MS, "browsers of Apple take it");
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.equal(readFileSync(file(), "utf8").match(/PRIVATE KEY-----/g)?.length, 2, "the root's key is not kept");
    assert.ok(key.includes("PRIVATE KEY"));
  });

  it("stays the same from start to start", async () => {
    const first = await certificateOf(choice, Date.now());
    assert.deepEqual(await certificateOf(choice, Date.now() + DAY_MS), first);
  });

  it("is made anew well before it ends, for another name, and when others could read it or it is broken", async () => {
    const changes: (() => [CertificateChoice, number])[] = [
      () => [choice, Date.now() + (800 - RENEW_DAYS + 1) * DAY_MS],
      () => [{ ...choice, names: [...NAMES, "192.168.7.7"] }, Date.now()],
      () => {
        chmodSync(file(), 0o644);
        return [choice, Date.now()];
      },
      () => {
        writeFileSync(file(), readFileSync(file(), "utf8").slice(0, 400), { mode: 0o600 });
        return [choice, Date.now()];
      },
    ];
    let { chain } = await certificateOf(choice, Date.now());
    for (const change of changes) {
      const [changed, nowMs] = change();
      const next = await certificateOf(changed, nowMs);
      assert.notEqual(next.chain, chain);
      chain = next.chain;
      assert.equal(statSync(file()).mode & 0o777, 0o600);
    }
  });

  it("is taken from files, whose mistakes are named", async () => {
    const made = await certificateOf(choice, Date.now());
    const other = await certificateOf({ ...choice, stateFolder: join(folder, "other") }, Date.now());
    const [cert, key, wrongKey] = ["c.pem", "k.pem", "w.pem"].map((name) => join(folder, name));
    writeFileSync(cert ?? "", made.chain);
    writeFileSync(key ?? "", made.key);
    writeFileSync(wrongKey ?? "", other.key);
    const given = (certFile = "", keyFile = ""): CertificateChoice => ({ ...choice, certFile, keyFile });
    assert.deepEqual(await certificateOf(given(cert, key), Date.now()), {
      chain: made.chain,
      key: made.key,
      root: null,
    });
    for (const wrong of [given(cert), given(cert, wrongKey), given(key, key), given(cert, join(folder, "none"))]) {
      await assert.rejects(certificateOf(wrong, Date.now()), { code: "config_invalid" });
    }
    await assert.rejects(certificateOf(given(cert, key), Date.now() + 900 * DAY_MS), { code: "config_invalid" });
  });
});
