/* SPDX-License-Identifier: MIT
 *
 * Thinning, filters, projection and structs from columns on memory of exactly the bytes they may read and
 * write, so that ASan finds the first one beyond; what they keep, the contract of both codecs says.
 */
#include "batch.h"
#include "check.h"
#include "columns.h"
#include "filter.h"
#include "project.h"
#include "structs.h"
#include "thin.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <random>
#include <vector>

using namespace structwire;

/* A struct of 21 bytes: a double, a bitfield of nine bytes, a text, an array of structs of one u8. */
static Layout make_layout(bool little) {
  Leaf x;
  x.scalar = SW_F64;
  Leaf bits;
  bits.scalar = SW_I64;
  bits.kind = Kind::bigint;
  bits.offset = 8;
  bits.bit_bytes = 9;
  bits.bit_shift = 5;
  bits.bit_width = 61;
  Leaf text;
  text.kind = Kind::text;
  text.scalar = SW_CHAR;
  text.offset = 17;
  text.capacity = 2;
  Leaf list;
  list.offset = 19;
  list.dims = {{2, 1}};
  return Layout(21, little, {x, bits, text, list}, {}, {});
}

/* A batch of random structs whose times and sequences jump, in exactly its bytes. */
struct Exact {
  std::unique_ptr<uint8_t[]> record;
  size_t length = 0;
};

static Exact make_batch(std::mt19937_64 &random, uint32_t size, uint64_t first) {
  sw_batch batch = {};
  batch.count = static_cast<uint32_t>(random() % 700 + 1);
  batch.size = size;
  batch.first = first;
  batch.flags = random() % 2 != 0 ? SW_FLAG_SEQUENCES : 0;
  CHECK(sw_batch_layout(&batch));
  Exact made{std::unique_ptr<uint8_t[]>(new uint8_t[batch.bytes]()), batch.bytes};
  sw_batch_write(made.record.get(), &batch);
  uint64_t sequence = first;
  for (uint32_t i = 0; i < batch.count; i++, sequence += random() % 3 + 1) {
    sw_put64(made.record.get() + batch.times + size_t{8} * i, random() % 1000);
    if (batch.sequences != 0)
      sw_put64(made.record.get() + batch.sequences + size_t{8} * i, sequence);
  }
  for (size_t i = 0; i < batch.payload_bytes; i++)
    made.record[batch.payload + i] = static_cast<uint8_t>(random());
  return made;
}

/* Memory of exactly the bytes that were asked for, and how many samples are in the batches there. */
struct Memory {
  std::unique_ptr<uint8_t[]> bytes;
  size_t length = 0;

  Give give() {
    return [this](size_t wanted) {
      bytes.reset(new uint8_t[wanted]());
      length = wanted;
      return bytes.get();
    };
  }
  size_t samples() const {
    size_t sum = 0;
    for (size_t at = 0; at < length;) {
      const uint32_t own = sw_get32(bytes.get() + at);
      sum += read_batch(bytes.get() + at, own).count;
      at += own;
    }
    return sum;
  }
};

static void thins(std::mt19937_64 &random, const Layout &layout) {
  ExtremesThinner extremes(layout, {0, 1, 2, 3}, 300);
  RateThinner rate(random() % 500 + 1);
  uint64_t first = 0;
  size_t kept = 0;
  for (int i = 0; i < 20; i++, first += 5000) {
    const Exact batch = make_batch(random, layout.size(), first);
    Memory memory;
    (void)extremes.push(batch.record.get(), batch.length, memory.give());
    kept += memory.samples();
    Memory by_rate;
    const Kept found = rate.push(batch.record.get(), batch.length, by_rate.give());
    CHECK((found == Kept::some) == (by_rate.length > 0));
  }
  Memory rest;
  extremes.flush(rest.give());
  CHECK(kept + rest.samples() > 20);
}

