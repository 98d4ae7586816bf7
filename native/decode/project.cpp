/* SPDX-License-Identifier: MIT
 *
 * Moves are run one after the other over a block of structs that stays in the first cache, so that the length
 * of a copy is decided once for each block.
 */
#include "project.h"
#include "batch.h"
#include "load.h"

#include <algorithm>

namespace structwire {

static void refuse() {
  throw Failure("invalid_argument", "projection: moves do not fit the layouts");
}

static void check(const Projection &projection) {
  const uint64_t size = projection.size;
  const std::vector<Leaf> &leaves = projection.layout.leaves();
  if (size == 0 || size > Layout::max_size)
    refuse();
  for (size_t i = 0; i < projection.move_count; i++) {
    const Move &move = projection.moves[i];
    if (uint64_t{move.from} + move.bytes > projection.layout.size() || uint64_t{move.to} + move.bytes > size)
      refuse();
  }
  for (size_t i = 0; i < projection.widening_count; i++) {
    const Widening &widening = projection.widenings[i];
    if (widening.leaf >= leaves.size() || leaves[widening.leaf].capacity != 0 ||
        widening.element >= leaves[widening.leaf].count ||
        uint64_t{widening.to} + leaves[widening.leaf].width > size)
      refuse();
  }
}

/* Structs of one block, from and to. */
struct Block {
  const uint8_t *from;
  size_t from_stride;
  uint8_t *to;
  size_t to_stride, count;
};

template <size_t bytes> static void copy_each(const Block &block, const Move &move) {
  const uint8_t *from = block.from + move.from;
  uint8_t *to = block.to + move.to;
  for (size_t i = 0; i < block.count; i++, from += block.from_stride, to += block.to_stride)
    std::memcpy(to, from, bytes);
}

static void copy(const Block &block, const Move &move) {
  switch (move.bytes) {
  case 1:
    return copy_each<1>(block, move);
  case 2:
    return copy_each<2>(block, move);
  case 4:
    return copy_each<4>(block, move);
  case 8:
    return copy_each<8>(block, move);
  case 16:
    return copy_each<16>(block, move);
  default:
    for (size_t i = 0; i < block.count; i++)
      std::memcpy(block.to + i * block.to_stride + move.to, block.from + i * block.from_stride + move.from,
                  move.bytes);
  }
}

static void widen(const Block &block, const Leaf &leaf, const Widening &widening, bool little) {
  const uint32_t offset = element_offset(leaf, widening.element);
  for (size_t i = 0; i < block.count; i++) {
    uint64_t value = load_integer(block.from + i * block.from_stride + offset, leaf, little);
    uint8_t *const to = block.to + i * block.to_stride + widening.to;
    if (leaf.kind == Kind::boolean)
      value = value != 0;
    for (uint32_t k = 0; k < leaf.width; k++, value >>= 8)
      to[little ? k : leaf.width - 1 - k] = static_cast<uint8_t>(value);
  }
}

static void project_structs(const Projection &projection, const uint8_t *from, size_t count, uint8_t *to) {
  const Layout &layout = projection.layout;
  const size_t size = std::max<size_t>(16384 / layout.size(), 1);
  for (size_t done = 0; done < count; done += size) {
    const Block block{from + done * layout.size(), layout.size(), to + done * projection.size,
                      projection.size, std::min(size, count - done)};
    for (size_t i = 0; i < projection.move_count; i++)
      copy(block, projection.moves[i]);
    for (size_t i = 0; i < projection.widening_count; i++)
      widen(block, layout.leaves()[projection.widenings[i].leaf], projection.widenings[i], layout.little());
  }
}

void project(const Projection &projection, const uint8_t *record, size_t length, const Give &give) {
  check(projection);
  const Source source{record, read_structs(projection.layout, record, length)};
  const sw_batch &batch = source.batch;
  const uint32_t each = projection.size + (batch.sequences != 0 ? 16 : 8);
  const uint32_t most = (SW_MAX_RECORD_BYTES - SW_BATCH_HEADER_BYTES) / each;
  std::vector<sw_batch> plans;
  size_t bytes = 0;
  for (uint32_t done = 0; done < batch.count; done += most) {
    sw_batch plan = batch;
    plan.count = std::min(most, batch.count - done);
    plan.size = projection.size;
    plan.first = source.sequence(done);
    if (!sw_batch_layout(&plan))
      refuse();
    plans.push_back(plan);
    bytes += plan.bytes;
  }
  uint8_t *out = give(bytes);
  uint32_t done = 0;
  for (const sw_batch &plan : plans) {
    sw_batch_write(out, &plan);
    std::memcpy(out + plan.times, record + batch.times + size_t{8} * done, size_t{8} * plan.count);
    if (plan.sequences != 0)
      std::memcpy(out + plan.sequences, record + batch.sequences + size_t{8} * done, size_t{8} * plan.count);
    project_structs(projection, record + batch.payload + size_t{done} * batch.size, plan.count,
                    out + plan.payload);
    out += plan.bytes;
    done += plan.count;
  }
}

} // namespace structwire
