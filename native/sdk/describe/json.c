/* SPDX-License-Identifier: MIT
 *
 * Writes JSON as `structwire gen` does, to the byte: the digits and exponents are those of JavaScript.
 */
#include "json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, PRINT_BYTES = 96, DIGITS = 17 };

static void append(sw_json *json, const char *text, size_t bytes) {
  if (json->failed)
    return;
  if (json->room - json->length <= bytes) {
    size_t room = json->room == 0 ? FIRST_ROOM : json->room;
    while (room - json->length <= bytes)
      room *= 2u;
    char *larger = realloc(json->text, room);
    if (larger == NULL) {
      json->failed = true;
      return;
    }
    json->text = larger;
    json->room = room;
  }
  memcpy(json->text + json->length, text, bytes);
  json->length += bytes;
  json->text[json->length] = '\0';
}

void sw_json_text(sw_json *json, const char *text) {
  append(json, text, strlen(text));
}

void sw_json_print(sw_json *json, const char *format, ...) {
  char text[PRINT_BYTES];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length > 0)
    append(json, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1u);
}

void sw_json_string(sw_json *json, const char *text) {
  append(json, "\"", 1);
  for (const char *at = text; *at != '\0'; at++) {
    const unsigned char c = (unsigned char)*at;
    const char *named = c < 0x20 ? strchr("\bb\nn\tt\rr\ff", c) : NULL;
    if (c == '"' || c == '\\')
      sw_json_print(json, "\\%c", c);
    else if (named != NULL)
      sw_json_print(json, "\\%c", named[1]);
    else if (c < 0x20)
      sw_json_print(json, "\\u%04x", c);
    else
      append(json, at, 1);
  }
  append(json, "\"", 1);
}

/* As JavaScript writes numbers: plain from 1e-6 to 1e21. */
static void print_real(double value, char text[SW_QUANTITY_BYTES]) {
  char shortest[32];
  const double size = value < 0 ? -value : value;
  int precision = 0;
  do {
    (void)snprintf(shortest, sizeof shortest, "%.*e", precision, size);
  } while (strtod(shortest, NULL) != size && ++precision < DIGITS);
  char digits[DIGITS + 1] = {shortest[0]};
  memcpy(digits + 1, shortest + 2, (size_t)precision);
  const int count = precision + 1;
  const int point = (int)strtol(strchr(shortest, 'e') + 1, NULL, 10) + 1; /* digits before it */
  const char *sign = value < 0 ? "-" : "";
  if (value == 0)
    (void)snprintf(text, SW_QUANTITY_BYTES, "0");
  else if (point > 21 || point < -5)
    (void)snprintf(text, SW_QUANTITY_BYTES, "%s%.1s%s%se%+d", sign, digits, count > 1 ? "." : "", digits + 1,
                   point - 1);
  else if (point <= 0)
    (void)snprintf(text, SW_QUANTITY_BYTES, "%s0.%.*s%s", sign, -point, "000000", digits);
  else if (count > point)
    (void)snprintf(text, SW_QUANTITY_BYTES, "%s%.*s.%s", sign, point, digits, digits + point);
  else
    (void)snprintf(text, SW_QUANTITY_BYTES, "%s%s%.*s", sign, digits, point - count, "000000000000000000000");
}

void sw_quantity_print(const sw_quantity *value, char text[SW_QUANTITY_BYTES]) {
  if (value->kind == SW_REAL)
    print_real(value->real, text);
  else
    (void)snprintf(text, SW_QUANTITY_BYTES, "%s%" PRIu64, value->negative ? "-" : "", value->magnitude);
}

void sw_json_quantity(sw_json *json, const sw_quantity *value) {
  char text[SW_QUANTITY_BYTES];
  const char *quote = value->kind == SW_INTEGER && value->magnitude >> 53u != 0 ? "\"" : "";
  sw_quantity_print(value, text);
  sw_json_print(json, "%s%s%s", quote, text, quote);
}

bool sw_is_utf8(const char *text) {
  const unsigned char *at = (const unsigned char *)text;
  while (*at != 0) {
    const unsigned char c = *at++;
    if (c < 0x80)
      continue;
    const unsigned more = c >= 0xc2 && c < 0xe0   ? 1
                          : c >= 0xe0 && c < 0xf0 ? 2
                          : c >= 0xf0 && c < 0xf5 ? 3
                                                  : 0;
    /* Neither longer than need be, nor half of a pair, nor beyond the last character. */
    const unsigned char least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (more == 0 || *at < least || *at > most)
      return false;
    for (unsigned i = 0; i < more; i++) {
      if ((*at++ & 0xc0u) != 0x80u)
        return false;
    }
  }
  return true;
}
