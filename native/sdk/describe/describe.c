/* SPDX-License-Identifier: MIT
 *
 * Asks the types of a schema to describe themselves, from the messages down to what they hold.
 */
#include "described.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REASON_BYTES = 256, MAX_LABELS = 4096, MAX_STRUCT_BYTES = 1048576 };

void sw_described_refuse(sw_describer *describer, const sw_described *type, const char *field,
                         const char *format, ...) {
  if (describer->status != SW_OK)
    return;
  describer->status = SW_INVALID_ARGUMENT;
  char *reason = describer->reason;
  const int start = snprintf(reason, REASON_BYTES, "%.60s%s%.60s: ", type == NULL ? "the schema" : type->name,
                             field == NULL ? "" : ".", field == NULL ? "" : field);
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(reason + start, REASON_BYTES - (size_t)start, format, arguments);
  va_end(arguments);
}

static void *take(sw_describer *describer, size_t count, size_t bytes) {
  void *memory = sw_arena_take(&describer->arena, count, bytes);
  if (memory == NULL && describer->status == SW_OK)
    describer->status = SW_OUT_OF_MEMORY;
  return memory;
}

static void read_notes(sw_describer *describer, sw_notes *notes, const char *field, const char *text) {
  const char *wrong = sw_notes_read(notes, text, &describer->arena);
  if (wrong == sw_notes_no_memory && describer->status == SW_OK)
    describer->status = SW_OUT_OF_MEMORY;
  else if (wrong != NULL)
    sw_described_refuse(describer, describer->current, field, "%s", wrong);
}

uint32_t sw_scalar_bytes(uint8_t scalar) {
  static const uint8_t bytes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 1, 1};
  return bytes[scalar];
}

const char *sw_scalar_name(uint8_t scalar) {
  static const char *const names[] = {"u8",  "u16", "u32", "u64", "i8",   "i16",
                                      "i32", "i64", "f32", "f64", "bool", "c8"};
  return names[scalar];
}

/* False for a size that no scalar has. */
static bool scalar_of(sw_kind kind, uint8_t *scalar) {
  const uint32_t power = kind.bytes == 1   ? 0u
                         : kind.bytes == 2 ? 1u
                         : kind.bytes == 4 ? 2u
                         : kind.bytes == 8 ? 3u
                                           : 9u;
  switch (kind.letter) {
  case 'b':
    *scalar = SW_BOOL;
    return power == 0;
  case 'c':
    *scalar = SW_CHAR;
    return power == 0;
  case 'f':
    *scalar = power == 2 ? SW_F32 : SW_F64;
    return power == 2 || power == 3;
  default:
    *scalar = (uint8_t)((kind.letter == 'i' ? SW_I8 : SW_U8) + power);
    return power != 9u;
  }
}

const void *sw_describe_probe(sw_describer *describer, size_t bytes) {
  if (!describer->is_probing && describer->status == SW_OK) {
    describer->probe = take(describer, 1, bytes);
    describer->probe_bytes = bytes;
  }
  return describer->status == SW_OK ? describer->probe : NULL;
}

static void take_member(sw_describer *describer, sw_described_field *field, const sw_member *member) {
  const sw_described *type = describer->current;
  field->name = member->name;
  if (!sw_is_identifier(member->name))
    sw_described_refuse(describer, type, member->name, "the name has to be that of one member");
  read_notes(describer, &field->notes, member->name, member->text);
  if (field->notes.role_count > 0)
    sw_described_refuse(describer, type, member->name, "%s \"%s\" belongs in the text of a struct",
                        field->notes.roles[0].role, field->notes.roles[0].name);
  field->scalar = SW_IS_STRUCT;
  if (member->kind.letter != 's' && !scalar_of(member->kind, &field->scalar))
    sw_described_refuse(describer, type, member->name, "a number of %u bytes cannot be sent",
                        (unsigned)member->kind.bytes);
  field->handle = member->of;
  field->element_bytes = member->kind.bytes;
  field->offset = member->offset;
  field->is_bits = member->is_bits != 0;
  field->is_tagged = member->is_tagged != 0;
  field->rank = member->rank;
  for (uint32_t d = 0; d < member->rank; d++) {
    field->dims[d] = member->dims[d];
    if (member->dims[d] == 0 || member->dims[d] > SW_MAX_LENGTH)
      sw_described_refuse(describer, type, member->name, "an array has 1 to %d elements", SW_MAX_LENGTH);
  }
}

void sw_describe_struct(sw_describer *describer, const char *text, const sw_member *members, uint32_t count) {
  if (describer->status != SW_OK)
    return;
  if (describer->is_probing) {
    for (uint32_t i = 0; i < count; i++)
      describer->probed[i] = members[i].bits;
    return;
  }
  sw_described *type = describer->current;
  read_notes(describer, &type->notes, NULL, text);
  if (sw_notes_have_values(&type->notes))
    sw_described_refuse(describer, type, NULL, "limits, defaults and kinds belong in the texts of fields");
  if (count > SW_MAX_FIELDS)
    sw_described_refuse(describer, type, NULL, "has more than %d fields", SW_MAX_FIELDS);
  if (describer->status == SW_OK)
    type->fields = take(describer, count, sizeof *type->fields);
  for (uint32_t i = 0; describer->status == SW_OK && i < count; i++) {
    take_member(describer, &type->fields[i], &members[i]);
    for (uint32_t other = 0; other < i; other++) {
      if (strcmp(members[other].name, members[i].name) == 0)
        sw_described_refuse(describer, type, members[i].name, "is listed twice");
    }
  }
  type->field_count = count;
}

