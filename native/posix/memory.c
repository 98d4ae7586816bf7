/* SPDX-License-Identifier: MIT
 *
 * The memory and the clocks of core/platform.h on a POSIX system.
 */
#include "platform.h"

#include <sys/mman.h>
#include <time.h>

void *sw_platform_map(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

void sw_platform_unmap(void *memory, size_t bytes) {
  if (memory != NULL)
    (void)munmap(memory, bytes);
}

static int64_t read_clock(clockid_t clock) {
  struct timespec now;
  if (clock_gettime(clock, &now) != 0)
    return 0;
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t sw_platform_monotonic(void) {
  return read_clock(CLOCK_MONOTONIC);
}

int64_t sw_platform_utc(void) {
  return read_clock(CLOCK_REALTIME);
}
