/* SPDX-License-Identifier: MIT
 *
 * Structs with fewer fields: batches of one layout as batches of a smaller one.
 */
#ifndef STRUCTWIRE_DECODE_PROJECT_H
#define STRUCTWIRE_DECODE_PROJECT_H

#include "take.h"

namespace structwire {

/* So many bytes that are copied as they are. */
struct Move {
  uint32_t from, to, bytes;
};

/* An element that is a bitfield and becomes an integer of its type. */
struct Widening {
  uint32_t leaf, element, to;
};

/* What makes a struct of `size` bytes out of one of `layout`; owned by the caller. */
struct Projection {
  const Layout &layout;
  uint32_t size;
  const Move *moves;
  size_t move_count;
  const Widening *widenings;
  size_t widening_count;
};

/* Throws Failure("invalid_argument") for moves that leave a struct, Failure("bad_record"). The memory from
 * `give` must be zero: what no move fills stays so. Several batches, where one would be too large. */
void project(const Projection &projection, const uint8_t *record, size_t length, const Give &give);

} // namespace structwire
#endif
