/* SPDX-License-Identifier: MIT
 *
 * The messages of the driver `tally`, which counts how often each number from 0 to 10 was named.
 */
#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

/* Counts a number. [@service count request] */
struct tally_count {
  uint32_t value; ///< [@range 0, 10] the number to count
};

/* What was counted so far. [@channel counts] [@service count reply] */
struct tally_counts {
  uint32_t counts[11]; ///< how often each number was named
  uint32_t last;       ///< the number that was named last
  uint64_t total;      ///< how many were named in all
};

#endif