static void filters(std::mt19937_64 &random, const Layout &layout) {
  const Bounds positive{0, 0x7ff0000000000000};
  const Bounds low{0, 127};
  const auto filter_of = [&](std::vector<Test> steps) {
    return Filter(layout, std::move(steps), {positive, low}, {"ab", ""});
  };
  Filter filter = filter_of({{Test::range, 0, 0, 0}, {Test::range, 3, 1, 1}, {Test::both, 0, 0, 0}});
  Filter inverse = filter_of(
      {{Test::range, 0, 0, 0}, {Test::range, 3, 1, 1}, {Test::both, 0, 0, 0}, {Test::inverse, 0, 0, 0}});
  Filter texts = filter_of({{Test::text, 2, 0, 0},
                            {Test::text, 2, 0, 1},
                            {Test::either, 0, 0, 0},
                            {Test::constant, 0, 0, 0},
                            {Test::either, 0, 0, 0}});
  for (int i = 0; i < 20; i++) {
    const Exact batch = make_batch(random, layout.size(), 7);
    Memory some;
    Memory others;
    Memory named;
    (void)filter.select(batch.record.get(), batch.length, some.give());
    (void)inverse.select(batch.record.get(), batch.length, others.give());
    (void)texts.select(batch.record.get(), batch.length, named.give());
    const uint32_t count = read_batch(batch.record.get(), batch.length).count;
    /* All of them pass one of the two only when no memory was asked for. */
    CHECK(some.samples() + others.samples() == count || some.length == 0 || others.length == 0);
  }
}

static void projects(std::mt19937_64 &random, const Layout &layout) {
  const Move moves[] = {{19, 0, 2}, {0, 8, 8}, {17, 24, 2}};
  const Widening widenings[] = {{1, 0, 16}};
  const Projection projection{layout, 26, moves, 3, widenings, 1};
  const Exact batch = make_batch(random, layout.size(), 7);
  Memory memory;
  project(projection, batch.record.get(), batch.length, memory.give());
  CHECK(memory.samples() == read_batch(batch.record.get(), batch.length).count);
}

/* Bits that no field has stay zero: those before and behind the bitfield. */
static void turns_back(std::mt19937_64 &random, const Layout &layout) {
  const Exact batch = make_batch(random, layout.size(), 7);
  const sw_batch parts = read_batch(batch.record.get(), batch.length);
  std::vector<std::unique_ptr<uint8_t[]>> memory;
  std::vector<Target> targets;
  std::vector<Column> columns;
  for (const Leaf &leaf : layout.leaves()) {
    if (leaf.kind == Kind::text)
      continue;
    memory.emplace_back(new uint8_t[size_t{parts.count} * leaf.count * leaf.width]);
    targets.push_back({&leaf, memory.back().get()});
    columns.push_back({&leaf, memory.back().get()});
  }
  const uint8_t *const structs = batch.record.get() + parts.payload;
  decode_columns(layout, structs, parts.count, targets);
  const std::unique_ptr<uint8_t[]> made(new uint8_t[parts.payload_bytes]());
  encode_structs(layout, columns, parts.count, made.get());
  for (uint32_t i = 0; i < parts.count; i++) {
    const uint8_t *const before = structs + size_t{i} * layout.size();
    const uint8_t *const after = made.get() + size_t{i} * layout.size();
    CHECK(std::memcmp(before, after, 8) == 0);
    CHECK(std::memcmp(before + 9, after + 9, 7) == 0);
    CHECK(std::memcmp(before + 19, after + 19, 2) == 0);
    CHECK(after[17] == 0 && after[18] == 0);
  }
}

static void all() {
  std::mt19937_64 random(1);
  for (const bool little : {true, false}) {
    const Layout layout = make_layout(little);
    for (int i = 0; i < 20; i++) {
      thins(random, layout);
      filters(random, layout);
      projects(random, layout);
      turns_back(random, layout);
    }
  }
}

int main() {
  try {
    all();
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
