// SPDX-License-Identifier: MIT
// Relocations of the debug sections of a relocatable ELF file: the plain "write this address" kinds of each machine.
import type { ByteReader } from "./byte-reader.ts";

interface Machine {
  readonly name: string;
  /** Relocation types that store an absolute value, by its size in bytes. Others never touch what is read here. */
  readonly absolute: Readonly<Partial<Record<2 | 4 | 8, readonly number[]>>>;
}

/** By `e_machine`. */
const MACHINES: ReadonlyMap<number, Machine> = new Map<number, Machine>([
  [2, { name: "SPARC", absolute: { 4: [3, 23] } }],
  [3, { name: "i386", absolute: { 4: [1] } }],
  [4, { name: "68000", absolute: { 4: [1] } }],
  [8, { name: "MIPS", absolute: { 4: [2], 8: [18] } }],
  [20, { name: "PowerPC", absolute: { 4: [1, 24] } }],
  [21, { name: "PowerPC 64", absolute: { 4: [1, 24], 8: [38, 43] } }],
  [22, { name: "S/390", absolute: { 4: [4], 8: [22] } }],
  [40, { name: "ARM", absolute: { 4: [2] } }],
  [42, { name: "SuperH", absolute: { 4: [1] } }],
  [43, { name: "SPARC V9", absolute: { 4: [3, 23], 8: [32, 54] } }],
  [62, { name: "x86-64", absolute: { 4: [10, 11], 8: [1] } }],
  [83, { name: "AVR", absolute: { 2: [4], 4: [1] } }],
  [92, { name: "OpenRISC", absolute: { 4: [1] } }],
  [94, { name: "Xtensa", absolute: { 4: [1] } }],
  [105, { name: "MSP430", absolute: { 2: [5], 4: [1] } }],
  [183, { name: "AArch64", absolute: { 2: [259], 4: [258], 8: [257] } }],
  [189, { name: "MicroBlaze", absolute: { 4: [1] } }],
  [243, { name: "RISC-V", absolute: { 4: [1], 8: [2] } }],
  [258, { name: "LoongArch", absolute: { 4: [1], 8: [2] } }],
]);

const SIZES = [4, 8, 2] as const;
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
  return MACHINES.has(machine);
}

/** Writes the relocated values into `section`, which the caller owns. Entries outside of it are ignored. */
export function relocate(section: Uint8Array, table: RelocationTable): void {
  const absolute = MACHINES.get(table.machine)?.absolute ?? {};
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const little = table.entries.littleEndian;
  for (let i = 0; i < table.count; i++) {
    const { at, symbol, type, addend } = readEntry(table);
    const bytes = SIZES.find((size) => absolute[size]?.includes(type));
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
