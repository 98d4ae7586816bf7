/* SPDX-License-Identifier: MIT
 *
 * Byte by byte, because sets are rare and bitfields share their bytes with others.
 */
#include "encode.h"

#include <cstring>

namespace structwire {

static void refuse() {
  throw Failure("invalid_argument", "writes do not fit the layout");
}

/* Returns whether none of the bits was written before. */
static bool put(uint8_t *value, uint8_t *mask, uint8_t bits, uint8_t own) {
  if ((*mask & own) != 0)
    return false;
  *mask = static_cast<uint8_t>(*mask | own);
  *value = static_cast<uint8_t>(*value | (bits & own));
  return true;
}

static bool write_scalar(const Leaf &leaf, bool little, uint64_t pattern, uint8_t *value, uint8_t *mask) {
  const unsigned bytes = leaf.bit_bytes != 0 ? leaf.bit_bytes : leaf.width;
  const unsigned width = leaf.bit_bytes != 0 ? leaf.bit_width : leaf.width * 8;
  const unsigned shift = leaf.bit_bytes != 0 ? leaf.bit_shift : 0;
  const uint64_t all = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  for (unsigned i = 0; i < bytes; i++) {
    const int down = static_cast<int>(i * 8) - static_cast<int>(shift);
    if (down <= -8 || down >= 64)
      continue;
    const auto bits = static_cast<uint8_t>(down < 0 ? (pattern & all) << -down : (pattern & all) >> down);
    const auto own = static_cast<uint8_t>(down < 0 ? all << -down : all >> down);
    const unsigned to = little ? i : bytes - 1 - i;
    if (own != 0 && !put(value + to, mask + to, bits, own))
      return false;
  }
  return true;
}

static bool write_bytes(const Leaf &leaf, const uint8_t *bits, uint8_t *value, uint8_t *mask) {
  for (uint32_t i = 0; i < leaf.capacity; i++) {
    if (!put(value + i, mask + i, bits[i], 255))
      return false;
  }
  return true;
}

int64_t write_elements(const Layout &layout, const Writes &writes, uint8_t *value, uint8_t *mask) {
  size_t at = 0;
  for (size_t i = 0; i < writes.count; i++) {
    if (writes.indices[i] >= layout.leaves().size())
      refuse();
    const Leaf &leaf = layout.leaves()[writes.indices[i]];
    const size_t bytes = leaf.capacity != 0 ? leaf.capacity : 8;
    if (writes.elements[i] >= leaf.count || writes.bits_bytes - at < bytes)
      refuse();
    const uint32_t offset = element_offset(leaf, writes.elements[i]);
    const uint8_t *const bits = writes.bits + at;
    at += bytes;
    uint64_t pattern = 0;
    if (leaf.capacity == 0) {
      for (unsigned k = 0; k < 8; k++)
        pattern |= static_cast<uint64_t>(bits[k]) << (k * 8);
    }
    const bool fresh = leaf.capacity != 0
                           ? write_bytes(leaf, bits, value + offset, mask + offset)
                           : write_scalar(leaf, layout.little(), pattern, value + offset, mask + offset);
    if (!fresh)
      return static_cast<int64_t>(i);
  }
  return -1;
}

} // namespace structwire
