/* SPDX-License-Identifier: MIT
 *
 * Merging of batches: the parts of each kind (times, sequences, lengths, samples) are put one behind the
 * other.
 */
#include "merge.h"

int sw_merge_alike(const sw_batch *a, const sw_batch *b) {
  return a->stream == b->stream && a->schema == b->schema && a->epoch == b->epoch && a->size == b->size &&
         (a->flags & SW_FLAG_VARIABLE) == (b->flags & SW_FLAG_VARIABLE);
}

static uint64_t last_sequence(const uint8_t *record, const sw_batch *batch) {
  if (batch->sequences == 0)
    return batch->first + batch->count - 1u;
  return sw_get64(record + batch->sequences + 8u * (size_t)(batch->count - 1u));
}

sw_merge sw_merge_plan(const uint8_t *const *records, size_t count, sw_batch *out) {
  uint64_t samples = 0;
  uint64_t payload = 0;
  uint64_t last = 0;
  uint32_t listed = 0;
  if (count == 0)
    return SW_MERGE_STRANGERS;
  for (size_t i = 0; i < count; i++) {
    sw_batch part;
    if (!sw_batch_read(records[i], &part))
      return SW_MERGE_BAD_RECORD;
    if (i == 0) {
      *out = part;
    } else {
      if (!sw_merge_alike(out, &part))
        return SW_MERGE_STRANGERS;
      if (part.first <= last)
        return SW_MERGE_DISORDER;
      if (part.first != last + 1u)
        listed = SW_FLAG_SEQUENCES;
    }
    listed |= part.flags & SW_FLAG_SEQUENCES;
    last = last_sequence(records[i], &part);
    samples += part.count;
    payload += part.payload_bytes;
  }
  if (samples > SW_MAX_BATCH_COUNT || payload > SW_MAX_RECORD_BYTES)
    return SW_MERGE_TOO_LARGE;
  out->count = (uint32_t)samples;
  out->payload_bytes = (uint32_t)payload;
  out->flags |= listed;
  return sw_batch_layout(out) ? SW_MERGE_OK : SW_MERGE_TOO_LARGE;
}

static void write_sequences(const uint8_t *record, const sw_batch *part, uint8_t *out) {
  if (part->sequences != 0) {
    memcpy(out, record + part->sequences, 8u * (size_t)part->count);
    return;
  }
  for (uint32_t i = 0; i < part->count; i++)
    sw_put64(out + 8u * (size_t)i, part->first + i);
}

void sw_merge_write(const uint8_t *const *records, size_t count, const sw_batch *plan, uint8_t *out) {
  size_t before = 0; /* samples of the parts before */
  size_t at = plan->payload;
  sw_batch_write(out, plan);
  for (size_t i = 0; i < count; i++) {
    sw_batch part;
    if (!sw_batch_read(records[i], &part))
      return;
    memcpy(out + plan->times + 8u * before, records[i] + part.times, 8u * (size_t)part.count);
    if (plan->sequences != 0)
      write_sequences(records[i], &part, out + plan->sequences + 8u * before);
    if (plan->lengths != 0)
      memcpy(out + plan->lengths + 4u * before, records[i] + part.lengths, 4u * (size_t)part.count);
    memcpy(out + at, records[i] + part.payload, part.payload_bytes);
    before += part.count;
    at += part.payload_bytes;
  }
  memset(out + at, 0, plan->bytes - at);
  if (plan->lengths != 0 && plan->count % 2u != 0)
    sw_put32(out + plan->payload - 4, 0);
}
