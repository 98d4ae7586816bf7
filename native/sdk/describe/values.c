/* SPDX-License-Identifier: MIT
 *
 * What the annotations of a field mean for its type.
 */
#include "described.h"

#include <string.h>

static bool read(sw_describer *describer, const sw_described *type, const sw_described_field *field,
                 const char *annotation, const char *text, sw_rounding rounding, sw_quantity *out) {
  if (text == NULL)
    return false;
  for (uint32_t i = 0; field->of != NULL && i < field->of->field_count; i++) {
    if (strcmp(field->of->labels[i].name, text) == 0) {
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

void sw_described_read_values(sw_describer *describer, const sw_described *type, sw_described_field *field) {
  const sw_notes *notes = &field->notes;
  if (describer->status != SW_OK)
    return;
  if (field->scalar == SW_IS_STRUCT) {
    if (notes->min != NULL || notes->max != NULL || notes->step != NULL || notes->def != NULL || notes->bytes)
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
  if (notes->bytes && (field->rank == 0 || (field->scalar != SW_U8 && field->scalar != SW_CHAR)))
    sw_described_refuse(describer, type, field->name, "[@bytes]: it is no array of bytes");
}
