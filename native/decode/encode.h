/* SPDX-License-Identifier: MIT
 *
 * Writing of elements into a struct, with the mask of the bits that were written.
 */
#ifndef STRUCTWIRE_DECODE_ENCODE_H
#define STRUCTWIRE_DECODE_ENCODE_H

#include "layout.h"

namespace structwire {

/* Elements to write: indices[i] is the leaf, elements[i] the element, and `bits` holds what to write one
 * behind the other: 8 bytes, little-endian, for a scalar; `capacity` bytes for text and bytes. */
struct Writes {
  const uint32_t *indices;
  const uint32_t *elements;
  size_t count;
  const uint8_t *bits;
  size_t bits_bytes;
};

/* Writes into `value` and `mask`, each of layout.size() bytes. Returns the first write that met a bit already
 * in the mask (the rest is not done), or -1. Throws Failure("invalid_argument") for writes that do not fit
 * the layout. */
int64_t write_elements(const Layout &layout, const Writes &writes, uint8_t *value, uint8_t *mask);

} // namespace structwire
#endif
