/* SPDX-License-Identifier: MIT
 *
 * Numbers that are written in the text of a field, brought to the type of the field.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_QUANTITY_H
#define STRUCTWIRE_SDK_DESCRIBE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

/* A double, or an integer of up to 64 bits with its sign apart. */
typedef struct sw_quantity {
  enum { SW_NO_QUANTITY, SW_REAL, SW_INTEGER } kind;
  bool negative;
  uint64_t magnitude;
  double real;
} sw_quantity;

/* What a number is for decides how it is rounded: a limit never outwards. */
typedef enum sw_rounding { SW_ROUND_UP, SW_ROUND_DOWN, SW_ROUND_NOT } sw_rounding;

/* The integer that the lowest `bits` of a 64-bit integer are. */
sw_quantity sw_quantity_of(int64_t value, bool is_signed);

/* Reads `text` as a value of a scalar of `bits` bits. Floats are rounded to the scalar's own precision. False
 * when it is no number or does not fit; an infinite limit is SW_NO_QUANTITY. The locale has to be "C". */
bool sw_quantity_read(sw_quantity *out, const char *text, uint8_t scalar, uint32_t bits,
                      sw_rounding rounding);

/* Both must be of one kind; exact also for 64-bit integers. */
bool sw_quantity_is_above(const sw_quantity *a, const sw_quantity *b);

double sw_quantity_real(const sw_quantity *value);

#endif
