/* SPDX-License-Identifier: MIT
 *
 * The shortest decimal that reads back as the same double, and of several the one nearest to it.
 */
#ifndef STRUCTWIRE_DECODE_SHORTEST_H
#define STRUCTWIRE_DECODE_SHORTEST_H

#include <cstdint>

namespace structwire {

/* digits · 10^exponent, with at most 17 digits; zeros at their end are not taken off. */
struct Decimal {
  uint64_t digits;
  int exponent;
};

/* Of a finite double above zero. */
Decimal shortest_decimal(double value);

} // namespace structwire
#endif
