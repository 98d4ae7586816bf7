/* SPDX-License-Identifier: MIT
 *
 * The macros' schema as C++ compiles it.
 */
#include "described_schemas.h"

#include "described_macros.h"

const sw_schema *described_cpp_schema(void) {
  return &described_schema;
}