void sw_describe_enum(sw_describer *describer, const char *text, sw_kind kind, const sw_label *labels,
                      uint32_t count) {
  if (describer->status != SW_OK || describer->is_probing)
    return;
  sw_described *type = describer->current;
  type->is_enum = true;
  read_notes(describer, &type->notes, NULL, text);
  if (sw_notes_have_values(&type->notes) || type->notes.role_count > 0)
    sw_described_refuse(describer, type, NULL, "an enum has no roles, limits or defaults");
  if (!scalar_of(kind, &type->scalar) || type->scalar > SW_I64)
    sw_described_refuse(describer, type, NULL, "is no enum of 1, 2, 4 or 8 bytes");
  if (count > MAX_LABELS)
    sw_described_refuse(describer, type, NULL, "has more than %d labels", MAX_LABELS);
  if (describer->status == SW_OK)
    type->labels = take(describer, count, sizeof *type->labels);
  for (uint32_t i = 0; describer->status == SW_OK && i < count; i++) {
    /* Of `mode::off` it is `off`. */
    const char *colon = strrchr(labels[i].name, ':');
    const char *name = colon == NULL ? labels[i].name : colon + 1;
    sw_notes notes;
    read_notes(describer, &notes, name, labels[i].text);
    if (!sw_is_identifier(name))
      sw_described_refuse(describer, type, name, "the label has to be the name of an enumerator");
    type->labels[i] = (sw_described_label){
        .name = name, .doc = notes.doc, .value = sw_quantity_of(labels[i].value, kind.letter == 'i')};
  }
  type->field_count = count;
}

static sw_described *find(sw_describer *describer, const sw_type *handle) {
  for (sw_described *type = describer->types; type != NULL; type = type->next) {
    if (strcmp(type->name, handle->name) != 0)
      continue;
    if (type->size != handle->size)
      sw_described_refuse(describer, type, NULL, "two types have this name");
    else if (type->is_open)
      sw_described_refuse(describer, type, NULL, "holds itself");
    return type;
  }
  return NULL;
}

static sw_described *enter(sw_describer *describer, const sw_type *handle) {
  sw_described *type = take(describer, 1, sizeof *type);
  if (type == NULL)
    return NULL;
  type->name = handle->name;
  type->size = handle->size;
  type->is_open = true;
  *describer->end = type;
  describer->end = &type->next;
  if (++describer->type_count > SW_MAX_TYPES)
    sw_described_refuse(describer, NULL, NULL, "has more than %d types", SW_MAX_TYPES);
  if (!sw_is_identifier(type->name))
    sw_described_refuse(describer, type, NULL, "the name is no identifier");
  for (int scalar = SW_U8; scalar <= SW_CHAR; scalar++) {
    if (strcmp(type->name, sw_scalar_name((uint8_t)scalar)) == 0)
      sw_described_refuse(describer, type, NULL, "is the name of a number in schemas");
  }
  if (handle->size == 0 || handle->size > MAX_STRUCT_BYTES)
    sw_described_refuse(describer, type, NULL, "has to have 1 to %d bytes", MAX_STRUCT_BYTES);
  return type;
}

static void take_types(sw_describer *describer, sw_described *type, uint32_t depth) {
  for (uint32_t i = 0; i < type->field_count && describer->status == SW_OK; i++) {
    sw_described_field *field = &type->fields[i];
    if (field->handle == NULL) {
      sw_described_read_values(describer, type, field);
      continue;
    }
    field->of = sw_described_take(describer, field->handle, depth + 1u);
    if (field->of == NULL)
      return;
    if (field->of->is_enum != (field->scalar != SW_IS_STRUCT) ||
        (field->of->is_enum && !field->is_tagged && field->of->size != field->element_bytes))
      sw_described_refuse(describer, type, field->name, "is no \"%s\"", field->of->name);
    sw_described_read_values(describer, type, field);
  }
}

sw_described *sw_described_take(sw_describer *describer, const sw_type *handle, uint32_t depth) {
  if (handle == NULL || handle->describe == NULL || handle->name == NULL) {
    sw_described_refuse(describer, NULL, NULL,
                        "a type of structwire gen cannot be among those that are described");
    return NULL;
  }
  sw_described *type = find(describer, handle);
  if (type != NULL || describer->status != SW_OK)
    return describer->status == SW_OK ? type : NULL;
  type = enter(describer, handle);
  if (type != NULL && depth >= SW_MAX_NESTING)
    sw_described_refuse(describer, type, NULL, "is nested more than %d deep", SW_MAX_NESTING);
  if (type == NULL || describer->status != SW_OK)
    return NULL;
  describer->current = type;
  handle->describe(describer);
  if (describer->status == SW_OK && !type->is_enum) {
    sw_described_find_bits(describer, type, handle);
    take_types(describer, type, depth);
    sw_described_check_names(describer, type);
    if (describer->status == SW_OK)
      sw_described_order(describer, type);
  }
  type->is_open = false;
  return describer->status == SW_OK ? type : NULL;
}
