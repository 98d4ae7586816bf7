/* SPDX-License-Identifier: MIT
 *
 * What is made of a description: the JSON text of its schema and the tables that the driver works with.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_WRITTEN_H
#define STRUCTWIRE_SDK_DESCRIBE_WRITTEN_H

#include "described.h"

/* The layout hash of docs/schema.md, 16 digits. False without memory. */
bool sw_layout_hash(const sw_described *type, char hash[17]);

#define SW_MAX_CDR_PADS 256u

/* A pad field that a struct would need: at that offset of that type. */
typedef struct sw_cdr_pad {
  const sw_described *type;
  uint32_t offset, length;
} sw_cdr_pad;

/* The pads with which the bytes would also be what little-endian CDR writes for the fields; none when they
 * are it already. False when pads cannot help. */
bool sw_layout_cdr(const sw_described *type, sw_cdr_pad pads[SW_MAX_CDR_PADS + 1], uint32_t *count);

/* The runs of bytes of a struct that none of its fields covers, in the arena. NULL without memory. */
const sw_pad *sw_layout_gaps(const sw_described *type, sw_arena *arena, uint32_t *count);

/* The schema with the roles of its messages. */
void sw_schema_write(sw_json *json, const sw_described *types, const sw_described *const *messages,
                     uint32_t message_count);

/* The table of a type, in the arena. NULL without memory. */
const sw_type *sw_type_make(const sw_described *type, sw_arena *arena);

#endif
