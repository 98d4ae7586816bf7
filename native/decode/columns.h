/* SPDX-License-Identifier: MIT
 *
 * Structs to columns: each field of many samples into an array of its own.
 */
#ifndef STRUCTWIRE_DECODE_COLUMNS_H
#define STRUCTWIRE_DECODE_COLUMNS_H

#include "layout.h"

namespace structwire {

/* A leaf that is no text, and where its column goes: samples × leaf.count × leaf.width bytes, aligned to the
 * scalar. */
struct Target {
  const Leaf *leaf;
  uint8_t *out;
};

/* Fills the columns from `count` structs one behind the other. Columns are in the host's byte order, bool is
 * 0 or 1, bitfields have their sign extended; floats are copied bit by bit. */
void decode_columns(const Layout &layout, const uint8_t *structs, size_t count,
                    const std::vector<Target> &targets);

} // namespace structwire
#endif
