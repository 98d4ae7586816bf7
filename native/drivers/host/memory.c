/* SPDX-License-Identifier: MIT
 *
 * The memory's figures, in bytes.
 */
#include "memory.h"

bool memory_parse(struct scan text, struct host_memory *out) {
  *out = (struct host_memory){0};
  const struct {
    const char *key;
    uint64_t *value;
  } wanted[] = {
      {"MemTotal:", &out->total},      {"MemFree:", &out->free},        {"MemAvailable:", &out->available},
      {"Buffers:", &out->buffers},     {"Cached:", &out->cached},       {"Dirty:", &out->dirty},
      {"Writeback:", &out->writeback}, {"AnonPages:", &out->anonymous}, {"Mapped:", &out->mapped},
      {"Shmem:", &out->shared},        {"Slab:", &out->slab},           {"SwapTotal:", &out->swap_total},
      {"SwapFree:", &out->swap_free},
  };
  struct scan line;
  while (scan_line(&text, &line)) {
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
      uint64_t kibibytes;
      if (!scan_text(&line, wanted[i].key))
        continue;
      if (scan_u64(&line, &kibibytes) && scan_text(&line, "kB"))
        *wanted[i].value = kibibytes * 1024;
      break;
    }
  }
  if (out->total == 0)
    return false;
  out->used = out->available < out->total ? out->total - out->available : 0;
  out->used_percent = (float)(100 * (double)out->used / (double)out->total);
  return true;
}
