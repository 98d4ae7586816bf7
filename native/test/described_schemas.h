/* SPDX-License-Identifier: MIT
 *
 * The schema of described_macros.h in each language.
 */
#ifndef TEST_DESCRIBED_SCHEMAS_H
#define TEST_DESCRIBED_SCHEMAS_H

#include <structwire/structwire.h>

#ifdef __cplusplus
extern "C" {
#endif

const sw_schema *described_c_schema(void);
const sw_schema *described_cpp_schema(void);

#ifdef __cplusplus
}
#endif
#endif
