/* SPDX-License-Identifier: MIT
 *
 * Columns to structs: the inverse of columns.h.
 */
#ifndef STRUCTWIRE_DECODE_STRUCTS_H
#define STRUCTWIRE_DECODE_STRUCTS_H

#include "layout.h"

namespace structwire {

/* A leaf and its column, as decode_columns fills it: samples × leaf.count × leaf.width bytes. */
struct Column {
  const Leaf *leaf;
  const uint8_t *in;
};

/* Writes `count` structs one behind the other to `out`, which is zero. What no column gives stays so; bits
 * that a bitfield has not are cut off; where fields overlap, the later column stands. */
void encode_structs(const Layout &layout, const std::vector<Column> &columns, size_t count, uint8_t *out);

} // namespace structwire
#endif
