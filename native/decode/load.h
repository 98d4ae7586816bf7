/* SPDX-License-Identifier: MIT
 *
 * Loads of struct elements at any alignment and of both byte orders.
 */
#ifndef STRUCTWIRE_DECODE_LOAD_H
#define STRUCTWIRE_DECODE_LOAD_H

#include "layout.h"

#include <cstring>

namespace structwire {

inline uint8_t swapped(uint8_t v) {
  return v;
}
inline uint16_t swapped(uint16_t v) {
  return static_cast<uint16_t>(v << 8 | v >> 8);
}
inline uint32_t swapped(uint32_t v) {
  return v << 24 | (v & 0xff00u) << 8 | (v >> 8 & 0xff00u) | v >> 24;
}
inline uint64_t swapped(uint64_t v) {
  return static_cast<uint64_t>(swapped(static_cast<uint32_t>(v))) << 32 |
         swapped(static_cast<uint32_t>(v >> 32));
}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr bool host_little = false;
#else
constexpr bool host_little = true;
#endif

/* An unsigned integer of the struct's byte order. */
template <typename T> T load(const uint8_t *at, bool little) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return little == host_little ? value : swapped(value);
}

/* The bits of a bitfield: its bytes as one integer, shifted and masked. Nine bytes are read where a packed
 * field straddles that many. */
inline uint64_t load_bits(const uint8_t *at, const Leaf &leaf, bool little) {
  const unsigned bytes = leaf.bit_bytes;
  uint64_t pattern = 0;
  for (unsigned i = 0; i < bytes; i++) {
    const uint64_t byte = at[little ? i : bytes - 1 - i];
    const int shift = static_cast<int>(i * 8) - leaf.bit_shift;
    if (shift <= -8 || shift >= 64)
      continue;
    pattern |= shift < 0 ? byte >> -shift : byte << shift;
  }
  return leaf.bit_width == 64 ? pattern : pattern & ((uint64_t{1} << leaf.bit_width) - 1);
}

/* An integer element as a 64-bit pattern, its sign extended when the type has one. */
inline uint64_t load_integer(const uint8_t *at, const Leaf &leaf, bool little) {
  uint64_t pattern;
  unsigned width;
  if (leaf.bit_bytes != 0) {
    pattern = load_bits(at, leaf, little);
    width = leaf.bit_width;
  } else {
    width = leaf.width * 8;
    switch (leaf.width) {
    case 1:
      pattern = *at;
      break;
    case 2:
      pattern = load<uint16_t>(at, little);
      break;
    case 4:
      pattern = load<uint32_t>(at, little);
      break;
    default:
      return load<uint64_t>(at, little);
    }
  }
  if (!scalar_signed(leaf.scalar) || width == 64)
    return pattern;
  const uint64_t sign = uint64_t{1} << (width - 1);
  return (pattern ^ sign) - sign;
}

/* Whether the bytes of an element are those of its column: one scalar a sample, no conversion. */
inline bool is_plain(const Leaf &leaf, bool little) {
  return leaf.count == 1 && leaf.bit_bytes == 0 && leaf.kind != Kind::boolean && leaf.capacity == 0 &&
         (leaf.width == 1 || little == host_little);
}

/* Writes the bits of a bitfield, and no others; the inverse of load_bits. */
inline void store_bits(uint8_t *at, const Leaf &leaf, bool little, uint64_t pattern) {
  const unsigned bytes = leaf.bit_bytes;
  const uint64_t all = leaf.bit_width == 64 ? ~uint64_t{0} : (uint64_t{1} << leaf.bit_width) - 1;
  for (unsigned i = 0; i < bytes; i++) {
    const int down = static_cast<int>(i * 8) - leaf.bit_shift;
    if (down <= -8 || down >= 64)
      continue;
    const auto bits = static_cast<uint8_t>(down < 0 ? (pattern & all) << -down : (pattern & all) >> down);
    const auto own = static_cast<uint8_t>(down < 0 ? all << -down : all >> down);
    uint8_t &byte = at[little ? i : bytes - 1 - i];
    byte = static_cast<uint8_t>((byte & ~own) | bits);
  }
}

} // namespace structwire
#endif
