/* SPDX-License-Identifier: MIT
 *
 * Elements of structs as values that compare exactly: doubles, signed and unsigned integers of 64 bits.
 */
#ifndef STRUCTWIRE_DECODE_VALUE_H
#define STRUCTWIRE_DECODE_VALUE_H

#include "load.h"

namespace structwire {

/* One loader for each way a scalar stands in memory; `at` is the element's own place. */
template <typename Bits, typename Stored, typename Value> struct Scalar {
  using type = Value;
  bool little;
  Value operator()(const uint8_t *at) const {
    const Bits bits = load<Bits>(at, little);
    Stored stored;
    static_assert(sizeof stored == sizeof bits, "a scalar is its bits");
    std::memcpy(&stored, &bits, sizeof stored);
    return static_cast<Value>(stored);
  }
};

/* Bitfields and bool. */
template <typename Value> struct Packed {
  using type = Value;
  const Leaf *leaf;
  bool little;
  Value operator()(const uint8_t *at) const {
    const uint64_t value = load_integer(at, *leaf, little);
    return static_cast<Value>(leaf->kind == Kind::boolean ? value != 0 : value);
  }
};

/* Calls `work` with the loader of a leaf that is neither text nor bytes. */
template <typename Work> auto with_loader(const Leaf &leaf, bool little, Work work) {
  if (leaf.bit_bytes != 0 || leaf.kind == Kind::boolean) {
    return scalar_signed(leaf.scalar) ? work(Packed<int64_t>{&leaf, little})
                                      : work(Packed<uint64_t>{&leaf, little});
  }
  switch (leaf.scalar) {
  case SW_U16:
    return work(Scalar<uint16_t, uint16_t, uint64_t>{little});
  case SW_U32:
    return work(Scalar<uint32_t, uint32_t, uint64_t>{little});
  case SW_U64:
    return work(Scalar<uint64_t, uint64_t, uint64_t>{little});
  case SW_I8:
    return work(Scalar<uint8_t, int8_t, int64_t>{little});
  case SW_I16:
    return work(Scalar<uint16_t, int16_t, int64_t>{little});
  case SW_I32:
    return work(Scalar<uint32_t, int32_t, int64_t>{little});
  case SW_I64:
    return work(Scalar<uint64_t, int64_t, int64_t>{little});
  case SW_F32:
    return work(Scalar<uint32_t, float, double>{little});
  case SW_F64:
    return work(Scalar<uint64_t, double, double>{little});
  default:
    return work(Scalar<uint8_t, uint8_t, uint64_t>{little});
  }
}

} // namespace structwire
#endif
