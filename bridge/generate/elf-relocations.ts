// SPDX-License-Identifier: MIT
// Relocations of the debug sections of a relocatable ELF file: the plain "write this address" kinds of each machine.
import type { ByteReader } from "./byte-reader.ts";

/** `e_machine` → relocation types that store an absolute value, with its size in bytes. Others never touch what is read here. */
const ABSOLUTE: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  [
    2,
    new Map([
      [3, 4],
      [23, 4],
    ]),
  ], // SPARC
  [3, new Map([[1, 4]])], // i386
  [4, new Map([[1, 4]])], // 68000
  [
    8,
    new Map([
      [2, 4],
      [18, 8],
    ]),
  ], // MIPS
  [
    20,
    new Map([
      [1, 4],
      [24, 4],
    ]),
  ], // PowerPC
  [
    21,
    new Map([
      [1, 4],
      [24, 4],
      [38, 8],
      [43, 8],
    ]),
  ], // PowerPC 64
  [
    22,
    new Map([
      [4, 4],
      [22, 8],
    ]),
  ], // S/390
  [40, new Map([[2, 4]])], // ARM
  [42, new Map([[1, 4]])], // SuperH
  [
    43,
    new Map([
      [3, 4],
      [23, 4],
      [32, 8],
      [54, 8],
    ]),
  ], // SPARC V9
  [
    62,
    new Map([
      [1, 8],
      [10, 4],
      [11, 4],
    ]),
  ], // x86-64
  [
    83,
    new Map([
      [1, 4],
      [4, 2],
    ]),
  ], // AVR
  [92, new Map([[1, 4]])], // OpenRISC
  [94, new Map([[1, 4]])], // Xtensa
  [
    105,
    new Map([
      [1, 4],
      [5, 2],
    ]),
  ], // MSP430
  [
    183,
    new Map([
      [257, 8],
      [258, 4],
      [259, 2],
    ]),
  ], // AArch64
  [189, new Map([[1, 4]])], // MicroBlaze
  [
    243,
    new Map([
      [1, 4],
      [2, 8],
    ]),
  ], // RISC-V
  [
    258,
    new Map([
      [1, 4],
      [2, 8],
    ]),
  ], // LoongArch
]);

const MIPS = 8;

/** What one relocation section is applied with. */
export interface RelocationTable {
  readonly machine: number;
  readonly is64: boolean;
  /** Whether entries carry their addend (`SHT_RELA`); otherwise it stands in place. */
  readonly withAddend: boolean;
  readonly entries: ByteReader;
  readonly count: number;
  /** The value of the symbol of that number. */
  readonly symbolValue: (index: number) => bigint;
}

/** Whether the relocations of this machine are known. */
export function knowsMachine(machine: number): boolean {
  return ABSOLUTE.has(machine);
}

/** Writes the relocated values into `section`, which the caller owns. Entries outside of it are ignored. */
export function relocate(section: Uint8Array, table: RelocationTable): void {
  const kinds = ABSOLUTE.get(table.machine);
  if (kinds === undefined) return;
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const little = table.entries.littleEndian;
  for (let i = 0; i < table.count; i++) {
    const { at, symbol, type, addend } = readEntry(table);
    const bytes = kinds.get(type);
    if (bytes === undefined || at + bytes > section.length) continue;
    const base = table.symbolValue(symbol);
    if (bytes === 2) {
      view.setUint16(at, Number(BigInt.asUintN(16, base + (addend ?? BigInt(view.getUint16(at, little))))), little);
    } else if (bytes === 4) {
      view.setUint32(at, Number(BigInt.asUintN(32, base + (addend ?? BigInt(view.getUint32(at, little))))), little);
    } else {
      view.setBigUint64(at, BigInt.asUintN(64, base + (addend ?? view.getBigUint64(at, little))), little);
    }
  }
}

interface Entry {
  readonly at: number;
  readonly symbol: number;
  readonly type: number;
  readonly addend: bigint | undefined;
}

function readEntry(table: RelocationTable): Entry {
  const reader = table.entries;
  if (!table.is64) {
    const at = reader.u32();
    const kind = reader.u32();
    const addend = table.withAddend ? BigInt(reader.u32() | 0) : undefined;
    return { at, symbol: kind >>> 8, type: kind & 0xff, addend };
  }
  const at = reader.u64Number();
  let symbol: number;
  let type: number;
  if (table.machine === MIPS) {
    // Three types follow the symbol as single bytes, the first of them last; so read byte by byte it has no endianness.
    symbol = reader.u32();
    reader.skip(3);
    type = reader.u8();
  } else {
    const kind = reader.u64();
    symbol = Number(kind >> 32n);
    type = Number(kind & 0xffffffffn);
  }
  const addend = table.withAddend ? BigInt.asIntN(64, reader.u64()) : undefined;
  return { at, symbol, type, addend };
}
