/* SPDX-License-Identifier: MIT
 *
 * Whether a struct's bytes are also those of CDR, and which pad fields would make them so (docs/schema.md).
 */
#include "written.h"

enum {
  /* Between two numbers every struct around ends once and begins once. */
  MAX_GAPS = 2 * (SW_MAX_NESTING + 1),
  MAX_STEPS = 1000000
};

/* Follows both layouts field by field, with the pads that are known to be needed. */
typedef struct follower {
  sw_cdr_pad *pads;
  uint32_t count, known; /* what is behind the known was found on this way */
  uint32_t steps;
  uint64_t at; /* where CDR has got to, from the start of the message */
  /* What C leaves free since the last number, innermost first: one can be filled only behind all before it.
   */
  sw_cdr_pad gaps[MAX_GAPS];
  uint32_t gap_count;
  bool is_missing;
} follower;

static bool add_gap(follower *way, const sw_described *type, uint32_t offset, uint32_t end) {
  if (offset >= end)
    return true;
  if (way->gap_count == MAX_GAPS)
    return false;
  way->gaps[way->gap_count++] = (sw_cdr_pad){type, offset, end - offset};
  return true;
}

static void want(follower *way, const sw_cdr_pad *gap) {
  way->is_missing = true;
  for (uint32_t i = 0; i < way->count; i++) {
    if (way->pads[i].type == gap->type && way->pads[i].offset == gap->offset)
      return;
  }
  if (way->count <= SW_MAX_CDR_PADS)
    way->pads[way->count++] = *gap;
}

static uint64_t aligned(uint64_t at, uint64_t bytes) {
  return (at + bytes - 1u) / bytes * bytes;
}

/* `count` numbers of `bytes` bytes. False when pads cannot help. */
static bool follow_numbers(follower *way, uint64_t offset, uint64_t bytes, uint64_t count) {
  if (aligned(way->at, bytes) != offset) {
    if (offset % bytes != 0 || way->at > offset)
      return false;
    uint64_t end = way->at;
    for (uint32_t i = 0; i < way->gap_count; i++) {
      want(way, &way->gaps[i]);
      end += way->gaps[i].length;
      if (aligned(end, bytes) == offset)
        break;
    }
  }
  way->gap_count = 0;
  way->at = offset + count * bytes;
  return true;
}

static bool follow_struct(follower *way, const sw_described *type, uint64_t base);

static bool follow_field(follower *way, const sw_described_field *field, uint64_t offset) {
  const uint64_t count = sw_described_bytes(field) / field->element_bytes;
  if (field->scalar != SW_IS_STRUCT)
    return follow_numbers(way, offset, field->element_bytes, count);
  /* What holds from the first element to the second holds for all that follow. */
  for (uint64_t i = 0; i < count && i < 2; i++) {
    if (!follow_struct(way, field->of, offset + i * field->element_bytes))
      return false;
  }
  if (count > 2)
    way->at += (count - 2u) * field->element_bytes;
  return true;
}

/* The first known pad of a struct from an offset on. */
static const sw_cdr_pad *pad_from(const follower *way, const sw_described *type, uint32_t offset) {
  const sw_cdr_pad *found = NULL;
  for (uint32_t i = 0; i < way->known; i++) {
    const sw_cdr_pad *pad = &way->pads[i];
    if (pad->type == type && pad->offset >= offset && (found == NULL || pad->offset < found->offset))
      found = pad;
  }
  return found;
}

/* What is free at the struct's own end stays in the gaps: it matters to what follows, if anything does. */
static bool follow_struct(follower *way, const sw_described *type, uint64_t base) {
  const sw_cdr_pad *pad = pad_from(way, type, 0);
  uint32_t end = 0;
  for (uint32_t i = 0; i < type->field_count || pad != NULL;) {
    const sw_described_field *field = i < type->field_count ? &type->fields[i] : NULL;
    if (way->steps-- == 0)
      return false;
    if (pad != NULL && (field == NULL || pad->offset < field->offset)) {
      if (!add_gap(way, type, end, pad->offset) || !follow_numbers(way, base + pad->offset, 1, pad->length))
        return false;
      end = pad->offset + pad->length;
      pad = pad_from(way, type, end);
      continue;
    }
    /* Neither bitfields nor alternatives have a CDR form. */
    if (field->bit_bytes != 0 || field->alternative != 0 || !add_gap(way, type, end, field->offset) ||
        !follow_field(way, field, base + field->offset))
      return false;
    end = field->offset + sw_described_bytes(field);
    i++;
  }
  return add_gap(way, type, end, type->size);
}

bool sw_layout_cdr(const sw_described *type, sw_cdr_pad pads[SW_MAX_CDR_PADS + 1], uint32_t *count) {
  follower way = {.pads = pads, .steps = MAX_STEPS};
  *count = 0;
  if (!sw_described_is_little_endian())
    return false;
  for (;;) {
    way.known = way.count;
    way.at = 0;
    way.gap_count = 0;
    way.is_missing = false;
    if (!follow_struct(&way, type, 0))
      return false;
    *count = way.count;
    if (!way.is_missing)
      return true;
    if (way.count == way.known || way.count > SW_MAX_CDR_PADS)
      return false;
  }
}
