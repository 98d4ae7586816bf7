/* SPDX-License-Identifier: MIT
 *
 * Finds a number in a JSON text without building anything of it. Whatever the text is, only its bytes up to
 * the zero are looked at; the locale has no say.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <structwire/structwire.h>

static const char *skip_space(const char *at) {
  while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
    at++;
  return at;
}

/* Behind a text that begins with a quote; at the zero when it does not end. */
static const char *skip_text(const char *at) {
  for (at++; *at != '\0' && *at != '"'; at++) {
    if (*at == '\\' && at[1] != '\0')
      at++;
  }
  return *at == '"' ? at + 1 : at;
}

/* At the comma or bracket behind a value, or at the zero. */
static const char *skip_value(const char *at) {
  size_t depth = 0;
  while (*at != '\0') {
    if (*at == '"') {
      at = skip_text(at);
      continue;
    }
    if (depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
      return at;
    if (*at == '{' || *at == '[')
      depth++;
    if (*at == '}' || *at == ']')
      depth--;
    at++;
  }
  return at;
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static double scaled(uint64_t digits, int exponent) {
  /* Exact up to 2^53 and 10^22, so that what people write comes out as the nearest double. */
  double scale = 1;
  double ten = 10;
  for (int left = exponent < 0 ? -exponent : exponent; left > 0; left /= 2) {
    if (left % 2 != 0)
      scale *= ten;
    ten *= ten;
  }
  return exponent < 0 ? (double)digits / scale : (double)digits * scale;
}

/* The exponent that stands at `at`, kept where it can no longer overflow. */
static const char *read_exponent(const char *at, int *exponent) {
  const char *from = at + 1;
  const bool negative = *from == '-';
  if (*from == '-' || *from == '+')
    from++;
  if (!is_digit(*from))
    return at;
  int value = 0;
  for (; is_digit(*from); from++)
    value = value < 10000 ? value * 10 + (*from - '0') : value;
  *exponent += negative ? -value : value;
  return from;
}

static bool read_number(const char *at, double *out) {
  const bool negative = *at == '-';
  if (negative)
    at++;
  if (!is_digit(*at))
    return false;
  uint64_t digits = 0;
  int exponent = 0;
  bool fraction = false;
  for (; is_digit(*at) || (*at == '.' && !fraction && is_digit(at[1])); at++) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    const bool fits = digits < UINT64_C(1000000000000000000);
    if (fits)
      digits = digits * 10u + (uint64_t)(*at - '0');
    if (fits ? fraction : !fraction)
      exponent += fits ? -1 : 1;
  }
  if (*at == 'e' || *at == 'E')
    at = read_exponent(at, &exponent);
  at = skip_space(at);
  if (*at != ',' && *at != '}')
    return false;
  /* In two steps, as 10^-320 is no double that one could divide by. */
  const int first = exponent < -300 ? -300 : exponent;
  double value = digits == 0 ? 0 : scaled(digits, first);
  if (exponent < first)
    value /= scaled(1, exponent < -700 ? 400 : first - exponent);
  *out = negative ? -value : value;
  return true;
}

int sw_json_number(const char *text, const char *field, double *out) {
  const size_t bytes = strlen(field);
  const char *at = skip_space(text);
  if (*at != '{')
    return 0;
  do {
    at = skip_space(at + 1);
    if (*at != '"')
      return 0;
    const char *name = at + 1;
    at = skip_text(at);
    const bool found = (size_t)(at - name) == bytes + 1u && memcmp(name, field, bytes) == 0;
    at = skip_space(at);
    if (*at != ':')
      return 0;
    at = skip_space(at + 1);
    if (found)
      return read_number(at, out) ? 1 : 0;
    at = skip_value(at);
  } while (*at == ',');
  return 0;
}
