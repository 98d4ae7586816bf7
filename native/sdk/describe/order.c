/* SPDX-License-Identifier: MIT
 *
 * Puts the fields of a struct in their order, finds which are alternatives, and holds the bounds of the
 * format.
 */
#include "described.h"

uint32_t sw_described_bytes(const sw_described_field *field) {
  if (field->bit_bytes != 0)
    return field->bit_bytes;
  uint64_t bytes = field->element_bytes;
  for (uint32_t d = 0; d < field->rank && bytes <= UINT32_MAX; d++)
    bytes *= field->dims[d];
  return bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes;
}

/* Of what stands at one offset the order stays. */
static void sort(sw_described *type) {
  for (uint32_t i = 1; i < type->field_count; i++) {
    const sw_described_field field = type->fields[i];
    uint32_t at = i;
    for (; at > 0 && type->fields[at - 1u].offset > field.offset; at--)
      type->fields[at] = type->fields[at - 1u];
    type->fields[at] = field;
  }
}

static bool overlaps(const sw_described_field *a, const sw_described_field *b) {
  /* Bitfields share bytes without being alternatives, unless they share bits. */
  if (a->bit_bytes != 0 && b->bit_bytes != 0) {
    const uint32_t a_first = a->offset * 8u + a->bit_shift;
    const uint32_t b_first = b->offset * 8u + b->bit_shift;
    if (sw_described_is_little_endian())
      return a_first < b_first + b->bit_width && b_first < a_first + a->bit_width;
    const uint32_t a_end = (a->offset + a->bit_bytes) * 8u - a->bit_shift;
    const uint32_t b_end = (b->offset + b->bit_bytes) * 8u - b->bit_shift;
    return a_end - a->bit_width < b_end && b_end - b->bit_width < a_end;
  }
  return (uint64_t)a->offset < (uint64_t)b->offset + sw_described_bytes(b) &&
         (uint64_t)b->offset < (uint64_t)a->offset + sw_described_bytes(a);
}

/* Before sorting: alternatives count in the order in which they are listed. */
static void number_alternatives(sw_described *type) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < type->field_count; i++) {
    bool is_alternative = false;
    for (uint32_t other = 0; other < type->field_count && !is_alternative; other++)
      is_alternative = other != i && overlaps(&type->fields[i], &type->fields[other]);
    if (is_alternative)
      type->fields[i].alternative = ++count;
  }
}

static void measure(sw_described *type, const sw_described_field *field) {
  uint64_t count = 1;
  for (uint32_t d = 0; d < field->rank; d++)
    count *= field->dims[d];
  const sw_described *inner = field->scalar == SW_IS_STRUCT ? field->of : NULL;
  const uint32_t dims = field->rank + (inner == NULL ? 0 : inner->written_dims);
  const uint32_t height = 1u + (inner == NULL ? 0 : inner->height);
  type->written_fields += 1u + (inner == NULL ? 0 : inner->written_fields);
  type->written_elements += count * (inner == NULL ? 1u : inner->written_elements);
  type->written_dims = dims > type->written_dims ? dims : type->written_dims;
  type->height = height > type->height ? height : type->height;
}

void sw_described_order(sw_describer *describer, sw_described *type) {
  number_alternatives(type);
  sort(type);
  for (uint32_t i = 0; i < type->field_count; i++) {
    const sw_described_field *field = &type->fields[i];
    if ((uint64_t)field->offset + sw_described_bytes(field) > type->size)
      sw_described_refuse(describer, type, field->name, "ends outside its struct");
    measure(type, field);
    if (type->written_dims > SW_MAX_DIMS)
      sw_described_refuse(describer, type, field->name, "has more than %d dimensions with those inside of it",
                          SW_MAX_DIMS);
    if (type->written_fields > SW_MAX_WRITTEN_FIELDS || type->written_elements > SW_MAX_WRITTEN_ELEMENTS) {
      sw_described_refuse(describer, type, field->name, "makes more than %d fields or %d elements",
                          SW_MAX_WRITTEN_FIELDS, SW_MAX_WRITTEN_ELEMENTS);
      return;
    }
  }
}
