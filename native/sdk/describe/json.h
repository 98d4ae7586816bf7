/* SPDX-License-Identifier: MIT
 *
 * Text that grows, with what JSON needs.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_JSON_H
#define STRUCTWIRE_SDK_DESCRIBE_JSON_H

#include "quantity.h"

#include <stdbool.h>
#include <stddef.h>

/* Begins as zero; `failed` stays once there was no memory. free(text) ends it. */
typedef struct sw_json {
  char *text; /* NUL-terminated when there is any */
  size_t length, room;
  bool failed;
} sw_json;

void sw_json_text(sw_json *json, const char *text);

/* snprintf, of up to 96 bytes. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void sw_json_print(sw_json *json, const char *format, ...);

/* In quotes and escaped; the text is UTF-8. */
void sw_json_string(sw_json *json, const char *text);

#define SW_QUANTITY_BYTES 48

/* A number with the fewest digits that give it back, NUL-terminated. */
void sw_quantity_print(const sw_quantity *value, char text[SW_QUANTITY_BYTES]);

/* A number with the fewest digits that give it back; integers beyond 2^53 as a string of digits. */
void sw_json_quantity(sw_json *json, const sw_quantity *value);

/* Whether a text is whole UTF-8. */
bool sw_is_utf8(const char *text);

#endif
