/* SPDX-License-Identifier: MIT
 *
 * What follows from where the fields stand: the layout hash and the gaps.
 */
#include "sha256.h"
#include "written.h"

#include <stdio.h>
#include <stdlib.h>

static void hash_struct(sw_json *text, const sw_described *type) {
  sw_json_print(text, "%u;", (unsigned)type->size);
  for (uint32_t i = 0; i < type->field_count; i++) {
    const sw_described_field *field = &type->fields[i];
    sw_json_text(text, field->name);
    sw_json_text(text, ":");
    if (field->scalar == SW_IS_STRUCT) {
      sw_json_text(text, "{");
      hash_struct(text, field->of);
      sw_json_text(text, "}");
    } else {
      sw_json_text(text, sw_scalar_name(field->scalar));
    }
    sw_json_print(text, "@%u", (unsigned)field->offset);
    for (uint32_t d = 0; d < field->rank; d++)
      sw_json_print(text, "[%u]", (unsigned)field->dims[d]);
    if (field->bit_bytes != 0)
      sw_json_print(text, ".%u,%u,%u", field->bit_bytes, field->bit_shift, field->bit_width);
    sw_json_text(text, ";");
  }
}

bool sw_layout_hash(const sw_described *type, char hash[17]) {
  sw_json text = {0};
  sw_json_print(&text, "L1;%s;", sw_described_is_little_endian() ? "le" : "be");
  hash_struct(&text, type);
  if (!text.failed) {
    uint8_t digest[32];
    sw_sha256(text.text, text.length, digest);
    for (size_t i = 0; i < 8; i++)
      (void)snprintf(hash + 2 * i, 3, "%02x", digest[i]);
  }
  const bool whole = !text.failed;
  free(text.text);
  return whole;
}

const sw_pad *sw_layout_gaps(const sw_described *type, sw_arena *arena, uint32_t *count) {
  /* A gap before each field, and one at the end. */
  sw_pad *gaps = sw_arena_take(arena, type->field_count + 1u, sizeof *gaps);
  *count = 0;
  uint32_t end = 0;
  for (uint32_t i = 0; gaps != NULL && i < type->field_count; i++) {
    const sw_described_field *field = &type->fields[i];
    if (field->offset > end)
      gaps[(*count)++] = (sw_pad){end, field->offset - end};
    const uint32_t own = field->offset + sw_described_bytes(field);
    end = own > end ? own : end;
  }
  if (gaps != NULL && type->size > end)
    gaps[(*count)++] = (sw_pad){end, type->size - end};
  return gaps;
}
