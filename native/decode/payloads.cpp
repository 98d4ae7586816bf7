/* SPDX-License-Identifier: MIT
 *
 * A first pass finds where each payload stands, a second one lays out the records, a third one writes them.
 */
#include "payloads.h"
#include "batch.h"
#include "json.h"

namespace structwire {

namespace {

/* One payload, in the text or the record that it comes from; not good: it is left out. */
struct Piece {
  size_t from;
  uint32_t bytes;
  bool good;
};

/* Samples that make one record: a batch, or of those that are left out a gap. */
struct Part {
  uint32_t from, count;
  sw_batch batch; /* with a count of 0: a gap */
};

/* Where the pieces stand, and in what. */
struct Pieces {
  std::vector<Piece> list;
  const uint8_t *base = nullptr;
  Text text;
};

} // namespace

static void write_texts(const Layout &layout, const Source &source, Pieces *pieces) {
  for (uint32_t i = 0; i < source.batch.count; i++) {
    const size_t from = pieces->text.length();
    write_struct(pieces->text, layout, source.record + source.batch.payload + size_t{i} * source.batch.size);
    const size_t bytes = pieces->text.length() - from;
    const bool good = bytes <= SW_MAX_SAMPLE_BYTES;
    if (!good)
      pieces->text.end(pieces->text.chars() + from);
    pieces->list.push_back({from, good ? static_cast<uint32_t>(bytes) : 0, good});
  }
  pieces->base = reinterpret_cast<const uint8_t *>(pieces->text.chars());
}

static void find_payloads(bool json, const Source &source, Pieces *pieces) {
  const sw_batch &batch = source.batch;
  size_t from = batch.payload;
  for (uint32_t i = 0; i < batch.count; i++) {
    const uint32_t bytes = sw_get32(source.record + batch.lengths + size_t{4} * i);
    size_t depth;
    const bool good = !json || is_json(source.record + from, bytes, &depth);
    pieces->list.push_back({from, bytes, good});
    from += bytes;
  }
  pieces->base = source.record;
}

/* The largest batch of good pieces from `from` on, of at least one. */
static Part batch_part(const Source &source, const std::vector<Piece> &list, uint32_t from,
                       const PayloadTarget &target) {
  Part part{from, 0, {}};
  sw_batch plan = source.batch;
  plan.stream = target.stream;
  plan.schema = source.batch.lengths != 0 ? source.batch.schema : 0;
  plan.size = 0;
  plan.flags |= SW_FLAG_VARIABLE;
  plan.first = source.sequence(from);
  plan.count = 0;
  plan.payload_bytes = 0;
  for (uint32_t i = from; i < list.size() && list[i].good; i++) {
    plan.count++;
    plan.payload_bytes += list[i].bytes;
    if (!sw_batch_layout(&plan) || (plan.bytes > target.max_bytes && part.count > 0))
      break;
    part.count++;
    part.batch = plan;
  }
  return part;
}

static std::vector<Part> lay_out(const Source &source, const std::vector<Piece> &list,
                                 const PayloadTarget &target) {
  std::vector<Part> parts;
  for (uint32_t done = 0; done < list.size();) {
    Part part{done, 0, {}};
    if (list[done].good) {
      part = batch_part(source, list, done, target);
    } else {
      while (done + part.count < list.size() && !list[done + part.count].good)
        part.count++;
    }
    done += part.count;
    parts.push_back(part);
  }
  return parts;
}

static size_t bytes_of(const Part &part) {
  return part.batch.count > 0 ? part.batch.bytes : SW_GAP_BYTES;
}

static void write_part(const Source &source, const Pieces &pieces, const Part &part,
                       const PayloadTarget &target, uint8_t *out) {
  if (part.batch.count == 0) {
    const sw_gap gap{target.stream,
                     SW_GAP_UNKNOWN,
                     source.batch.epoch,
                     source.sequence(part.from),
                     source.sequence(part.from + part.count - 1),
                     part.count};
    sw_gap_write(out, &gap);
    return;
  }
  const sw_batch &batch = part.batch;
  sw_batch_write(out, &batch);
  std::memcpy(out + batch.times, source.record + source.batch.times + size_t{8} * part.from,
              size_t{8} * part.count);
  if (batch.sequences != 0)
    std::memcpy(out + batch.sequences, source.record + source.batch.sequences + size_t{8} * part.from,
                size_t{8} * part.count);
  for (uint32_t i = 0; i < part.count; i++)
    sw_put32(out + batch.lengths + size_t{4} * i, pieces.list[part.from + i].bytes);
  /* Good ones stand one behind the other. */
  if (batch.payload_bytes > 0)
    std::memcpy(out + batch.payload, pieces.base + pieces.list[part.from].from, batch.payload_bytes);
}

void payloads(const Layout *layout, bool json, const uint8_t *record, size_t length,
              const PayloadTarget &target, const Give &give) {
  const sw_batch batch =
      layout != nullptr ? read_structs(*layout, record, length) : read_batch(record, length);
  if (layout == nullptr && batch.lengths == 0)
    throw Failure("bad_record", "record: is a batch of structs, not of JSON or bytes");
  const Source source{record, batch};
  Pieces pieces;
  pieces.list.reserve(batch.count);
  if (layout != nullptr)
    write_texts(*layout, source, &pieces);
  else
    find_payloads(json, source, &pieces);
  const std::vector<Part> parts = lay_out(source, pieces.list, target);
  size_t bytes = 0;
  for (const Part &part : parts)
    bytes += bytes_of(part);
  uint8_t *out = give(bytes);
  for (const Part &part : parts) {
    write_part(source, pieces, part, target, out);
    out += bytes_of(part);
  }
}

} // namespace structwire
