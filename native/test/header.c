/* SPDX-License-Identifier: MIT
 *
 * The public header alone, once more as C++: CMakeLists.txt compiles both with every warning an error.
 */
#include <structwire/structwire.h>

int header_compiles(void);
int header_compiles(void) {
  return sizeof(sw_field) > 0 ? SW_VERSION_MAJOR : 1;
}
