/* SPDX-License-Identifier: MIT
 *
 * After R. Giulietti, "The Schubfach way to render doubles": the interval of the reals that round to the
 * double is scaled by a power of ten so that it holds at least one and at most a few integers, and those are
 * compared. Three multiplications by a 128-bit power replace the big numbers; std::to_chars takes about twice
 * as long, and most of the time of JSON text is spent here.
 */
#include "shortest.h"
#include "powers.h"

#include <cstring>

namespace structwire {

constexpr Powers powers_of_ten = powers::work_out();

/* floor(log10 2^q), or of ¾·2^q; exact for every exponent of a double. */
static int log10_of_power(int q, bool three_quarters) {
  return (q * 1262611 - (three_quarters ? 524031 : 0)) >> 22;
}

/* floor(log2 10^k), for |k| up to 350. */
static int log2_of_power_of_ten(int k) {
  return (k * 1741647) >> 19;
}

struct Wide {
  uint64_t high, low;
};

static Wide multiply(uint64_t a, uint64_t b) {
#if defined(__SIZEOF_INT128__)
  __extension__ typedef unsigned __int128 uint128;
  const uint128 product = static_cast<uint128>(a) * b;
  return {static_cast<uint64_t>(product >> 64), static_cast<uint64_t>(product)};
#else
  const uint64_t a0 = a & 0xffffffffu, a1 = a >> 32, b0 = b & 0xffffffffu, b1 = b >> 32;
  const uint64_t low = a0 * b0;
  const uint64_t middle = a1 * b0 + (low >> 32);
  const uint64_t other = a0 * b1 + (middle & 0xffffffffu);
  return {a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (low & 0xffffffffu)};
#endif
}

/* The whole part of power·factor/2¹²⁸; its last bit is set too when a fraction was cut off, so that
 * comparisons stay right. */
static uint64_t scaled(const Power &power, uint64_t factor) {
  const Wide low = multiply(power.low, factor);
  const Wide high = multiply(power.high, factor);
  const uint64_t fraction = high.low + low.high;
  const uint64_t whole = high.high + (fraction < low.high ? 1 : 0);
  /* The power is rounded up: a fraction of 1 in its last place is none. */
  return whole | (fraction > 1 ? 1 : 0);
}

Decimal shortest_decimal(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
  const int biased = static_cast<int>(bits >> 52 & 2047);
  /* value = significand · 2^q */
  const uint64_t significand = biased == 0 ? fraction : fraction | uint64_t{1} << 52;
  const int q = (biased == 0 ? 1 : biased) - 1075;
  /* Below a power of two the doubles stand twice as close. */
  const bool closer_below = fraction == 0 && biased > 1;
  /* Of an even significand the ends of the interval belong to it. */
  const uint64_t odd = significand & 1;

  const int k = log10_of_power(q, closer_below);
  const int shift = q + log2_of_power_of_ten(-k) + 1;
  const Power &power = powers_of_ten[-k];
  /* Everything in quarters of 10^k. */
  const uint64_t lower = scaled(power, (4 * significand - (closer_below ? 1 : 2)) << shift) + odd;
  const uint64_t middle = scaled(power, (4 * significand) << shift);
  const uint64_t upper = scaled(power, (4 * significand + 2) << shift) - odd;

  /* Of the integers in the interval: one that ends in a zero, so that it has a digit less, else the only one,
   * else the nearest. No branches: which of them it is cannot be predicted. */
  const uint64_t below = middle / 4;
  const uint64_t tens = below / 10;
  const bool tens_down = lower <= 40 * tens;
  const bool tens_up = 40 * tens + 40 <= upper;
  const bool shorter = (below >= 10) & (tens_down != tens_up);
  const bool down = lower <= 4 * below;
  const bool up = 4 * below + 4 <= upper;
  const uint64_t half = 4 * below + 2;
  const bool nearer_up = (middle > half) | ((middle == half) & (below % 2 != 0));
  const uint64_t longer = below + (down != up ? up : nearer_up);
  return {shorter ? tens + tens_up : longer, k + shorter};
}

} // namespace structwire
