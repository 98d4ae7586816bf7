/* SPDX-License-Identifier: MIT
 *
 * Powers of ten as 128-bit fractions, worked out by the compiler.
 */
#ifndef STRUCTWIRE_DECODE_POWERS_H
#define STRUCTWIRE_DECODE_POWERS_H

#include <cstddef>
#include <cstdint>

namespace structwire {

/* The upper 128 bits of a power of ten, rounded up: 10^k is at most (high·2⁶⁴ + low)·2^(floor(log2 10^k) -
 * 127). */
struct Power {
  uint64_t high, low;
};

constexpr int least_power = -292;
constexpr int greatest_power = 324;

struct Powers {
  Power list[greatest_power - least_power + 1] = {};
  const Power &operator[](int k) const { return list[k - least_power]; }
};

namespace powers {

/* A whole number of many bits, in parts of 32, the lowest first: enough for 10^324 and for 2^1152. */
struct Large {
  static constexpr int parts = 40;
  uint32_t part[parts] = {};

  constexpr void times_ten() {
    uint64_t carry = 0;
    for (int i = 0; i < parts; i++) {
      carry += uint64_t{part[i]} * 10;
      part[i] = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
  }
  constexpr void divide_by_ten() {
    uint64_t rest = 0;
    for (int i = parts; i-- > 0;) {
      rest = rest << 32 | part[i];
      part[i] = static_cast<uint32_t>(rest / 10);
      rest %= 10;
    }
  }
  constexpr int bits() const {
    int used = parts;
    while (used > 0 && part[used - 1] == 0)
      used--;
    int bits = used * 32;
    while (bits > 0 && (part[used - 1] >> (bits - 1) % 32 & 1) == 0)
      bits--;
    return bits;
  }
  constexpr uint64_t part_or_zero(int i) const { return i < 0 || i >= parts ? 0 : part[i]; }
  /* 64 bits from bit `from` on, which may be below 0: there are zeroes. */
  constexpr uint64_t window(int from) const {
    const int first = from >= 0 ? from / 32 : (from - 31) / 32;
    const int shift = from - first * 32;
    const uint64_t low = part_or_zero(first) | part_or_zero(first + 1) << 32;
    return shift == 0 ? low : low >> shift | part_or_zero(first + 2) << (64 - shift);
  }
  constexpr bool any_below(int bit) const {
    for (int i = 0; i * 32 < bit; i++) {
      const int left = bit - i * 32;
      if ((left >= 32 ? part[i] : part[i] & ((uint32_t{1} << left) - 1)) != 0)
        return true;
    }
    return false;
  }
};

constexpr Power round_up(const Large &number, bool more) {
  const int top = number.bits();
  Power power{number.window(top - 64), number.window(top - 128)};
  if (more || number.any_below(top - 128)) {
    power.low++;
    power.high += power.low == 0 ? 1 : 0;
  }
  return power;
}

constexpr Powers work_out() {
  Powers powers;
  Large number;
  number.part[0] = 1;
  for (int k = 0; k <= greatest_power; k++, number.times_ten())
    powers.list[k - least_power] = round_up(number, false);
  /* 2^1152 divided again and again: 10^-292 has 182 bits left, and cutting off the rest keeps those right. */
  Large fraction;
  fraction.part[36] = 1;
  for (int k = -1; k >= least_power; k--) {
    fraction.divide_by_ten();
    powers.list[k - least_power] = round_up(fraction, true);
  }
  return powers;
}

} // namespace powers
} // namespace structwire
#endif
