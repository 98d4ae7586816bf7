/* SPDX-License-Identifier: MIT
 *
 * Strings and base64.
 */
#include "put.h"

namespace structwire {

size_t utf8_length(const uint8_t *at, size_t left, size_t *skip) {
  const uint8_t lead = at[0];
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  size_t length = 0;
  *skip = 1;
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0)
      low = 0xA0; /* no longer forms of shorter sequences */
    if (lead == 0xED)
      high = 0x9F; /* no surrogates */
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0)
      low = 0x90;
    if (lead == 0xF4)
      high = 0x8F; /* up to U+10FFFF */
  } else {
    return 0;
  }
  for (size_t i = 1; i < length; i++) {
    if (i >= left || at[i] < low || at[i] > high)
      return 0;
    low = 0x80;
    high = 0xBF;
    *skip = i + 1;
  }
  return length;
}

static char *put_escaped(char *at, uint8_t byte) {
  static const char hex[] = "0123456789abcdef";
  static const char named[] = "btn\0fr"; /* from 8 on */
  *at++ = '\\';
  if (byte == '"' || byte == '\\') {
    *at++ = static_cast<char>(byte);
  } else if (byte >= 8 && byte <= 13 && byte != 11) {
    *at++ = named[byte - 8];
  } else {
    at = put_literal(at, "u00");
    *at++ = hex[byte >> 4];
    *at++ = hex[byte & 15];
  }
  return at;
}

char *put_string(char *at, const uint8_t *bytes, size_t length, bool *ascii) {
  *at++ = '"';
  for (size_t i = 0; i < length && bytes[i] != 0;) {
    const uint8_t byte = bytes[i];
    if (byte >= 0x80) {
      size_t skip = 0;
      const size_t sequence = utf8_length(bytes + i, length - i, &skip);
      *ascii = false;
      if (sequence == 0) {
        at = put_literal(at, "\xEF\xBF\xBD");
        i += skip;
      }
      for (const size_t end = i + sequence; i < end; i++)
        *at++ = static_cast<char>(bytes[i]);
      continue;
    }
    if (byte < 0x20 || byte == '"' || byte == '\\')
      at = put_escaped(at, byte);
    else
      *at++ = static_cast<char>(byte);
    i++;
  }
  *at++ = '"';
  return at;
}

char *put_base64(char *at, const uint8_t *bytes, size_t length) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  *at++ = '"';
  size_t i = 0;
  for (; i + 3 <= length; i += 3) {
    const uint32_t group =
        static_cast<uint32_t>(bytes[i]) << 16 | static_cast<uint32_t>(bytes[i + 1]) << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6)
      *at++ = alphabet[group >> shift & 63];
  }
  if (i < length) {
    const bool two = i + 1 < length;
    const uint32_t group =
        static_cast<uint32_t>(bytes[i]) << 16 | (two ? static_cast<uint32_t>(bytes[i + 1]) << 8 : 0);
    *at++ = alphabet[group >> 18 & 63];
    *at++ = alphabet[group >> 12 & 63];
    *at++ = two ? alphabet[group >> 6 & 63] : '=';
    *at++ = '=';
  }
  *at++ = '"';
  return at;
}

} // namespace structwire
