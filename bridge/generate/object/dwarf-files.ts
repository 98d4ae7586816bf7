// SPDX-License-Identifier: MIT
// The file table of DWARF's line program: which file a declaration stands in.
import { posix } from "node:path";
import { ByteReader, type Budget } from "./byte-reader.ts";
import { readForm, type AttributeValue, type UnitFormat } from "./dwarf-forms.ts";
import { readInitialLength } from "./dwarf-units.ts";

/** Turns a text value into text; texts stand in several sections. */
export type TextResolver = (value: AttributeValue) => string | undefined;

const CONTENT_PATH = 1;
const CONTENT_FOLDER = 2;

/**
 * Reads the paths of the table at `at` of `.debug_line`, by the number that `DW_AT_decl_file` has. Relative ones are completed
 * with `folder`, the folder in which the compiler ran. Throws `compiler_failed`.
 */
export function readFileTable(
  section: Uint8Array,
  littleEndian: boolean,
  at: number,
  folder: string,
  text: TextResolver,
  budget: Budget,
): readonly string[] {
  const reader = new ByteReader(section, littleEndian, ".debug_line", at);
  const { offsetBytes } = readInitialLength(reader);
  const version = reader.u16();
  let addressBytes = 4;
  if (version >= 5) {
    addressBytes = reader.u8();
    reader.skip(1);
  }
  reader.skip(offsetBytes); // header length
  reader.skip(version >= 4 ? 5 : 4); // instruction length … line range
  const opcodes = reader.u8();
  reader.skip(Math.max(0, opcodes - 1));
  const format: UnitFormat = { version, offsetBytes, addressBytes, start: 0 };
  return version >= 5 ? readVersion5(reader, format, folder, text, budget) : readOlder(reader, folder, budget);
}

function readOlder(reader: ByteReader, folder: string, budget: Budget): string[] {
  const folders = [folder];
  for (let name = reader.text(); name !== ""; name = reader.text()) {
    budget.spend(1);
    folders.push(posix.resolve(folder, name));
  }
  const files = [""]; // numbered from 1
  for (let name = reader.text(); name !== ""; name = reader.text()) {
    budget.spend(1);
    const inFolder = reader.uleb();
    reader.uleb(); // time
    reader.uleb(); // size
    files.push(posix.resolve(folders[inFolder] ?? folder, name));
  }
  return files;
}

function readVersion5(
  reader: ByteReader,
  format: UnitFormat,
  folder: string,
  text: TextResolver,
  budget: Budget,
): string[] {
  const folders = readList(reader, format, text, budget).map((entry) => posix.resolve(folder, entry.path));
  const files = readList(reader, format, text, budget);
  return files.map((entry) => posix.resolve(folders[entry.folder] ?? folder, entry.path));
}

interface FileEntry {
  readonly path: string;
  readonly folder: number;
}

function readList(reader: ByteReader, format: UnitFormat, text: TextResolver, budget: Budget): FileEntry[] {
  const columns: { content: number; form: number }[] = [];
  const columnCount = reader.u8();
  for (let i = 0; i < columnCount; i++) columns.push({ content: reader.uleb(), form: reader.uleb() });
  const count = reader.uleb();
  const list: FileEntry[] = [];
  for (let i = 0; i < count; i++) {
    budget.spend(1 + columns.length);
    let path = "";
    let folder = 0;
    for (const { content, form } of columns) {
      const value = readForm(reader, form, format, 0n);
      if (content === CONTENT_PATH) path = text(value) ?? "";
      else if (content === CONTENT_FOLDER && value.class === "number") folder = Number(value.value);
    }
    list.push({ path, folder });
  }
  return list;
}
