/* SPDX-License-Identifier: MIT
 *
 * Reads /proc/stat and computes what the processors did between two readings.
 */
#ifndef HOST_CPU_H
#define HOST_CPU_H

#include "host.h"
#include "scan.h"

/* Fills everything but the shares and ticks_per_second, which are left 0. False when the text is not that of
 * /proc/stat. */
bool cpu_parse(struct scan text, struct host_cpu *out);

/* Fills the shares of `now` from the ticks since `before`. Where no tick has gone by since, they are those of
 * `before`. */
void cpu_shares(const struct host_cpu *before, struct host_cpu *now);

#endif
