/* SPDX-License-Identifier: MIT
 *
 * Walks the leaves of a struct. An element is read as one of three kinds of number, so that 64-bit integers
 * are compared as integers and not as doubles.
 */
#include "value.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct number {
  enum { UNSIGNED, SIGNED, REAL } kind;
  uint64_t u;
  int64_t i;
  double r;
} number;

void sw_value_zero_pads(const sw_type *type, uint8_t *value) {
  for (uint32_t i = 0; i < type->pad_count; i++)
    memset(value + type->pads[i].offset, 0, type->pads[i].length);
}

void sw_value_merge(uint8_t *merged, const uint8_t *current, const uint8_t *value, const uint8_t *mask,
                    size_t bytes) {
  for (size_t i = 0; i < bytes; i++)
    merged[i] = (uint8_t)((current[i] & ~mask[i]) | (value[i] & mask[i]));
}

static uint32_t scalar_bytes(uint8_t scalar) {
  switch (scalar) {
  case SW_U16:
  case SW_I16:
    return 2;
  case SW_U32:
  case SW_I32:
  case SW_F32:
    return 4;
  case SW_U64:
  case SW_I64:
  case SW_F64:
    return 8;
  default:
    return 1;
  }
}

static bool is_signed(uint8_t scalar) {
  return scalar == SW_I8 || scalar == SW_I16 || scalar == SW_I32 || scalar == SW_I64;
}

/* `bytes` bytes in the order of this machine, 1 to 8. */
static uint64_t load(const uint8_t *at, uint32_t bytes) {
  uint64_t v = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  memcpy((uint8_t *)&v + (8u - bytes), at, bytes);
#else
  memcpy(&v, at, bytes);
#endif
  return v;
}

static number integer(uint64_t bits, uint32_t width, bool with_sign) {
  number n = {.kind = with_sign ? SIGNED : UNSIGNED};
  const uint64_t all = width >= 64u ? UINT64_MAX : (UINT64_C(1) << width) - 1u;
  n.u = bits & all;
  if (with_sign && (n.u >> (width - 1u)) != 0)
    n.u |= ~all;
  memcpy(&n.i, &n.u, sizeof n.i);
  return n;
}

static number read_element(const sw_field *field, const uint8_t *at) {
  if (field->bit_bytes != 0) {
    return integer(load(at, field->bit_bytes) >> field->bit_shift, field->bit_width,
                   is_signed(field->scalar));
  }
  if (field->scalar == SW_F32) {
    float f;
    memcpy(&f, at, sizeof f);
    return (number){.kind = REAL, .r = (double)f};
  }
  if (field->scalar == SW_F64) {
    number n = {.kind = REAL};
    memcpy(&n.r, at, sizeof n.r);
    return n;
  }
  const uint32_t bytes = scalar_bytes(field->scalar);
  return integer(load(at, bytes), bytes * 8u, is_signed(field->scalar));
}

/* 2^63 and 2^64 are exact doubles; a bound between them and zero converts by truncation, then one step
 * outwards or none. */
static bool is_above(number n, double max) {
  if (n.kind == REAL)
    return n.r > max;
  if (n.kind == SIGNED) {
    if (max >= 9223372036854775808.0)
      return false;
    if (max < -9223372036854775808.0)
      return true;
    const int64_t bound = (int64_t)max;
    return (double)bound > max ? n.i >= bound : n.i > bound;
  }
  if (max >= 18446744073709551616.0)
    return false;
  return max < 0 || n.u > (uint64_t)max;
}

static bool is_below(number n, double min) {
  if (n.kind == REAL)
    return n.r < min;
  if (n.kind == SIGNED) {
    if (min < -9223372036854775808.0)
      return false;
    if (min >= 9223372036854775808.0)
      return true;
    const int64_t bound = (int64_t)min;
    return (double)bound < min ? n.i <= bound : n.i < bound;
  }
  if (min <= 0)
    return false;
  if (min >= 18446744073709551616.0)
    return true;
  const uint64_t bound = (uint64_t)min;
  return (double)bound < min ? n.u <= bound : n.u < bound;
}

