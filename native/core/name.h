/* SPDX-License-Identifier: MIT
 *
 * Names of drivers, channels, parameters and services: which texts are names.
 */
#ifndef STRUCTWIRE_CORE_NAME_H
#define STRUCTWIRE_CORE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Whether `text` is one level of A-Z a-z 0-9 _ . - of 1 to `max_bytes` bytes. */
bool sw_name_is_level(const char *text, size_t max_bytes);

/* Whether `text` is levels separated by `/`, at most `max_bytes` bytes in all. */
bool sw_name_is_path(const char *text, size_t max_bytes);

/* The same for a pattern, in which levels may be `*` (any one) or `**` (any number). */
bool sw_name_is_pattern(const char *text, size_t max_bytes);

#endif
