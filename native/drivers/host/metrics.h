/* SPDX-License-Identifier: MIT
 *
 * The channels cpu, memory, load and disk.
 */
#ifndef HOST_METRICS_H
#define HOST_METRICS_H

#include <structwire/structwire.h>

#include "host.h"
#include "text.h"

struct metrics {
  sw_driver *driver;
  sw_channel *cpu_channel, *memory_channel, *load_channel, *disk_channel;
  struct host_cpu cpu;   /* the latest, from which the next shares are counted */
  struct host_disk disk; /* */
  int64_t disk_at;       /* when it was read, in ns of the driver's clock */
  struct text text, more_text;
  unsigned complained; /* a bit for each source that could not be read */
};

/* Advertises the channels and takes the first reading. Set-up; allocates. `cpu_channel` is there afterwards.
 */
sw_status metrics_init(struct metrics *metrics, sw_driver *driver);

/* Frees the memory; the channels end with the driver. */
void metrics_fini(struct metrics *metrics);

/* Reads the kernel and publishes a sample on each channel. A source that cannot be read is said once in the
 * log and has no sample; the others go on. */
void metrics_sample(struct metrics *metrics);

#endif
