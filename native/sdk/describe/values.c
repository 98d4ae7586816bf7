/* SPDX-License-Identifier: MIT
 *
 * What the annotations of a field mean for its type.
 */
#include "described.h"

#include <string.h>
#include <strings.h>

static bool read(sw_describer *describer, const sw_described *type, const sw_described_field *field,
                 const char *annotation, const char *text, sw_rounding rounding, sw_quantity *out) {
  if (text == NULL)
    return false;
  /* In C++ it may be written as there, Mode::On. */
  const char *colon = strrchr(text, ':');
  const char *label = colon == NULL ? text : colon + 1;
  for (uint32_t i = 0; field->of != NULL && i < field->of->field_count; i++) {
    if (strcmp(field->of->labels[i].name, label) == 0) {
      *out = field->of->labels[i].value;
      return true;
    }
  }
  const uint32_t bits = field->bit_bytes != 0 ? field->bit_width : field->element_bytes * 8u;
  if (!sw_quantity_read(out, text, field->scalar, bits, rounding)) {
    sw_described_refuse(describer, type, field->name, "[@%s]: \"%.60s\" is no value of it (%s)", annotation,
                        text, sw_scalar_name(field->scalar));
  }
  return out->kind != SW_NO_QUANTITY;
}

/* The value that means that there is none, as the tag has it: exact digits, or the name of what is no number.
 */
static const char *read_invalid(sw_describer *describer, const sw_described *type,
                                const sw_described_field *field) {
  const char *text = field->notes.invalid;
  const bool is_float = field->scalar == SW_F32 || field->scalar == SW_F64;
  if (text == NULL)
    return NULL;
  const char *word = text + (*text == '-' || *text == '+');
  if (is_float && strcasecmp(word, "nan") == 0)
    return "NaN";
  if (is_float && (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0))
    return *text == '-' ? "-Infinity" : "Infinity";
  sw_quantity value = {0};
  if (field->scalar == SW_BOOL)
    sw_described_refuse(describer, type, field->name, "[@invalid]: \"%.60s\" is no value of it (bool)", text);
  else if (read(describer, type, field, "invalid", text, SW_ROUND_NOT, &value)) {
    char *digits = sw_arena_take(&describer->arena, 1, SW_QUANTITY_BYTES);
    if (digits == NULL)
      describer->status = SW_OUT_OF_MEMORY;
    else
      sw_quantity_print(&value, digits);
    return digits;
  }
  return NULL;
}

static const sw_described_field *find(const sw_described *type, const char *name) {
  for (uint32_t i = 0; name != NULL && i < type->field_count; i++) {
    if (strcmp(type->fields[i].name, name) == 0)
      return &type->fields[i];
  }
  return NULL;
}

void sw_described_check_names(sw_describer *describer, const sw_described *type) {
  for (uint32_t i = 0; describer->status == SW_OK && i < type->field_count; i++) {
    const sw_described_field *field = &type->fields[i];
    const sw_notes *notes = &field->notes;
    if (notes->was != NULL && find(type, notes->was) != NULL)
      sw_described_refuse(describer, type, field->name, "[@was %.60s]: the struct still has that member",
                          notes->was);
    if (notes->count == NULL)
      continue;
    const sw_described_field *counter = find(type, notes->count);
    if (field->rank == 0)
      sw_described_refuse(describer, type, field->name, "[@count %.60s]: it is no array", notes->count);
    else if (counter == NULL)
      sw_described_refuse(describer, type, field->name, "[@count %.60s]: the struct has no such member",
                          notes->count);
    else if (counter->scalar > SW_I64 || counter->rank != 0 || (counter->of != NULL && !counter->is_tagged))
      sw_described_refuse(describer, type, field->name, "[@count %.60s]: that is no integer", notes->count);
  }
}

void sw_described_read_values(sw_describer *describer, const sw_described *type, sw_described_field *field) {
  const sw_notes *notes = &field->notes;
  if (describer->status != SW_OK)
    return;
  if (field->scalar == SW_IS_STRUCT) {
    if (sw_notes_have_values(notes))
      sw_described_refuse(describer, type, field->name,
                          "is a struct: limits, defaults and kinds belong on its fields");
    return;
  }
  (void)read(describer, type, field, "range", notes->min, SW_ROUND_UP, &field->min);
  (void)read(describer, type, field, "range", notes->max, SW_ROUND_DOWN, &field->max);
  const bool has_step = read(describer, type, field, "step", notes->step, SW_ROUND_NOT, &field->step);
  (void)read(describer, type, field, "default", notes->def, SW_ROUND_NOT, &field->def);
  if (sw_quantity_is_above(&field->min, &field->max))
    sw_described_refuse(describer, type, field->name, "[@range %.40s, %.40s] holds no value", notes->min,
                        notes->max);
  if (sw_quantity_is_above(&field->min, &field->def) || sw_quantity_is_above(&field->def, &field->max))
    sw_described_refuse(describer, type, field->name, "[@default %.60s] is outside of the range", notes->def);
  if (has_step && sw_quantity_real(&field->step) <= 0)
    sw_described_refuse(describer, type, field->name, "[@step %.60s] is no step", notes->step);
  field->invalid = read_invalid(describer, type, field);
  if (notes->time &&
      (field->rank != 0 || field->of != NULL || field->scalar == SW_BOOL || field->scalar == SW_CHAR))
    sw_described_refuse(describer, type, field->name, "[@time]: it is no number");
  if (notes->bytes && (field->rank == 0 || (field->scalar != SW_U8 && field->scalar != SW_CHAR)))
    sw_described_refuse(describer, type, field->name, "[@bytes]: it is no array of bytes");
}
