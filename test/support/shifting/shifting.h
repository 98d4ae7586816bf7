/* SPDX-License-Identifier: MIT
 *
 * A struct in two layouts of one size, so that nothing but the schema tells them apart.
 */
#ifndef SHIFTING_H
#define SHIFTING_H

#include <stdint.h>

#ifdef SECOND_LAYOUT
/* [@channel flow] */
struct shifting_flow {
  double twice;      ///< two times the sequence
  uint8_t fill[496]; ///< [@bytes]
  uint64_t number;   ///< the sequence
};
#else
/* [@channel flow] */
struct shifting_flow {
  uint64_t number;   ///< the sequence
  double half;       ///< half of the sequence
  uint8_t fill[496]; ///< [@bytes]
};
#endif

#endif
