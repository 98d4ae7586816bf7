/* SPDX-License-Identifier: MIT
 *
 * The schema of a driver whose types describe themselves.
 */
#ifndef STRUCTWIRE_SDK_DESCRIBE_SCHEMA_H
#define STRUCTWIRE_SDK_DESCRIBE_SCHEMA_H

#include "arena.h"

#include <structwire/structwire.h>

/* Begins as zero. */
typedef struct sw_described_schema {
  sw_schema schema;
  sw_arena arena;
  char *blob;
} sw_described_schema;

/* Makes blob and tables. SW_INVALID_ARGUMENT fills `reason` (256 bytes). Whatever it returns,
 * sw_described_schema_fini frees it. */
sw_status sw_described_schema_init(sw_described_schema *made, const sw_schema *schema, char *reason);
void sw_described_schema_fini(sw_described_schema *made);

#endif
