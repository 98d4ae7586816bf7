/* SPDX-License-Identifier: MIT
 *
 * What the text of a field, a type or a label says: unit, limits, roles, tags, and what people read
 * (docs/gen.md).
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_NOTES_H
#define STRUCTWIRE_SDK_DESCRIBE_NOTES_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

#define SW_MAX_TAGS 64u

typedef struct sw_tag {
  const char *name, *value;
} sw_tag;

typedef struct sw_role {
  const char *name;
  const char *role; /* channel, parameter, request, reply */
} sw_role;

/* What is not there is NULL or zero. Everything lives in the arena. */
typedef struct sw_notes {
  const char *doc;
  const char *unit;
  const char *min, *max, *step, *def, *invalid;
  const char *was, *count; /* names of members */
  bool bytes, time;
  uint32_t tag_count, role_count;
  sw_tag *tags;
  sw_role *roles;
} sw_notes;

bool sw_is_identifier(const char *name);

/* Whether there is what only a number or an array can have. */
bool sw_notes_have_values(const sw_notes *notes);

extern const char sw_notes_no_memory[];

/* Reads a text. NULL when it is well-formed, else what is wrong with it, as it may follow a field's name: in
 * the arena, or static, such as sw_notes_no_memory. */
const char *sw_notes_read(sw_notes *notes, const char *text, sw_arena *arena);

#endif
