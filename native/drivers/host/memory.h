/* SPDX-License-Identifier: MIT
 *
 * Reads /proc/meminfo.
 */
#ifndef HOST_MEMORY_H
#define HOST_MEMORY_H

#include "host.h"
#include "scan.h"

/* False when the text does not tell the total. */
bool memory_parse(struct scan text, struct host_memory *out);

#endif
