/* SPDX-License-Identifier: MIT
 *
 * Reads /proc/diskstats and computes what the disks did between two readings.
 */
#ifndef HOST_DISK_H
#define HOST_DISK_H

#include "host.h"
#include "scan.h"

/* Whether a name is that of a whole disk worth showing. */
typedef bool (*disk_wanted_fn)(void *context, const char *name);

/* The live rule: a disk of its own (not a partition) with a size, and not a piece of memory (ram…). */
bool disk_wanted(void *context, const char *name);

/* Fills everything but the rates, which are left 0. Lines that are none of disks are passed over. */
void disk_parse(struct scan text, disk_wanted_fn wanted, void *context, struct host_disk *out);

/* Fills the rates of `now` over the seconds since `before`; those of a disk that was not there before stay 0.
 */
void disk_rates(const struct host_disk *before, struct host_disk *now, double seconds);

#endif
