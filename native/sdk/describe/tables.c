/* SPDX-License-Identifier: MIT
 *
 * The tables of a struct: its leaves with nested structs flattened, and the bytes that none of them covers.
 */
#include "written.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
  sw_arena *arena;
  sw_field *fields;
  uint32_t count;
  uint8_t *covered; /* one for each byte of the struct */
  bool failed;
} table;

/* What the structs around a field add to it. */
typedef struct place {
  const char *path;
  uint32_t offset, rank;
  uint32_t dims[SW_MAX_DIMS], strides[SW_MAX_DIMS];
} place;

static const char *path_of(table *made, const char *around, const char *name, const char *behind) {
  const size_t room = strlen(around) + strlen(name) + strlen(behind) + 1u;
  char *path = sw_arena_take(made->arena, room, 1);
  made->failed = made->failed || path == NULL;
  if (path == NULL)
    return "";
  (void)snprintf(path, room, "%s%s%s", around, name, behind);
  return path;
}

static void cover(table *made, const sw_field *field, uint32_t offset, uint32_t depth) {
  if (depth == field->rank) {
    memset(made->covered + offset, 1,
           field->bit_bytes != 0 ? field->bit_bytes : sw_scalar_bytes(field->scalar));
    return;
  }
  for (uint32_t i = 0; i < field->dims[depth]; i++)
    cover(made, field, offset + i * field->strides[depth], depth + 1u);
}

static void add_leaf(table *made, const sw_described_field *field, const place *at) {
  sw_field *leaf = &made->fields[made->count++];
  *leaf = (sw_field){.path = at->path,
                     .offset = at->offset,
                     .scalar = field->scalar,
                     .bit_bytes = field->bit_bytes,
                     .bit_shift = field->bit_shift,
                     .bit_width = field->bit_width,
                     .rank = (uint8_t)at->rank,
                     .min = sw_quantity_real(&field->min),
                     .max = sw_quantity_real(&field->max)};
  leaf->flags = (uint8_t)((field->min.kind != SW_NO_QUANTITY ? SW_FIELD_HAS_MIN : 0u) |
                          (field->max.kind != SW_NO_QUANTITY ? SW_FIELD_HAS_MAX : 0u));
  memcpy(leaf->dims, at->dims, sizeof leaf->dims);
  memcpy(leaf->strides, at->strides, sizeof leaf->strides);
  cover(made, leaf, leaf->offset, 0);
}

static void add_fields(table *made, const sw_described *type, const place *around) {
  for (uint32_t i = 0; i < type->field_count && !made->failed; i++) {
    const sw_described_field *field = &type->fields[i];
    const bool is_struct = field->scalar == SW_IS_STRUCT;
    place at = *around;
    at.path = path_of(made, around->path, field->name, is_struct ? "." : "");
    at.offset += field->offset;
    uint32_t stride = sw_described_bytes(field);
    for (uint32_t d = 0; d < field->rank; d++) {
      stride /= field->dims[d];
      at.dims[at.rank] = field->dims[d];
      at.strides[at.rank++] = stride;
    }
    if (is_struct)
      add_fields(made, field->of, &at);
    else
      add_leaf(made, field, &at);
  }
}

static const sw_pad *find_pads(table *made, uint32_t size, uint32_t *count) {
  *count = 0;
  for (uint32_t at = 0; at < size; at++)
    *count += !made->covered[at] && (at == 0 || made->covered[at - 1u]);
  sw_pad *pads = sw_arena_take(made->arena, *count, sizeof *pads);
  made->failed = made->failed || pads == NULL;
  uint32_t found = 0;
  for (uint32_t at = 0; pads != NULL && at < size; at++) {
    if (made->covered[at])
      continue;
    if (at == 0 || made->covered[at - 1u])
      pads[found++].offset = at;
    pads[found - 1u].length++;
  }
  return pads;
}

const sw_type *sw_type_make(const sw_described *type, sw_arena *arena) {
  table made = {.arena = arena};
  sw_type *out = sw_arena_take(arena, 1, sizeof *out);
  /* Fields that are structs need no row, so this is room enough. */
  made.fields = sw_arena_take(arena, type->written_fields, sizeof *made.fields);
  made.covered = sw_arena_take(arena, type->size, 1);
  if (out == NULL || made.fields == NULL || made.covered == NULL)
    return NULL;
  add_fields(&made, type, &(place){.path = ""});
  out->name = type->name;
  out->size = type->size;
  out->field_count = made.count;
  out->fields = made.fields;
  out->pads = find_pads(&made, type->size, &out->pad_count);
  return made.failed ? NULL : out;
}