static bool is_touched(const sw_field *field, const uint8_t *mask_at) {
  if (field->bit_bytes != 0)
    return integer(load(mask_at, field->bit_bytes) >> field->bit_shift, field->bit_width, false).u != 0;
  return load(mask_at, scalar_bytes(field->scalar)) != 0;
}

static sw_status complain(const sw_field *field, number n, const char *what, double limit, char *reason) {
  char text[32];
  switch (n.kind) {
  case UNSIGNED:
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)n.u);
    break;
  case SIGNED:
    (void)snprintf(text, sizeof text, "%lld", (long long)n.i);
    break;
  case REAL:
    (void)snprintf(text, sizeof text, "%.9g", n.r);
    break;
  }
  if (what == NULL) {
    (void)snprintf(reason, SW_REASON_BYTES, "%.160s = %s is not a %s", field->path, text,
                   field->scalar == SW_BOOL ? "bool" : "finite number");
  } else {
    (void)snprintf(reason, SW_REASON_BYTES, "%.160s = %s is %s %.9g", field->path, text, what, limit);
  }
  return SW_OUT_OF_RANGE;
}

static sw_status check_element(const sw_field *field, const uint8_t *at, const uint8_t *mask_at,
                               char *reason) {
  const number n = read_element(field, at);
  const bool limited = (field->flags & (SW_FIELD_HAS_MIN | SW_FIELD_HAS_MAX)) != 0;
  if (n.kind == REAL && !isfinite(n.r)) {
    if ((limited && isnan(n.r)) || (mask_at != NULL && is_touched(field, mask_at)))
      return complain(field, n, NULL, 0, reason);
  } else if (field->scalar == SW_BOOL && n.u > 1u) {
    if (mask_at == NULL || is_touched(field, mask_at))
      return complain(field, n, NULL, 0, reason);
  }
  /* A float holds its limit only as near as a float comes. */
  const bool narrow = field->scalar == SW_F32;
  if ((field->flags & SW_FIELD_HAS_MIN) != 0 &&
      is_below(n, narrow ? (double)(float)field->min : field->min)) {
    return complain(field, n, "below", field->min, reason);
  }
  if ((field->flags & SW_FIELD_HAS_MAX) != 0 &&
      is_above(n, narrow ? (double)(float)field->max : field->max)) {
    return complain(field, n, "above", field->max, reason);
  }
  return SW_OK;
}

static bool needs_check(const sw_field *field) {
  return field->flags != 0 || field->scalar == SW_F32 || field->scalar == SW_F64 || field->scalar == SW_BOOL;
}

static sw_status check_field(const sw_field *field, const uint8_t *value, const uint8_t *mask, char *reason) {
  uint32_t index[SW_MAX_DIMS] = {0};
  for (uint32_t d = 0; d < field->rank; d++) {
    if (field->dims[d] == 0)
      return SW_OK;
  }
  for (;;) {
    size_t offset = field->offset;
    for (uint32_t d = 0; d < field->rank; d++)
      offset += (size_t)index[d] * field->strides[d];
    const sw_status status =
        check_element(field, value + offset, mask == NULL ? NULL : mask + offset, reason);
    if (status != SW_OK)
      return status;
    uint32_t d = field->rank;
    while (d > 0 && ++index[d - 1u] == field->dims[d - 1u])
      index[--d] = 0;
    if (d == 0)
      return SW_OK;
  }
}

sw_status sw_value_check(const sw_type *type, const uint8_t *value, const uint8_t *mask,
                         char reason[SW_REASON_BYTES]) {
  for (uint32_t i = 0; i < type->field_count; i++) {
    if (!needs_check(&type->fields[i]))
      continue;
    const sw_status status = check_field(&type->fields[i], value, mask, reason);
    if (status != SW_OK)
      return status;
  }
  return SW_OK;
}
