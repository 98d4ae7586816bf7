/* SPDX-License-Identifier: MIT
 *
 * Checks what programs publish; bridge/layout/twin/admit.ts does the same.
 */
#include "admit.h"
#include "batch.h"
#include "json.h"

#include <cmath>

namespace structwire {

/* A payload above the limit would else only be a record that breaks the format. */
static void refuse_large(const uint8_t *record, size_t length) {
  if (length < SW_BATCH_HEADER_BYTES || (record[5] & SW_FLAG_VARIABLE) == 0)
    return;
  const uint64_t count = sw_get32(record + 32);
  const uint64_t lengths = SW_BATCH_HEADER_BYTES + ((record[5] & SW_FLAG_SEQUENCES) != 0 ? 16 : 8) * count;
  if (lengths + 4 * count > length)
    return;
  for (uint64_t i = 0; i < count; i++) {
    if (sw_get32(record + lengths + 4 * i) > SW_MAX_SAMPLE_BYTES)
      throw Failure("message_too_large", "a sample has at most 1 MiB");
  }
}

void admit(uint8_t *record, size_t length, bool json, double now_ms) {
  refuse_large(record, length);
  const sw_batch batch = read_batch(record, length);
  if (batch.lengths == 0)
    throw Failure("bad_record", "record: is a batch of structs, not of JSON or bytes");
  const uint8_t *from = record + batch.payload;
  for (uint32_t i = 0; json && i < batch.count; i++) {
    const uint32_t bytes = sw_get32(record + batch.lengths + size_t{4} * i);
    size_t depth = 0;
    if (!is_json(from, bytes, &depth))
      throw Failure("bad_value", "what is published is not JSON");
    if (depth > max_json_depth)
      throw Failure("bad_value", "JSON is nested deeper than 64");
    from += bytes;
  }
  const auto now = static_cast<uint64_t>(std::llround(now_ms * 1000)) * 1000;
  for (uint32_t i = 0; i < batch.count; i++) {
    uint8_t *const time = record + batch.times + size_t{8} * i;
    if (sw_get64(time) == 0)
      sw_put64(time, now);
  }
}

} // namespace structwire
