// SPDX-License-Identifier: MIT
// The codec in JavaScript alone: for browsers, and for holding the addon against.
import type { Codec } from "./codec.ts";
import { columnMaker } from "./column.ts";
import { makeWrites } from "./encode/write.ts";
import { kept } from "./kept.ts";
import { refuseRecord, viewOf } from "./batch.ts";
import { splitterOver } from "./splitter.ts";
import { structMaker } from "./structs.ts";
import { admitBatch } from "./twin/admit.ts";
import { columnFiller } from "./twin/columns.ts";
import { writeStruct } from "./twin/encode.ts";
import { filterBatch, filterTest } from "./twin/filter.ts";
import { payloadsJson, structsJson, structWriter } from "./twin/json.ts";
import { mergeBatches } from "./twin/merge.ts";
import { payloadRecords } from "./twin/payloads.ts";
import { projectBatch } from "./twin/project.ts";
import { rawSplitter } from "./twin/split.ts";
import { fillStructs } from "./twin/structs.ts";
import { makeThinner } from "./twin/thin.ts";

/** Makes the codec that needs no addon. Slower by an order of magnitude or two; the results are the same. */
export function javascriptCodec(): Codec {
  const writerOf = kept(structWriter);
  const testOf = kept(filterTest);

  return {
    name: "javascript",
    columns: columnMaker(columnFiller()),
    json: (layout, batch, variable = "json") =>
      layout === null ? payloadsJson(batch, variable) : structsJson(layout, writerOf(layout), batch),
    valueJson(layout, struct) {
      if (struct.length !== layout.size)
        refuseRecord(`is a struct of ${String(struct.length)} bytes, not ${String(layout.size)}`);
      return writerOf(layout)(viewOf(struct), 0);
    },
    payloads: (layout, batch, target) =>
      payloadRecords(batch, target, layout === null ? null : { layout, write: writerOf(layout) }),
    admit: admitBatch,
    encode: (layout, values) => writeStruct(layout, makeWrites(layout, values)),
    structs: structMaker(fillStructs),
    merge: mergeBatches,
    project: projectBatch,
    filter: (filter, batch) => filterBatch(filter, testOf(filter), batch),
    thinner: makeThinner,
    splitter: () => splitterOver(rawSplitter()),
  };
}
