/* SPDX-License-Identifier: MIT
 *
 * Where the point stands and when there is an exponent is the rule of ECMAScript's Number::toString.
 */
#include "number.h"
#include "load.h"
#include "shortest.h"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace structwire {

/* Beyond this, integers are not all doubles, and their shortest digits differ from their exact ones. */
constexpr double max_exact = 9007199254740992.0;

constexpr int max_digits = 17;

constexpr uint64_t tens[max_digits] = {1,
                                       10,
                                       100,
                                       1000,
                                       10000,
                                       100000,
                                       1000000,
                                       10000000,
                                       100000000,
                                       1000000000,
                                       10000000000,
                                       100000000000,
                                       1000000000000,
                                       10000000000000,
                                       100000000000000,
                                       1000000000000000,
                                       10000000000000000};

/* The eight digits of a number below 10⁸ as bytes from 0 to 9, the first in the lowest byte. Both halves,
 * then all four quarters, then all eight digits are split at once by multiplying with what is near to 1/100
 * and 1/10. */
static uint64_t eight_digits(uint32_t number) {
  const uint64_t halves = number / 10000 | uint64_t{number % 10000} << 32;
  const uint64_t hundreds = (halves * 10486 >> 20) & 0x7f0000007f;
  const uint64_t quarters = hundreds | (halves - hundreds * 100) << 16;
  const uint64_t tens_of = (quarters * 103 >> 10) & 0x000f000f000f000f;
  return tens_of | (quarters - tens_of * 10) << 8;
}

/* How many bytes at the end of eight digits are zero. */
static int zeros_at_end(uint64_t digits) {
#if defined(__GNUC__)
  return digits == 0 ? 8 : __builtin_clzll(digits) / 8;
#else
  int zeros = 0;
  while (zeros < 8 && digits >> (56 - 8 * zeros) == 0)
    zeros++;
  return zeros;
#endif
}

/* Of a number above zero. Most have 16 or 17, which of them nothing can predict: so no branch. */
static int count_digits(uint64_t digits) {
  int count = max_digits - 2;
  if (digits < tens[count - 1]) {
    while (digits < tens[count - 1])
      count--;
    return count;
  }
  return count + (digits >= tens[15]) + (digits >= tens[16]);
}

static void put_eight(char *at, uint64_t digits) {
  digits |= 0x3030303030303030;
  if (!host_little)
    digits = swapped(digits);
  std::memcpy(at, &digits, sizeof digits);
}

/* The digits of a decimal, zeros filling the end: they stay in registers until it is known where they go. */
struct Digits {
  char first;
  uint64_t upper, lower; /* eight each */
  int count;             /* without zeros at the end */
  int point;             /* so many stand before the point: 1 for 1.5, 0 for 0.15 */
};

static Digits digits_of(Decimal decimal) {
  const int count = count_digits(decimal.digits);
  const uint64_t filled = decimal.digits * tens[max_digits - count];
  const uint64_t head = filled / tens[8];
  const uint64_t first = head / tens[8];
  const uint64_t upper = eight_digits(static_cast<uint32_t>(head - first * tens[8]));
  const uint64_t lower = eight_digits(static_cast<uint32_t>(filled - head * tens[8]));
  const int zeros = lower != 0 ? zeros_at_end(lower) : 8 + zeros_at_end(upper);
  return {static_cast<char>('0' + first), upper, lower, max_digits - zeros, count + decimal.exponent};
}

static void put_digits(char *at, const Digits &digits) {
  at[0] = digits.first;
  put_eight(at + 1, digits.upper);
  put_eight(at + 9, digits.lower);
}

/* What may stand before the first digit; digits are written over what is too much of it. */
constexpr char before_digits[8] = {'0', '.', '0', '0', '0', '0', '0', '0'};

/* Digits go to their place at once: copying several that were just written makes the processor wait for its
 * own stores. Only those between the first one and the point are moved, one by one. */
static char *put_decimal(char *at, Decimal decimal) {
  const Digits digits = digits_of(decimal);
  const int count = digits.count;
  const int point = digits.point;
  if (point > -6 && point <= 0) {
    std::memcpy(at, before_digits, sizeof before_digits);
    put_digits(at + 2 - point, digits);
    return at + 2 - point + count;
  }
  if (point > 0 && point <= 21) {
    put_digits(at + 1, digits);
    at[0] = digits.first;
    for (int i = 1; i < point; i++)
      at[i] = i < max_digits ? at[i + 1] : '0';
    if (point >= count)
      return at + point;
    at[point] = '.';
    return at + count + 1;
  }
  const int exponent = point - 1;
  put_digits(at + 1, digits);
  at[0] = digits.first;
  at[1] = '.';
  at += count == 1 ? 1 : count + 1;
  *at++ = 'e';
  *at++ = exponent < 0 ? '-' : '+';
  return std::to_chars(at, at + 4, exponent < 0 ? -exponent : exponent).ptr;
}

char *write_number(char *at, double value) {
  if (value > -max_exact && value < max_exact) {
    const auto whole = static_cast<int64_t>(value);
    if (static_cast<double>(whole) == value)
      return std::to_chars(at, at + max_number_bytes, whole).ptr;
  }
  *at = '-';
  return put_decimal(at + (value < 0), shortest_decimal(value < 0 ? -value : value));
}

} // namespace structwire
