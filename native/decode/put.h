/* SPDX-License-Identifier: MIT
 *
 * Writers of JSON values: each writes to `at`, where the room that it names must be, and returns the end.
 */
#ifndef STRUCTWIRE_DECODE_PUT_H
#define STRUCTWIRE_DECODE_PUT_H

#include "number.h"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace structwire {

constexpr size_t integer_room = 24; /* 20 digits, a sign, two quotes */

/* Room for the string of so many bytes: a control character becomes six. */
constexpr size_t string_room(size_t length) {
  return 6 * length + 2;
}
constexpr size_t base64_room(size_t length) {
  return (length + 2) / 3 * 4 + 2;
}

/* Room for text that is copied in blocks of 16. */
constexpr size_t padded_room(size_t length) {
  return length + 16;
}

/* Short text with at least 15 readable bytes behind it: 16 at a time are a single instruction. */
inline char *put_padded(char *at, const char *chars, size_t length) {
  for (size_t i = 0; i < length; i += 16)
    std::memcpy(at + i, chars + i, 16);
  return at + length;
}

/* A text of the program itself. */
template <size_t size> char *put_literal(char *at, const char (&chars)[size]) {
  std::memcpy(at, chars, size - 1);
  return at + size - 1;
}

/* In max_number_bytes; null for what is not finite. */
inline char *put_double(char *at, double value) {
  if (value - value == 0)
    return write_number(at, value);
  return put_literal(at, "null");
}

template <typename Integer> char *put_integer(char *at, Integer value) {
  return std::to_chars(at, at + integer_room, value).ptr;
}

/* The bytes up to the first NUL; U+FFFD stands for what is not UTF-8, as the Encoding Standard decodes.
 * Clears *ascii when something else than ASCII was written. */
char *put_string(char *at, const uint8_t *bytes, size_t length, bool *ascii);

char *put_base64(char *at, const uint8_t *bytes, size_t length);

/* The length of the UTF-8 sequence at `at`, or 0 when there is none; *skip is then how many bytes one U+FFFD
 * stands for. */
size_t utf8_length(const uint8_t *at, size_t left, size_t *skip);

} // namespace structwire
#endif
