/* SPDX-License-Identifier: MIT
 *
 * The digits are the shortest that read back as the same double (std::to_chars); where the point stands and
 * when there is an exponent is the rule of ECMAScript's Number::toString.
 */
#include "number.h"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace structwire {

/* Beyond this, integers are not all doubles, and their shortest digits differ from their exact ones. */
constexpr double max_exact = 9007199254740992.0;

/* `point` digits stand before the point: 1 for 1.5, 0 for 0.15. */
static char *lay_out(char *at, const char *digits, int count, int point) {
  const auto put = [&at](const char *from, int length) {
    std::memcpy(at, from, static_cast<size_t>(length));
    at += length;
  };
  const auto zeros = [&at](int length) {
    std::memset(at, '0', static_cast<size_t>(length));
    at += length;
  };
  if (point >= count && point <= 21) {
    put(digits, count);
    zeros(point - count);
  } else if (point > 0 && point <= 21) {
    put(digits, point);
    *at++ = '.';
    put(digits + point, count - point);
  } else if (point > -6 && point <= 0) {
    put("0.", 2);
    zeros(-point);
    put(digits, count);
  } else {
    const int exponent = point - 1;
    *at++ = *digits;
    if (count > 1) {
      *at++ = '.';
      put(digits + 1, count - 1);
    }
    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    at = std::to_chars(at, at + 4, exponent < 0 ? -exponent : exponent).ptr;
  }
  return at;
}

char *write_number(char *at, double value) {
  if (value > -max_exact && value < max_exact) {
    const auto whole = static_cast<int64_t>(value);
    if (static_cast<double>(whole) == value)
      return std::to_chars(at, at + max_number_bytes, whole).ptr;
  }
  char text[max_number_bytes]; /* [-]d[.ddd]e±dd[d] */
  const char *const end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  const char *from = text;
  if (*from == '-') {
    *at++ = '-';
    from++;
  }
  char digits[20];
  int count = 0;
  for (; *from != 'e'; from++) {
    if (*from != '.')
      digits[count++] = *from;
  }
  from++;
  const bool negative = *from++ == '-';
  int exponent = 0;
  for (; from < end; from++)
    exponent = exponent * 10 + (*from - '0');
  return lay_out(at, digits, count, (negative ? -exponent : exponent) + 1);
}

} // namespace structwire
