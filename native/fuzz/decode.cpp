/* SPDX-License-Identifier: MIT
 *
 * Any bytes as JSON payloads, as structs and as batches of them.
 */
#include "admit.h"
#include "batch.h"
#include "columns.h"
#include "filter.h"
#include "json.h"
#include "payloads.h"
#include "project.h"
#include "thin.h"

#include <cstdlib>
#include <vector>

using namespace structwire;

/* A struct of 32 bytes with a text, a bitfield, an enum, floats, an array. */
static Layout make_layout() {
  const auto leaf = [](Kind kind, sw_scalar scalar, uint32_t offset) {
    Leaf made;
    made.kind = kind;
    made.scalar = scalar;
    made.offset = offset;
    return made;
  };
  Leaf text = leaf(Kind::text, SW_CHAR, 0);
  text.capacity = 7;
  Leaf bits = leaf(Kind::number, SW_I64, 7);
  bits.bit_bytes = 9;
  bits.bit_shift = 5;
  bits.bit_width = 61;
  Leaf mode = leaf(Kind::enumeration, SW_U8, 16);
  mode.labels = {{1, "\"ON\""}, {0, "\"\xc3\x96\""}};
  Leaf list = leaf(Kind::number, SW_F32, 20);
  list.dims = {{3, 4}};
  return Layout(32, true, {text, bits, mode, list, leaf(Kind::bigint, SW_U64, 20)},
                {{Step::leaf, 0, 0},
                 {Step::text, 0, 0},
                 {Step::leaf, 1, 0},
                 {Step::text, 0, 0},
                 {Step::leaf, 2, 0},
                 {Step::text, 0, 0},
                 {Step::leaf, 4, 0},
                 {Step::text, 0, 0},
                 {Step::repeat, 3, 4},
                 {Step::leaf, 3, 0},
                 {Step::end, 0, 0}},
                {","});
}

static void decode_batch(const Layout &layout, const uint8_t *input, size_t count) {
  Text text;
  size_t written = 0;
  const Flush flush = [&](Text &piece) {
    written += piece.length();
    piece.clear();
  };
  try {
    write_batch(text, layout, input, count, flush);
    const sw_batch batch = read_structs(layout, input, count);
    std::vector<std::vector<uint8_t>> columns;
    std::vector<Target> targets;
    for (size_t i = 1; i < layout.leaves().size(); i++) {
      const Leaf &leaf = layout.leaves()[i];
      columns.emplace_back(size_t{batch.count} * leaf.count * leaf.width);
      targets.push_back({&leaf, columns.back().data()});
    }
    decode_columns(layout, input + batch.payload, batch.count, targets);
    if (written < batch.count)
      std::abort();
  } catch (const Failure &) {
    written = 0;
  }
  for (const bool json : {true, false}) {
    try {
      text.clear();
      write_payloads(text, json, input, count, flush);
    } catch (const Failure &) {
      written = 0;
    }
  }
}

/* What is admitted can be encoded for readers. */
static void admit_batch(const uint8_t *input, size_t count) {
  for (const bool json : {true, false}) {
    std::vector<uint8_t> record(input, input + count);
    try {
      admit(record.data(), count, json, 1000);
    } catch (const Failure &) {
      continue;
    }
    Text text;
    write_payloads(text, json, record.data(), count, [](Text &piece) { piece.clear(); });
  }
}

/* What thinning, filters and projection make of a batch are batches again. */
static void select_from(const Layout &layout, const uint8_t *input, size_t count) {
  std::vector<uint8_t> made;
  const Give give = [&](size_t bytes) {
    made.assign(bytes, 0);
    return made.data();
  };
  const auto check = [&] {
    for (size_t at = 0; at < made.size();) {
      const uint32_t bytes = sw_get32(made.data() + at);
      (void)read_batch(made.data() + at, bytes);
      at += bytes;
    }
    made.clear();
  };
  const Move moves[] = {{16, 0, 16}};
  const Widening widenings[] = {{1, 0, 16}};
  try {
    RateThinner(1000).push(input, count, give);
    check();
    project({layout, 24, moves, 1, widenings, 1}, input, count, give);
    check();
    Filter filter(layout, {{Test::range, 3, 1, 0}, {Test::text, 0, 0, 0}, {Test::either, 0, 0, 0}},
                  {{0, 0x7ff0000000000000}}, {"ab"});
    (void)filter.select(input, count, give);
    check();
    ExtremesThinner extremes(layout, {1, 3, 4}, 1000);
    (void)extremes.push(input, count, give);
    check();
    extremes.flush(give);
    check();
  } catch (const Failure &) {
    made.clear();
  }
}

/* What readers that know no layouts get are batches and gaps, with every sample in one of them. */
static void give_payloads(const Layout *layout, bool json, const uint8_t *input, size_t count) {
  std::vector<uint8_t> made;
  const Give give = [&](size_t bytes) {
    made.assign(bytes, 0);
    return made.data();
  };
  uint64_t samples = 0;
  try {
    const uint32_t wanted = read_batch(input, count).count;
    payloads(layout, json, input, count, {9, SW_MAX_SAMPLE_BYTES + 64}, give);
    for (size_t at = 0; at < made.size();) {
      const uint32_t bytes = sw_get32(made.data() + at);
      sw_gap gap;
      if (sw_gap_read(made.data() + at, &gap))
        samples += gap.count;
      else
        samples += read_batch(made.data() + at, bytes).count;
      at += bytes;
    }
    if (samples != wanted)
      std::abort();
  } catch (const Failure &) {
    made.clear();
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count) {
  static const Layout layout = make_layout();
  size_t depth = 0;
  (void)is_json(input, count, &depth);
  admit_batch(input, count);
  Text text;
  for (size_t at = 0; at + layout.size() <= count; at += layout.size())
    write_struct(text, layout, input + at);
  decode_batch(layout, input, count);
  select_from(layout, input, count);
  give_payloads(&layout, true, input, count);
  give_payloads(nullptr, true, input, count);
  give_payloads(nullptr, false, input, count);
  return 0;
}
