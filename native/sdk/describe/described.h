/* SPDX-License-Identifier: MIT
 *
 * What the macros of structwire/describe.h said, read and checked: the types of a schema, before it is
 * written.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_DESCRIBED_H
#define STRUCTWIRE_SDK_DESCRIBE_DESCRIBED_H

#include "arena.h"
#include "json.h"
#include "notes.h"
#include "quantity.h"

#include <structwire/describe.h>

/* The bounds of docs/schema.md that a description can break. */
enum {
  SW_MAX_TYPES = 4096,
  SW_MAX_FIELDS = 4096,
  SW_MAX_NESTING = 16,
  SW_MAX_LENGTH = 1048576, /* of a dimension */
  SW_MAX_WRITTEN_FIELDS = 65536,
  SW_MAX_WRITTEN_ELEMENTS = 4194304,
  SW_IS_STRUCT = 255 /* beside the values of sw_scalar */
};

typedef struct sw_described sw_described;

typedef struct sw_described_field {
  const char *name;
  sw_notes notes;
  const sw_type *handle; /* its struct or enum */
  sw_described *of;
  uint8_t scalar; /* sw_scalar, or SW_IS_STRUCT */
  bool is_tagged; /* an integer with the labels of `of` */
  bool is_bits;
  uint8_t bit_bytes, bit_shift, bit_width; /* bytes 0: a plain field */
  uint32_t element_bytes, offset, rank;
  uint32_t dims[SW_MAX_DIMS];
  uint32_t alternative; /* 0: none */
  sw_quantity min, max, step, def;
  const char *invalid; /* as the tag has it, or NULL */
} sw_described_field;

typedef struct sw_described_label {
  const char *name;
  const char *doc;
  sw_quantity value;
} sw_described_label;

struct sw_described {
  sw_described *next; /* in the order in which they were needed */
  const char *name;
  uint32_t size;
  bool is_enum;
  bool is_open; /* being described: what is met again then holds itself */
  uint8_t scalar;
  sw_notes notes;
  uint32_t field_count;       /* or labels */
  sw_described_field *fields; /* by their offset */
  sw_described_label *labels;
  /* When every nested struct is written out: */
  uint32_t height, written_fields, written_dims;
  uint64_t written_elements;
};

struct sw_describer {
  sw_arena arena;
  sw_described *types, **end;
  uint32_t type_count;
  sw_described *current;
  uint8_t *probe;
  size_t probe_bytes;
  bool is_probing;
  int64_t *probed; /* while probing: what each member's bits hold */
  sw_status status;
  char *reason; /* 256 bytes */
};

/* Describes a type with all that it holds, once. NULL when something is wrong: then `status` and `reason` say
 * it. */
sw_described *sw_described_take(sw_describer *describer, const sw_type *handle, uint32_t depth);

/* The first complaint stays. `field` may be NULL. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
void sw_described_refuse(sw_describer *describer, const sw_described *type, const char *field,
                         const char *format, ...);

/* Finds where the bitfields of a struct stand, by asking for its members with one bit set at a time. */
void sw_described_find_bits(sw_describer *describer, sw_described *type, const sw_type *handle);

/* Brings the limits, the step and the default of a field to its type. */
void sw_described_read_values(sw_describer *describer, const sw_described *type, sw_described_field *field);

/* Holds what names other members against them. */
void sw_described_check_names(sw_describer *describer, const sw_described *type);

/* Sorts the fields, numbers alternatives, and holds the struct against the bounds of the format. */
void sw_described_order(sw_describer *describer, sw_described *type);

uint32_t sw_scalar_bytes(uint8_t scalar);
const char *sw_scalar_name(uint8_t scalar);

/* All bytes of a field. */
uint32_t sw_described_bytes(const sw_described_field *field);

bool sw_described_is_little_endian(void);

#endif
