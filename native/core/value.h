/* SPDX-License-Identifier: MIT
 *
 * Structs as values: merging a set into what holds, checking limits, zeroing pads. Pure; reads the tables of
 * a sw_type.
 */
#ifndef STRUCTWIRE_CORE_VALUE_H
#define STRUCTWIRE_CORE_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

#define SW_REASON_BYTES 256u

/* Zeroes the bytes of one struct that no field covers. */
void sw_value_zero_pads(const sw_type *type, uint8_t *value);

/* merged = current where the mask's bits are 0, value where they are 1; `bytes` of each. `merged` may be
 * `value`. */
void sw_value_merge(uint8_t *merged, const uint8_t *current, const uint8_t *value, const uint8_t *mask,
                    size_t bytes);

/* Holds a whole struct against the limits of all its fields; NaN breaks any limit. With a mask, the floats
 * that it touches must besides be finite and the bools 0 or 1; without one (NULL) all bools must.
 * SW_OUT_OF_RANGE writes the reason, which names the field. Allocates nothing. */
sw_status sw_value_check(const sw_type *type, const uint8_t *value, const uint8_t *mask,
                         char reason[SW_REASON_BYTES]);

#endif
