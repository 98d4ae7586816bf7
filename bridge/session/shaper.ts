// SPDX-License-Identifier: MIT
// Thins streams and cuts down structs for the hub, by the codec.
import type { Form } from "../hub/form.ts";
import type { Labels, Shaper } from "../hub/ports.ts";
import { viewOf } from "../layout/batch.ts";
import type { Codec } from "../layout/codec.ts";
import { makeProjection } from "../layout/select/projection.ts";
import type { Thinner } from "../layout/select/thin.ts";
import { FLAG_VARIABLE } from "../model/batch.ts";
import type { Layout } from "../model/schema.ts";

/** Makes the shaper of a form; null when it changes nothing. Throws `unknown_field`, `invalid_argument` or `message_too_large`. */
export function makeShaper(codec: Codec, form: Form, layout: Layout | null): Shaper | null {
  const { fields } = form;
  const projection = fields === null || layout === null ? null : makeProjection(layout, fields);
  const thinner = thinnerOf(codec, form, layout, projection?.layout ?? layout);
  if (thinner === null && projection === null) return null;
  let holds = false;
  const finish = (source: Uint8Array | undefined, batches: readonly Uint8Array[], labels: Labels): Uint8Array[] => {
    const cut = projection === null ? batches : batches.flatMap((batch) => codec.project(projection, batch));
    return cut.map((batch) => labelled(batch === source ? batch.slice() : batch, labels));
  };
  return {
    struct: projection,
    get holds() {
      return holds;
    },
    take(batch, labels) {
      const kept = thinner === null ? [batch] : thinner.push(batch);
      holds = form.delivery === "minmax";
      return finish(batch, kept, labels);
    },
    flush(labels) {
      holds = false;
      return finish(undefined, thinner?.flush() ?? [], labels);
    },
    cut: (batch, labels) => finish(batch, [batch], labels),
  };
}

function thinnerOf(codec: Codec, form: Form, layout: Layout | null, wanted: Layout | null): Thinner | null {
  const { delivery, maxHz, columnMs } = form;
  if (delivery === "minmax" && layout !== null && wanted !== null && columnMs !== null) {
    const paths = wanted.leaves.map(({ path }) => path);
    return codec.thinner({ kind: "extremes", layout, paths, columnNs: Math.round(columnMs * 1e6) });
  }
  if (delivery === "queue" && maxHz !== null) {
    return codec.thinner({ kind: "rate", periodNs: Math.min(Math.round(1e9 / maxHz), Number.MAX_SAFE_INTEGER) });
  }
  return null;
}

function labelled(batch: Uint8Array, { stream, schema }: Labels): Uint8Array {
  const view = viewOf(batch);
  view.setUint32(8, stream, true);
  // Of JSON and bytes the sender stands there.
  if ((view.getUint8(5) & FLAG_VARIABLE) === 0) view.setUint32(12, schema, true);
  return batch;
}
