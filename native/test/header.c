/* SPDX-License-Identifier: MIT
 *
 * The public headers alone, once more as C++: CMakeLists.txt compiles both with every warning an error.
 */
#include <structwire/describe.h>
#include <structwire/structwire.h>

int header_compiles(void);
int header_compiles(void) {
  const sw_counters counters = {0, 0, 0};
  return sw_strerror(SW_OK) != NULL && counters.published == 0 ? SW_OK : SW_INVALID_ARGUMENT;
}
