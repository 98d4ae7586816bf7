/* SPDX-License-Identifier: MIT
 *
 * Reads /proc/loadavg and /proc/uptime.
 */
#ifndef HOST_LOAD_H
#define HOST_LOAD_H

#include "host.h"
#include "scan.h"

/* False when one of the texts is not that of its file. */
bool load_parse(struct scan loadavg, struct scan uptime, struct host_load *out);

#endif
