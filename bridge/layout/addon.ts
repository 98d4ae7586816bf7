// SPDX-License-Identifier: MIT
// The codec over the native addon. Not for browsers.
import { BridgeError, isErrorCode } from "../model/errors.ts";
import type { Layout } from "../model/schema.ts";
import type { Codec } from "./codec.ts";
import { columnMaker } from "./column.ts";
import { kept } from "./kept.ts";
import { makeWrites } from "./encode/write.ts";
import type { AddonModule, NativeRecords, NativeThinner } from "./native/addon-module.ts";
import { loadAddon } from "./native/load.ts";
import { describePlan } from "./native/plan.ts";
import type { CompiledFilter } from "./select/filter.ts";
import { checkNs, extremeLeaves, type Thinning } from "./select/thin.ts";
import { recordsOf, splitterOver, type RawSplitter } from "./splitter.ts";
import { structMaker } from "./structs.ts";

/** Makes the codec of the native addon, which is loaded at the first use. Its methods throw `addon_missing` where it is not built. */
export function addonCodec(): Codec {
  let loaded: AddonModule | undefined;

  function addon(): AddonModule {
    loaded ??= loadAddon();
    return loaded;
  }

  const planOf = kept((layout: Layout) => new (addon().Plan)(describePlan(layout)));
  const filterOf = kept(
    ({ layout, steps, bounds, texts }: CompiledFilter) =>
      new (addon().Filter)(describePlan(layout), steps, bounds, texts),
  );

  return {
    name: "addon",
    columns: columnMaker((layout, batch, _parts, { indices, bytes }) => {
      coded(() => {
        planOf(layout).columns(batch, indices, bytes);
      });
    }),
    json: (layout, batch, variable = "json") =>
      joined(coded(() => (layout === null ? addon().payloadsJson(batch, variable) : planOf(layout).json(batch)))),
    admit(batch, kind, nowMs) {
      coded(() => {
        addon().admit(batch, kind === "json", nowMs);
      });
    },
    valueJson: (layout, struct) => coded(() => planOf(layout).valueJson(struct)),
    encode(layout, values) {
      const { indices, elements, bits, names } = makeWrites(layout, values);
      const value = new Uint8Array(layout.size);
      const mask = new Uint8Array(layout.size);
      const twice = coded(() => planOf(layout).encode(value, mask, indices, elements, bits));
      if (twice >= 0) throw new BridgeError("bad_value", `${names[twice] ?? "a field"} is given twice`);
      return { value, mask };
    },
    structs: structMaker((layout, count, given, structs) => {
      const indices = Uint32Array.from(given, ({ index }) => index);
      const columns = given.map(({ bytes }) => bytes);
      coded(() => {
        planOf(layout).structs(count, indices, columns, structs);
      });
    }),
    payloads: (layout, batch, { stream, maxBytes, kind }) =>
      recordList(
        coded(() =>
          layout === null
            ? addon().payloads(batch, stream, maxBytes, kind === "json")
            : planOf(layout).payloads(batch, stream, maxBytes),
        ),
      ),
    merge(batches) {
      const [first] = batches;
      const merged = coded(() => addon().merge(batches));
      return batches.length === 1 && first !== undefined ? first : new Uint8Array(merged);
    },
    project({ source, layout, moves, widenings }, batch) {
      return recordList(coded(() => planOf(source).project(batch, layout.size, moves, widenings)));
    },
    filter: (filter, batch) =>
      recordList(
        coded(() => filterOf(filter).select(batch)),
        batch,
      ),
    thinner(thinning) {
      const thinner = coded(() => thinnerOf(addon(), thinning));
      return {
        push: (batch) =>
          recordList(
            coded(() => thinner.push(batch)),
            batch,
          ),
        flush: () => recordList(coded(() => thinner.flush())),
      };
    },
    splitter: () => splitterOver(codedSplitter(coded(() => new (addon().Splitter)()))),
  };
}

function thinnerOf(addon: AddonModule, thinning: Thinning): NativeThinner {
  if (thinning.kind === "rate") return new addon.Thinner(checkNs(thinning.periodNs));
  const leaves = Uint32Array.from(extremeLeaves(thinning));
  return new addon.Thinner(checkNs(thinning.columnNs), describePlan(thinning.layout), leaves);
}

function recordList(records: NativeRecords, batch?: Uint8Array): readonly Uint8Array[] {
  if (records === true) return batch === undefined ? [] : [batch];
  return records === false ? [] : recordsOf(records);
}

/** Not `join`, which would copy what a later use copies anyway. */
function joined(pieces: readonly string[]): string {
  return pieces.reduce((text, piece) => text + piece, "");
}

/** Runs a call into the addon; its errors become BridgeErrors of the same code. */
function coded<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (thrown instanceof BridgeError || typeof code !== "string" || !isErrorCode(code)) throw thrown;
    throw new BridgeError(code, (thrown as Error).message, { cause: thrown });
  }
}

function codedSplitter(raw: RawSplitter): RawSplitter {
  return {
    state: raw.state,
    push: (chunk, lent, maxLeft = 0) => coded(() => raw.push(chunk, lent, maxLeft)),
    limit(maxRecordBytes) {
      raw.limit(maxRecordBytes);
    },
    route(from, stream, schema, size) {
      coded(() => {
        raw.route(from, stream, schema, size);
      });
    },
    unroute(from) {
      raw.unroute(from);
    },
    offset(ns) {
      raw.offset(ns);
    },
  };
}
