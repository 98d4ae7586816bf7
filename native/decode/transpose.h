/* SPDX-License-Identifier: MIT
 *
 * Neighbouring 4- and 8-byte fields of several structs to as many columns. With SSE2 four structs are turned
 * at a time in registers; wider registers measured no faster, so the code stays with what every x86-64 has.
 */
#ifndef STRUCTWIRE_DECODE_TRANSPOSE_H
#define STRUCTWIRE_DECODE_TRANSPOSE_H

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace structwire {

/* `fields` neighbours of T at `from`, one struct every `stride` bytes, into outs[0…fields). */
template <typename T, size_t fields>
void transpose_plain(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  for (size_t i = 0; i < count; i++, from += stride) {
    for (size_t k = 0; k < fields; k++)
      std::memcpy(outs[k] + i * sizeof(T), from + k * sizeof(T), sizeof(T));
  }
}

template <typename T, size_t fields>
void transpose_rest(const uint8_t *from, size_t stride, size_t done, size_t count, uint8_t *const *outs) {
  uint8_t *rest[fields];
  for (size_t k = 0; k < fields; k++)
    rest[k] = outs[k] + done * sizeof(T);
  transpose_plain<T, fields>(from + done * stride, stride, count - done, rest);
}

/* The inverse: `fields` columns of T to neighbours at `to`. */
template <typename T, size_t fields>
void turn_back_plain(const uint8_t *const *ins, size_t done, uint8_t *to, size_t stride, size_t count) {
  to += done * stride;
  for (size_t i = done; i < count; i++, to += stride) {
    for (size_t k = 0; k < fields; k++)
      std::memcpy(to + k * sizeof(T), ins[k] + i * sizeof(T), sizeof(T));
  }
}

#if defined(__SSE2__)

inline __m128i load16(const uint8_t *at) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
}
inline __m128i load8(const uint8_t *at) {
  return _mm_loadl_epi64(reinterpret_cast<const __m128i *>(at));
}
inline void store16(uint8_t *at, __m128i v) {
  _mm_storeu_si128(reinterpret_cast<__m128i *>(at), v);
}

inline void transpose_4x4(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const uint8_t *const at = from + i * stride;
    const __m128i a = load16(at);
    const __m128i b = load16(at + stride);
    const __m128i c = load16(at + 2 * stride);
    const __m128i d = load16(at + 3 * stride);
    const __m128i ab_low = _mm_unpacklo_epi32(a, b);
    const __m128i cd_low = _mm_unpacklo_epi32(c, d);
    const __m128i ab_high = _mm_unpackhi_epi32(a, b);
    const __m128i cd_high = _mm_unpackhi_epi32(c, d);
    store16(outs[0] + i * 4, _mm_unpacklo_epi64(ab_low, cd_low));
    store16(outs[1] + i * 4, _mm_unpackhi_epi64(ab_low, cd_low));
    store16(outs[2] + i * 4, _mm_unpacklo_epi64(ab_high, cd_high));
    store16(outs[3] + i * 4, _mm_unpackhi_epi64(ab_high, cd_high));
  }
  transpose_rest<uint32_t, 4>(from, stride, i, count, outs);
}

inline void transpose_4x2(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const uint8_t *const at = from + i * stride;
    const __m128i ab = _mm_unpacklo_epi32(load8(at), load8(at + stride));
    const __m128i cd = _mm_unpacklo_epi32(load8(at + 2 * stride), load8(at + 3 * stride));
    store16(outs[0] + i * 4, _mm_unpacklo_epi64(ab, cd));
    store16(outs[1] + i * 4, _mm_unpackhi_epi64(ab, cd));
  }
  transpose_rest<uint32_t, 2>(from, stride, i, count, outs);
}

inline void transpose_8x2(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const __m128i a = load16(from + i * stride);
    const __m128i b = load16(from + (i + 1) * stride);
    store16(outs[0] + i * 8, _mm_unpacklo_epi64(a, b));
    store16(outs[1] + i * 8, _mm_unpackhi_epi64(a, b));
  }
  transpose_rest<uint64_t, 2>(from, stride, i, count, outs);
}

inline void turn_back_4x4(const uint8_t *const *ins, uint8_t *to, size_t stride, size_t count) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    uint8_t *const at = to + i * stride;
    const __m128i a = load16(ins[0] + i * 4);
    const __m128i b = load16(ins[1] + i * 4);
    const __m128i c = load16(ins[2] + i * 4);
    const __m128i d = load16(ins[3] + i * 4);
    const __m128i ab_low = _mm_unpacklo_epi32(a, b);
    const __m128i cd_low = _mm_unpacklo_epi32(c, d);
    const __m128i ab_high = _mm_unpackhi_epi32(a, b);
    const __m128i cd_high = _mm_unpackhi_epi32(c, d);
    store16(at, _mm_unpacklo_epi64(ab_low, cd_low));
    store16(at + stride, _mm_unpackhi_epi64(ab_low, cd_low));
    store16(at + 2 * stride, _mm_unpacklo_epi64(ab_high, cd_high));
    store16(at + 3 * stride, _mm_unpackhi_epi64(ab_high, cd_high));
  }
  turn_back_plain<uint32_t, 4>(ins, i, to, stride, count);
}

inline void turn_back_8x2(const uint8_t *const *ins, uint8_t *to, size_t stride, size_t count) {
  size_t i = 0;
  for (; i + 2 <= count; i += 2) {
    const __m128i a = load16(ins[0] + i * 8);
    const __m128i b = load16(ins[1] + i * 8);
    store16(to + i * stride, _mm_unpacklo_epi64(a, b));
    store16(to + (i + 1) * stride, _mm_unpackhi_epi64(a, b));
  }
  turn_back_plain<uint64_t, 2>(ins, i, to, stride, count);
}

#else

inline void turn_back_4x4(const uint8_t *const *ins, uint8_t *to, size_t stride, size_t count) {
  turn_back_plain<uint32_t, 4>(ins, 0, to, stride, count);
}
inline void turn_back_8x2(const uint8_t *const *ins, uint8_t *to, size_t stride, size_t count) {
  turn_back_plain<uint64_t, 2>(ins, 0, to, stride, count);
}
inline void transpose_4x4(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  transpose_plain<uint32_t, 4>(from, stride, count, outs);
}
inline void transpose_4x2(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  transpose_plain<uint32_t, 2>(from, stride, count, outs);
}
inline void transpose_8x2(const uint8_t *from, size_t stride, size_t count, uint8_t *const *outs) {
  transpose_plain<uint64_t, 2>(from, stride, count, outs);
}

#endif

} // namespace structwire
#endif
