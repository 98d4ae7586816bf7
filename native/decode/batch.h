/* SPDX-License-Identifier: MIT
 *
 * Batch records of known length, checked as a whole.
 */
#ifndef STRUCTWIRE_DECODE_BATCH_H
#define STRUCTWIRE_DECODE_BATCH_H

#include "layout.h"
#include "record.h"

namespace structwire {

/* Throws Failure("bad_record") unless the bytes are exactly one batch. */
inline sw_batch read_batch(const uint8_t *record, size_t length) {
  sw_batch batch;
  sw_prefix prefix;
  const bool whole = sw_prefix_read(record, length, SW_MAX_RECORD_BYTES, &prefix) == SW_PARSE_RECORD;
  if (!whole || prefix.bytes != length || !sw_batch_read(record, &batch))
    throw Failure("bad_record", "record: is not a whole batch");
  return batch;
}

/* The same for a batch of the layout's structs. */
inline sw_batch read_structs(const Layout &layout, const uint8_t *record, size_t length) {
  const sw_batch batch = read_batch(record, length);
  if (batch.size != layout.size())
    throw Failure("bad_record", "record: holds structs of another size, or none");
  return batch;
}

} // namespace structwire
#endif
