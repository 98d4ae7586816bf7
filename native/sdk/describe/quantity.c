/* SPDX-License-Identifier: MIT
 *
 * Integers are kept exactly; what is written as a float for an integer is rounded inwards. Nothing of the
 * mathematical library is used: programs need not link it.
 */
#include "quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <structwire/structwire.h>

#define TWO_TO_64 18446744073709551616.0

sw_quantity sw_quantity_of(int64_t value, bool is_signed) {
  const bool negative = is_signed && value < 0;
  return (sw_quantity){.kind = SW_INTEGER,
                       .negative = negative,
                       .magnitude = negative ? 0u - (uint64_t)value : (uint64_t)value};
}

static bool is_signed(uint8_t scalar) {
  return scalar >= SW_I8 && scalar <= SW_I64;
}

/* Whether the whole text is a decimal number, which strtod alone does not tell: it takes "nan" and "0x1p3"
 * too. */
static bool read_real(const char *text, double *out) {
  const char *at = text + (*text == '-' || *text == '+');
  const char *first = at;
  while (isdigit((unsigned char)*at))
    at++;
  bool has_digits = at > first;
  if (*at == '.') {
    const char *fraction = ++at;
    while (isdigit((unsigned char)*at))
      at++;
    has_digits = has_digits || at > fraction;
  }
  if (!has_digits)
    return false;
  if (*at == 'e' || *at == 'E') {
    at += 1 + (at[1] == '-' || at[1] == '+');
    if (!isdigit((unsigned char)*at))
      return false;
    while (isdigit((unsigned char)*at))
      at++;
  }
  if (*at == 'f' || *at == 'F')
    at++;
  *out = strtod(text, NULL);
  return *at == '\0';
}

/* Digits to a base and perhaps u, l or ll behind. False when it is none of that or beyond 64 bits. */
static bool read_digits(const char *text, uint64_t *out) {
  unsigned base = 10;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
    base = 16;
  else if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B'))
    base = 2;
  const char *at = base == 10 ? text : text + 2;
  const char *first = at;
  uint64_t value = 0;
  for (;; at++) {
    const int c = tolower((unsigned char)*at);
    const unsigned digit = isdigit(c)             ? (unsigned)(c - '0')
                           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10u
                                                  : base;
    if (digit >= base)
      break;
    if (value > (UINT64_MAX - digit) / base)
      return false;
    value = value * base + digit;
  }
  static const char *const suffixes[] = {"", "u", "l", "ul", "ll", "ull"};
  *out = value;
  for (size_t i = 0; at > first && i < sizeof suffixes / sizeof suffixes[0]; i++) {
    if (strcasecmp(at, suffixes[i]) == 0)
      return true;
  }
  return false;
}

static bool read_integer(sw_quantity *out, const char *text, sw_rounding rounding) {
  out->kind = SW_INTEGER;
  out->negative = *text == '-';
  if (read_digits(text + (*text == '-' || *text == '+'), &out->magnitude)) {
    out->negative = out->negative && out->magnitude > 0;
    return true;
  }
  double real;
  if (!read_real(text, &real) || !isfinite(real))
    return false;
  out->negative = real < 0;
  const double size = out->negative ? -real : real;
  if (size >= TWO_TO_64)
    return false;
  out->magnitude = (uint64_t)size;
  if ((double)out->magnitude != size) {
    if (rounding == SW_ROUND_NOT)
      return false;
    /* A float with a fraction is far from 2^64. */
    out->magnitude += out->negative == (rounding == SW_ROUND_DOWN);
  }
  out->negative = out->negative && out->magnitude > 0;
  return true;
}

static bool fits(const sw_quantity *value, bool with_sign, uint32_t bits) {
  const uint64_t half = UINT64_C(1) << (bits - 1u);
  if (value->negative)
    return with_sign && value->magnitude <= half;
  return with_sign ? value->magnitude < half
                   : value->magnitude - 1u < half * 2u - 1u || value->magnitude == 0;
}

bool sw_quantity_read(sw_quantity *out, const char *text, uint8_t scalar, uint32_t bits,
                      sw_rounding rounding) {
  *out = (sw_quantity){.kind = SW_NO_QUANTITY};
  if (scalar == SW_CHAR)
    return false;
  const char *word = text + (*text == '-' || *text == '+');
  if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0)
    return rounding != SW_ROUND_NOT;
  if (scalar == SW_BOOL) {
    const bool is_one = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    *out = (sw_quantity){.kind = SW_INTEGER, .magnitude = is_one};
    return is_one || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
  }
  if (scalar != SW_F32 && scalar != SW_F64)
    return read_integer(out, text, rounding) && fits(out, is_signed(scalar), bits);
  uint64_t digits;
  double real;
  if ((word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) && read_digits(word, &digits))
    real = *text == '-' ? -(double)digits : (double)digits;
  else if (!read_real(text, &real))
    return false;
  out->kind = SW_REAL;
  out->real = scalar == SW_F32 ? (double)(float)real : real;
  return isfinite(out->real);
}

bool sw_quantity_is_above(const sw_quantity *a, const sw_quantity *b) {
  if (a->kind == SW_NO_QUANTITY || b->kind == SW_NO_QUANTITY)
    return false;
  if (a->kind == SW_REAL || b->kind == SW_REAL)
    return sw_quantity_real(a) > sw_quantity_real(b);
  if (a->negative != b->negative)
    return b->negative;
  return a->negative ? a->magnitude < b->magnitude : a->magnitude > b->magnitude;
}

double sw_quantity_real(const sw_quantity *value) {
  if (value->kind != SW_INTEGER)
    return value->real;
  return value->negative ? -(double)value->magnitude : (double)value->magnitude;
}
