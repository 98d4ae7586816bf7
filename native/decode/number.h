/* SPDX-License-Identifier: MIT
 *
 * Numbers as JavaScript writes them.
 */
#ifndef STRUCTWIRE_DECODE_NUMBER_H
#define STRUCTWIRE_DECODE_NUMBER_H

#include <cstddef>

namespace structwire {

/* Room that writing a number may use; the number itself is shorter. */
constexpr std::size_t max_number_bytes = 48;

/* Writes a finite double as Number.prototype.toString does (-0 as 0) and returns the end of the text. */
char *write_number(char *at, double value);

} // namespace structwire
#endif
