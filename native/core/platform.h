/* SPDX-License-Identifier: MIT
 *
 * What the SDK needs of the system beneath it beside sockets: memory for rings, and two clocks. The floor
 * posix/ gives it; a port to another system, or rings in a file that outlives a crash, replaces these four
 * functions and nothing above.
 */
#ifndef STRUCTWIRE_CORE_PLATFORM_H
#define STRUCTWIRE_CORE_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed memory at a multiple of 64, or NULL with errno. Untouched parts of it should cost nothing. */
void *sw_platform_map(size_t bytes);

/* Gives it back; `bytes` as it was asked for. NULL is allowed. */
void sw_platform_unmap(void *memory, size_t bytes);

/* ns since some point; never goes back, unmoved by changes of the system's time. Wait-free. */
int64_t sw_platform_monotonic(void);

/* ns since 1970, as the system knows it now. Wait-free. */
int64_t sw_platform_utc(void);

#endif
