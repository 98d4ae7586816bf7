/* SPDX-License-Identifier: MIT
 *
 * The floor "per-column loop": what a C programmer writes first. One pass over all structs for each field.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COPY(T)                                                                                              \
  do {                                                                                                       \
    T *const to = (T *)columns[field];                                                                       \
    for (size_t i = 0; i < count; i++) {                                                                     \
      T value;                                                                                               \
      memcpy(&value, structs + i * size + offsets[field], sizeof value);                                     \
      to[i] = value;                                                                                         \
    }                                                                                                        \
  } while (0)

void column_loop(const uint8_t *structs, size_t size, size_t count, const uint32_t *offsets,
                 const uint32_t *widths, void *const *columns, size_t fields) {
  for (size_t field = 0; field < fields; field++) {
    switch (widths[field]) {
    case 1:
      COPY(uint8_t);
      break;
    case 2:
      COPY(uint16_t);
      break;
    case 4:
      COPY(uint32_t);
      break;
    default:
      COPY(uint64_t);
    }
  }
}
