// SPDX-License-Identifier: MIT
// Object files that are cut off, damaged or hostile end in one clear error, and soon.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, it } from "mocha";
import { compileHeader } from "../../../bridge/generate/compile.ts";
import { Budget } from "../../../bridge/generate/object/byte-reader.ts";
import { openElf } from "../../../bridge/generate/object/elf.ts";
import { readCatalog } from "../../../bridge/generate/types/catalog.ts";
import { BridgeError } from "../../../bridge/model/errors.ts";
import { hasCommand } from "../../support/compilers.ts";
import { schemaOfObject } from "../../support/gen-schemas.ts";

const HEADER = fileURLToPath(new URL("headers/everything.h", import.meta.url));
/** Of the processor, whatever else the machine does. */
const MAX_MS = 5_000;

/** Everything that a run does with an object file; true when it could be read. */
function readAll(object: Uint8Array): boolean {
  const before = process.cpuUsage();
  try {
    schemaOfObject(object, () => undefined);
    return true;
  } catch (thrown) {
    if (thrown instanceof BridgeError) return false;
    throw thrown;
  } finally {
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1000 < MAX_MS, "took too long");
  }
}

describe("an object file", function () {
  this.timeout(300_000);

  const objects = [
    ...(hasCommand("gcc")
      ? [
          ["gcc", "-gdwarf-5"],
          ["gcc", "-gdwarf-2"],
          ["gcc", "-gdwarf-4", "-gz"],
        ]
      : []),
    ...(hasCommand("clang")
      ? [
          ["clang", "-gdwarf-5"],
          ["clang", "--target=powerpc-linux-gnu", "-ffreestanding"],
        ]
      : []),
  ].map(([compiler = "cc", ...flags]) => ({
    name: [compiler, ...flags].join(" "),
    bytes: compileHeader({ header: HEADER, compiler, flags }),
  }));

  for (const { name, bytes } of objects) {
    it(`of ${name} is read when it is whole`, () => {
      assert.equal(readAll(bytes), true);
    });

    it(`of ${name}, cut off anywhere, is refused`, () => {
      for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 150)) {
        assert.equal(readAll(bytes.subarray(0, length)), false, `at ${String(length)}`);
      }
    });

    it(`of ${name}, damaged anywhere, ends soon and in no other error`, () => {
      const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(damage, (places) => {
          const broken = Uint8Array.from(bytes);
          for (const [at, value] of places) broken[at] = value;
          readAll(broken);
        }),
        { numRuns: 150 },
      );
    });

    it(`of ${name}, with wild numbers in it, ends soon and in no other error`, () => {
      const wild = fc.constantFrom(0xffffffff, 0x7fffffff, 0x80000000, 0, 1, 0xfffffff0, 0x01010101);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 4), wild), { minLength: 1, maxLength: 6 }), (places) => {
          const broken = Uint8Array.from(bytes);
          for (const [at, value] of places) new DataView(broken.buffer).setUint32(at, value, true);
          readAll(broken);
        }),
        { numRuns: 100 },
      );
    });
  }

  it("that is none is refused in words", () => {
    for (const bytes of [
      new Uint8Array(0),
      new Uint8Array(64),
      new TextEncoder().encode("\u007fELF, not really: ".repeat(20)),
    ]) {
      assert.throws(
        () => readCatalog(bytes),
        (thrown) => thrown instanceof BridgeError && thrown.code === "compiler_failed",
      );
    }
  });

  it("does not blow up what is compressed beyond what it says", () => {
    const bomb = elfWith(".debug_info", deflateSync(new Uint8Array(1_000_000)), 1000);
    assert.throws(() => openElf(bomb, new Budget(1000)).section(".debug_info"), /cannot be decompressed/);
    const lie = elfWith(".debug_info", deflateSync(new Uint8Array(10)), 2 ** 40);
    assert.throws(() => openElf(lie, new Budget(1000)).section(".debug_info"), /too large/);
    const short = elfWith(".debug_info", deflateSync(new Uint8Array(10)), 1000);
    assert.throws(() => openElf(short, new Budget(1000)).section(".debug_info"), /shorter than it says/);
    const right = elfWith(".debug_info", deflateSync(Uint8Array.of(1, 2, 3)), 3);
    assert.deepEqual(openElf(right, new Budget(1000)).section(".debug_info"), Uint8Array.of(1, 2, 3));
  });
});

/** A 64-bit little-endian file with one compressed section. */
function elfWith(name: string, compressed: Uint8Array, size: number): Uint8Array {
  const names = new TextEncoder().encode(`\0${name}\0`);
  const contents = 64 + 24 + compressed.length;
  const table = Math.ceil((contents + names.length) / 8) * 8;
  const file = new Uint8Array(table + 3 * 64);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 1, true);
  view.setUint16(18, 62, true);
  view.setBigUint64(0x28, BigInt(table), true);
  view.setUint16(0x3a, 64, true);
  view.setUint16(0x3c, 3, true);
  view.setUint16(0x3e, 2, true);
  view.setUint32(64, 1, true);
  view.setBigUint64(72, BigInt(size), true);
  file.set(compressed, 88);
  file.set(names, contents);
  const section = (at: number, nameAt: number, flags: number, offset: number, bytes: number): void => {
    view.setUint32(table + at * 64, nameAt, true);
    view.setUint32(table + at * 64 + 4, 1, true);
    view.setBigUint64(table + at * 64 + 8, BigInt(flags), true);
    view.setBigUint64(table + at * 64 + 24, BigInt(offset), true);
    view.setBigUint64(table + at * 64 + 32, BigInt(bytes), true);
  };
  section(1, 1, 0x800, 64, 24 + compressed.length);
  section(2, 0, 0, contents, names.length);
  return file;
}
