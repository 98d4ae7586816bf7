/* SPDX-License-Identifier: MIT
 *
 * Samples that follow each other in their batch are one run and copied at once.
 */
#include "take.h"

#include <cstring>

namespace structwire {

/* Of samples with their sequences listed, which is the most they can need. */
static bool fits(const sw_batch &like, uint64_t count, uint64_t payload_bytes) {
  sw_batch batch = like;
  if (count > SW_MAX_BATCH_COUNT || payload_bytes > SW_MAX_RECORD_BYTES)
    return false;
  batch.flags |= SW_FLAG_SEQUENCES;
  batch.count = static_cast<uint32_t>(count);
  batch.payload_bytes = static_cast<uint32_t>(payload_bytes);
  return sw_batch_layout(&batch) != 0;
}

Taken::Run Taken::run_of(const Source &source, uint32_t from, uint32_t count) {
  const sw_batch &batch = source.batch;
  if (batch.lengths == 0)
    return {&source, from, count, batch.payload + size_t{from} * batch.size, size_t{count} * batch.size};
  if (cursor_.source != &source || cursor_.sample > from)
    cursor_ = {&source, 0, batch.payload};
  const uint8_t *const lengths = source.record + batch.lengths;
  for (; cursor_.sample < from; cursor_.sample++)
    cursor_.payload += sw_get32(lengths + size_t{4} * cursor_.sample);
  size_t bytes = 0;
  for (uint32_t i = from; i < from + count; i++)
    bytes += sw_get32(lengths + size_t{4} * i);
  return {&source, from, count, cursor_.payload, bytes};
}

void Taken::append(const Run &run) {
  Part &part = parts_.back();
  part.count += run.count;
  part.payload_bytes += run.payload_bytes;
  count_ += run.count;
  if (!part.runs.empty()) {
    Run &before = part.runs.back();
    if (before.source == run.source && before.from + before.count == run.from) {
      before.count += run.count;
      before.payload_bytes += run.payload_bytes;
      return;
    }
  }
  part.runs.push_back(run);
}

void Taken::add(const Source &source, uint32_t from, uint32_t count) {
  if (count == 0)
    return;
  const Run run = run_of(source, from, count);
  if (parts_.empty())
    parts_.emplace_back();
  const Part &part = parts_.back();
  if (fits(source.batch, uint64_t{part.count} + count, uint64_t{part.payload_bytes} + run.payload_bytes))
    return append(run);
  if (count > 1) {
    add(source, from, count / 2);
    add(source, from + count / 2, count - count / 2);
    return;
  }
  parts_.emplace_back(); /* one sample always fits */
  append(run);
}

void Taken::clear() {
  parts_.clear();
  cursor_ = {};
  count_ = 0;
}

sw_batch Taken::plan(const Part &part) {
  const Run &front = part.runs.front();
  sw_batch batch = front.source->batch;
  uint64_t next = front.source->sequence(front.from);
  bool jumps = false;
  batch.first = next;
  for (const Run &run : part.runs) {
    const uint64_t first = run.source->sequence(run.from);
    const uint64_t last = run.source->sequence(run.from + run.count - 1);
    jumps = jumps || first != next || last - first != run.count - 1;
    next = last + 1;
  }
  batch.flags = (batch.flags & SW_FLAG_VARIABLE) | (jumps ? SW_FLAG_SEQUENCES : 0);
  batch.count = part.count;
  batch.payload_bytes = static_cast<uint32_t>(part.payload_bytes);
  (void)sw_batch_layout(&batch); /* it fits with all sequences listed, so it does without */
  return batch;
}

void Taken::write_part(const Part &part, const sw_batch &batch, uint8_t *out) {
  uint8_t *times = out + batch.times;
  uint8_t *sequences = out + batch.sequences;
  uint8_t *lengths = out + batch.lengths;
  uint8_t *payload = out + batch.payload;
  sw_batch_write(out, &batch);
  if (batch.lengths != 0)
    sw_put32(payload - 4, 0); /* padding, where the count is odd */
  for (const Run &run : part.runs) {
    const uint8_t *const record = run.source->record;
    const sw_batch &from = run.source->batch;
    std::memcpy(times, record + from.times + size_t{8} * run.from, size_t{8} * run.count);
    times += size_t{8} * run.count;
    for (uint32_t i = 0; batch.sequences != 0 && i < run.count; i++, sequences += 8)
      sw_put64(sequences, run.source->sequence(run.from + i));
    if (batch.lengths != 0) {
      std::memcpy(lengths, record + from.lengths + size_t{4} * run.from, size_t{4} * run.count);
      lengths += size_t{4} * run.count;
    }
    std::memcpy(payload, record + run.payload, run.payload_bytes);
    payload += run.payload_bytes;
  }
  std::memset(payload, 0, static_cast<size_t>(out + batch.bytes - payload));
}

void Taken::write(const Give &give) const {
  std::vector<sw_batch> plans;
  size_t bytes = 0;
  for (const Part &part : parts_) {
    plans.push_back(plan(part));
    bytes += plans.back().bytes;
  }
  if (bytes == 0)
    return;
  uint8_t *out = give(bytes);
  for (size_t i = 0; i < plans.size(); i++) {
    write_part(parts_[i], plans[i], out);
    out += plans[i].bytes;
  }
}

} // namespace structwire
