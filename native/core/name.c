/* SPDX-License-Identifier: MIT
 *
 * Checks names byte by byte; the locale has no say.
 */
#include "name.h"

static bool is_name_byte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

bool sw_name_is_level(const char *text, size_t max_bytes) {
  size_t bytes = 0;
  for (; text[bytes] != '\0'; bytes++) {
    if (bytes == max_bytes || !is_name_byte(text[bytes]))
      return false;
  }
  return bytes > 0;
}

bool sw_name_is_path(const char *text, size_t max_bytes) {
  size_t bytes = 0;
  bool level_begins = true;
  for (; text[bytes] != '\0'; bytes++) {
    if (bytes == max_bytes)
      return false;
    const bool slash = text[bytes] == '/';
    if (slash ? level_begins : !is_name_byte(text[bytes]))
      return false;
    level_begins = slash;
  }
  return !level_begins;
}
