/* SPDX-License-Identifier: MIT
 *
 * As in columns.cpp the work is cut into blocks of structs that stay in the first cache.
 */
#include "structs.h"
#include "load.h"
#include "transpose.h"

#include <algorithm>

namespace structwire {

constexpr size_t block_bytes = 16384;

/* Structs of one block. */
struct Block {
  uint8_t *structs;
  size_t stride, count;
  size_t done; /* samples of the blocks before */
  bool little;
};

/* Calls `each` with the place of every element, in order. */
template <typename Each> static void for_elements(const Block &block, const Leaf &leaf, Each each) {
  uint8_t *at = block.structs;
  for (size_t i = 0; i < block.count; i++, at += block.stride) {
    for (uint32_t k = 0; k < leaf.count; k++)
      each(at + element_offset(leaf, k));
  }
}

template <typename T> static void put_elements(const Block &block, const Leaf &leaf, const uint8_t *in) {
  const bool plain = block.little == host_little;
  for_elements(block, leaf, [&](uint8_t *at) {
    T value;
    std::memcpy(&value, in, sizeof value);
    if (!plain)
      value = swapped(value);
    std::memcpy(at, &value, sizeof value);
    in += sizeof value;
  });
}

template <typename T> static void put_single(const Block &block, const Leaf &leaf, const uint8_t *in) {
  uint8_t *at = block.structs + element_offset(leaf, 0);
  for (size_t i = 0; i < block.count; i++, at += block.stride)
    std::memcpy(at, in + i * sizeof(T), sizeof(T));
}

static void put_runs(const Block &block, const Leaf &leaf, const uint8_t *in) {
  const size_t bytes = size_t{leaf.count} * leaf.width;
  uint8_t *at = block.structs + leaf.offset;
  for (size_t i = 0; i < block.count; i++, at += block.stride, in += bytes)
    std::memcpy(at, in, bytes);
}

static void put_bits(const Block &block, const Leaf &leaf, const uint8_t *in) {
  for_elements(block, leaf, [&](uint8_t *at) {
    uint64_t value = 0;
    std::memcpy(&value, in, leaf.width);
    if (!host_little)
      value >>= (8 - leaf.width) * 8;
    in += leaf.width;
    if (leaf.kind == Kind::boolean)
      value = value != 0;
    store_bits(at, leaf, block.little, value);
  });
}

static void put_column(const Block &block, const Column &column) {
  const Leaf &leaf = *column.leaf;
  const uint8_t *const in = column.in + block.done * leaf.count * leaf.width;
  const bool as_is = leaf.capacity == 0 && (leaf.width == 1 || block.little == host_little);
  if (leaf.bit_bytes != 0)
    return put_bits(block, leaf, in);
  if (leaf.kind == Kind::boolean) {
    const uint8_t *from = in;
    return for_elements(block, leaf, [&](uint8_t *at) { *at = *from++ != 0; });
  }
  if (leaf.offsets.empty() && (leaf.capacity != 0 || (as_is && leaf.count > 1)))
    return put_runs(block, leaf, in);
  if (leaf.capacity != 0) {
    const uint8_t *from = in;
    return for_elements(block, leaf, [&](uint8_t *at) {
      std::memcpy(at, from, leaf.capacity);
      from += leaf.capacity;
    });
  }
  const bool single = as_is && leaf.count == 1;
  switch (leaf.width) {
  case 1:
    return single ? put_single<uint8_t>(block, leaf, in) : put_elements<uint8_t>(block, leaf, in);
  case 2:
    return single ? put_single<uint16_t>(block, leaf, in) : put_elements<uint16_t>(block, leaf, in);
  case 4:
    return single ? put_single<uint32_t>(block, leaf, in) : put_elements<uint32_t>(block, leaf, in);
  default:
    return single ? put_single<uint64_t>(block, leaf, in) : put_elements<uint64_t>(block, leaf, in);
  }
}

/* How many columns from `at` on are neighbours that are turned together: 4 of 4 bytes, 2 of 8, else 1. */
static size_t neighbours(const std::vector<Column> &columns, size_t at, bool little) {
  const Leaf &first = *columns[at].leaf;
  const size_t most = first.width == 4 ? 4 : 2;
  if (first.width < 4 || at + most > columns.size())
    return 1;
  for (size_t k = 0; k < most; k++) {
    const Leaf &leaf = *columns[at + k].leaf;
    if (!is_plain(leaf, little) || leaf.width != first.width || leaf.offset != first.offset + k * leaf.width)
      return 1;
  }
  return most;
}

void encode_structs(const Layout &layout, const std::vector<Column> &columns, size_t count, uint8_t *out) {
  const size_t size = std::max<size_t>(block_bytes / layout.size() / 4 * 4, 16);
  for (size_t done = 0; done < count; done += size) {
    const Block block{out + done * layout.size(), layout.size(), std::min(size, count - done), done,
                      layout.little()};
    for (size_t at = 0; at < columns.size();) {
      const size_t run = neighbours(columns, at, layout.little());
      const Leaf &leaf = *columns[at].leaf;
      const uint8_t *ins[4];
      for (size_t k = 0; k < run; k++)
        ins[k] = columns[at + k].in + done * leaf.width;
      if (run == 4)
        turn_back_4x4(ins, block.structs + leaf.offset, block.stride, block.count);
      else if (run == 2)
        turn_back_8x2(ins, block.structs + leaf.offset, block.stride, block.count);
      else
        put_column(block, columns[at]);
      at += run;
    }
  }
}

} // namespace structwire
