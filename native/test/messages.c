/* SPDX-License-Identifier: MIT
 *
 * The tables of messages.h.
 */
#include "messages.h"

#include <stddef.h>
#include <string.h>

#define LIMITED (SW_FIELD_HAS_MIN | SW_FIELD_HAS_MAX)
/* Where the bitfields stand: behind `deep`, low first, as gcc and clang lay them out on little-endian
 * machines. */
#define BITS_OFFSET (offsetof(struct knobs, deep) + sizeof(int64_t))

static const sw_field sample_fields[] = {
    {.path = "value", .offset = offsetof(struct sample, value), .scalar = SW_F64},
    {.path = "number", .offset = offsetof(struct sample, number), .scalar = SW_U32},
    {.path = "tag", .offset = offsetof(struct sample, tag), .scalar = SW_U64},
};
static const sw_pad sample_pads[] = {{12, 4}};
const sw_type sample_type = {
    .name = "sample",
    .size = sizeof(struct sample),
    .field_count = 3,
    .fields = sample_fields,
    .pad_count = 1,
    .pads = sample_pads,
};

static const sw_field knobs_fields[] = {
    {.path = "gain",
     .offset = offsetof(struct knobs, gain),
     .scalar = SW_F64,
     .flags = LIMITED,
     .min = 0,
     .max = 10},
    {.path = "speed",
     .offset = offsetof(struct knobs, speed),
     .scalar = SW_F32,
     .flags = LIMITED,
     .min = -0.1,
     .max = 0.1},
    {.path = "offset",
     .offset = offsetof(struct knobs, offset),
     .scalar = SW_I32,
     .flags = LIMITED,
     .min = -5,
     .max = 5},
    {.path = "huge",
     .offset = offsetof(struct knobs, huge),
     .scalar = SW_U64,
     .flags = LIMITED,
     .min = 1,
     .max = 9223372036854777856.0},
    {.path = "deep",
     .offset = offsetof(struct knobs, deep),
     .scalar = SW_I64,
     .flags = SW_FIELD_HAS_MIN,
     .min = -4611686018427387904.0},
    {.path = "low",
     .offset = BITS_OFFSET,
     .scalar = SW_U32,
     .flags = LIMITED,
     .bit_bytes = 1,
     .bit_shift = 0,
     .bit_width = 3,
     .min = 0,
     .max = 6},
    {.path = "middle",
     .offset = BITS_OFFSET,
     .scalar = SW_I32,
     .flags = LIMITED,
     .bit_bytes = 1,
     .bit_shift = 3,
     .bit_width = 5,
     .min = -16,
     .max = 10},
    {.path = "high", .offset = BITS_OFFSET, .scalar = SW_U32, .bit_bytes = 2, .bit_shift = 8, .bit_width = 8},
    {.path = "on", .offset = offsetof(struct knobs, on), .scalar = SW_BOOL},
    {.path = "free", .offset = offsetof(struct knobs, free), .scalar = SW_F32},
    {.path = "items.level",
     .offset = offsetof(struct knobs, items),
     .scalar = SW_U8,
     .flags = LIMITED,
     .rank = 2,
     .dims = {2, 3},
     .strides = {3, 1},
     .min = 0,
     .max = 100},
};
static const sw_pad knobs_pads[] = {
    {offsetof(struct knobs, on) + 1, offsetof(struct knobs, free) - offsetof(struct knobs, on) - 1},
    {offsetof(struct knobs, items) + 6, sizeof(struct knobs) - offsetof(struct knobs, items) - 6},
};
const sw_type knobs_type = {
    .name = "knobs",
    .size = sizeof(struct knobs),
    .field_count = sizeof knobs_fields / sizeof knobs_fields[0],
    .fields = knobs_fields,
    .pad_count = 2,
    .pads = knobs_pads,
};

static const sw_field image_fields[] = {
    {.path = "bytes", .offset = 0, .scalar = SW_U8, .rank = 1, .dims = {40000}, .strides = {1}},
};
const sw_type image_type = {
    .name = "image", .size = sizeof(struct image), .field_count = 1, .fields = image_fields};

static const sw_type *const types[] = {&sample_type, &knobs_type, &image_type};
/* The bridge of the tests does not read it. */
static const uint8_t blob[] = "{\"v\":1,\"endian\":\"le\",\"types\":{},\"messages\":[]}";
const sw_schema test_schema = {.blob = blob, .blob_size = sizeof blob - 1, .type_count = 3, .types = types};

struct knobs good_knobs(void) {
  struct knobs knobs;
  memset(&knobs, 0, sizeof knobs);
  knobs.gain = 2;
  knobs.huge = 7;
  return knobs;
}
