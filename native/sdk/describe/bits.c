/* SPDX-License-Identifier: MIT
 *
 * Finds bitfields, which have no offset in C: a bit is set, and the fields are read.
 */
#include "described.h"

#include <string.h>

enum { MAX_BITS = 64 };

#define NOT_SEEN UINT32_MAX

typedef struct places {
  uint32_t at[MAX_BITS]; /* of each of the field's bits, lowest first: the number of the struct's bit */
  uint32_t count;
} places;

bool sw_described_is_little_endian(void) {
  const uint16_t one = 1;
  uint8_t first;
  memcpy(&first, &one, 1);
  return first == 1;
}

static void ask(sw_describer *describer, const sw_type *handle, size_t byte, uint8_t bits) {
  describer->probe[byte] = bits;
  handle->describe(describer);
  describer->probe[byte] = 0;
}

static bool is_any_set(const sw_describer *describer, const sw_described *type) {
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (describer->probed[i] != 0)
      return true;
  }
  return false;
}

/* A bit that is the sign extends upwards, so the lowest that is set is the one. */
static uint32_t lowest(int64_t value) {
  uint32_t at = 0;
  for (uint64_t bits = (uint64_t)value; (bits & 1u) == 0; bits >>= 1u)
    at++;
  return at;
}

/* The struct's bits are numbered as the machine fills them: from the lowest of a byte, or from the highest.
 */
static void note(const sw_describer *describer, const sw_described *type, places *found, uint32_t bit) {
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (describer->probed[i] == 0)
      continue;
    found[i].at[lowest(describer->probed[i])] = bit;
    found[i].count++;
  }
}

static void place(sw_describer *describer, const sw_described *type, sw_described_field *field,
                  const places *found) {
  const bool little = sw_described_is_little_endian();
  const uint32_t width = found->count;
  const uint32_t first = found->at[little ? 0 : width == 0 ? 0 : width - 1u];
  for (uint32_t i = 0; i < width; i++) {
    const uint32_t expected = little ? first + i : first + (width - 1u - i);
    if (width > MAX_BITS || found->at[i] != expected)
      sw_described_refuse(describer, type, field->name, "is a bitfield that does not lie in one piece");
  }
  if (width == 0 || width > field->element_bytes * 8u) {
    sw_described_refuse(describer, type, field->name, "is no bitfield of the type that is named");
    return;
  }
  const uint32_t shift = first % 8u;
  const uint32_t bytes = (shift + width + 7u) / 8u;
  field->offset = first / 8u;
  /* One that fills its type is a plain field. */
  if (shift == 0 && bytes == field->element_bytes && width == bytes * 8u)
    return;
  field->bit_bytes = (uint8_t)bytes;
  field->bit_shift = (uint8_t)(little ? shift : bytes * 8u - shift - width);
  field->bit_width = (uint8_t)width;
  /* A part of a char is a small number, not a character. */
  if (field->scalar == SW_CHAR)
    field->scalar = (char)-1 < 0 ? SW_I8 : SW_U8;
}

void sw_described_find_bits(sw_describer *describer, sw_described *type, const sw_type *handle) {
  bool any = false;
  for (uint32_t i = 0; i < type->field_count; i++)
    any = any || type->fields[i].is_bits;
  if (!any)
    return;
  places *found = sw_arena_take(&describer->arena, type->field_count, sizeof *found);
  describer->probed = sw_arena_take(&describer->arena, type->field_count, sizeof *describer->probed);
  if (found == NULL || describer->probed == NULL) {
    describer->status = SW_OUT_OF_MEMORY;
    return;
  }
  for (uint32_t i = 0; i < type->field_count; i++) {
    for (uint32_t bit = 0; bit < MAX_BITS; bit++)
      found[i].at[bit] = NOT_SEEN;
  }
  describer->is_probing = true;
  const bool little = sw_described_is_little_endian();
  for (size_t byte = 0; byte < describer->probe_bytes; byte++) {
    ask(describer, handle, byte, 0xff);
    if (!is_any_set(describer, type))
      continue;
    for (uint32_t bit = 0; bit < 8; bit++) {
      ask(describer, handle, byte, (uint8_t)(1u << (little ? bit : 7u - bit)));
      note(describer, type, found, (uint32_t)byte * 8u + bit);
    }
  }
  describer->is_probing = false;
  for (uint32_t i = 0; i < type->field_count && describer->status == SW_OK; i++) {
    if (type->fields[i].is_bits)
      place(describer, type, &type->fields[i], &found[i]);
  }
}
