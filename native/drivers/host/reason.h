/* SPDX-License-Identifier: MIT
 *
 * The reason of a failed system call in words.
 */
#ifndef HOST_REASON_H
#define HOST_REASON_H

#include <errno.h>
#include <string.h>

/* Of errno; valid until the next call. */
static inline const char *reason(void) {
  return strerror(errno); // NOLINT(concurrency-mt-unsafe): this driver has one thread
}

#endif
