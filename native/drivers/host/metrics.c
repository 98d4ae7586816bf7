/* SPDX-License-Identifier: MIT
 *
 * Reads the /proc files and publishes what they say.
 */
#include "metrics.h"

#include <errno.h>
#include <unistd.h>

#include "cpu.h"
#include "disk.h"
#include "host.schema.h"
#include "load.h"
#include "memory.h"
#include "reason.h"

enum source { STAT, MEMINFO, LOADAVG, DISKSTATS };

static struct scan whole(const struct text *text) {
  return (struct scan){text->bytes, text->bytes + text->length};
}

static void complain(struct metrics *metrics, enum source source, const char *path) {
  if ((metrics->complained & 1u << source) == 0)
    sw_log(metrics->driver, SW_WARN, "%s cannot be read: %s; its channel has no samples", path, reason());
  metrics->complained |= 1u << source;
}

static bool read_cpu(struct metrics *metrics, struct host_cpu *out) {
  errno = EPROTO;
  if (!text_read(&metrics->text, "/proc/stat") || !cpu_parse(whole(&metrics->text), out)) {
    complain(metrics, STAT, "/proc/stat");
    return false;
  }
  out->ticks_per_second = (uint32_t)sysconf(_SC_CLK_TCK);
  return true;
}

static bool read_disk(struct metrics *metrics, struct host_disk *out) {
  if (!text_read(&metrics->text, "/proc/diskstats")) {
    complain(metrics, DISKSTATS, "/proc/diskstats");
    return false;
  }
  disk_parse(whole(&metrics->text), disk_wanted, NULL, out);
  return true;
}

sw_status metrics_init(struct metrics *metrics, sw_driver *driver) {
  *metrics = (struct metrics){.driver = driver};
  const sw_channel_options room = {.ring_samples = 128}; /* 1.2 s at the shortest period */
  sw_status status = sw_advertise(driver, "cpu", &host_cpu_type, &room, &metrics->cpu_channel);
  if (status == SW_OK)
    status = sw_advertise(driver, "memory", &host_memory_type, &room, &metrics->memory_channel);
  if (status == SW_OK)
    status = sw_advertise(driver, "load", &host_load_type, &room, &metrics->load_channel);
  if (status == SW_OK)
    status = sw_advertise(driver, "disk", &host_disk_type, &room, &metrics->disk_channel);
  if (status != SW_OK)
    return status;
  read_cpu(metrics, &metrics->cpu);
  read_disk(metrics, &metrics->disk);
  metrics->disk_at = sw_now(driver);
  return SW_OK;
}

void metrics_fini(struct metrics *metrics) {
  text_fini(&metrics->text);
  text_fini(&metrics->more_text);
}

static void sample_cpu(struct metrics *metrics) {
  struct host_cpu cpu;
  if (!read_cpu(metrics, &cpu))
    return;
  cpu_shares(&metrics->cpu, &cpu);
  sw_publish(metrics->cpu_channel, &cpu);
  metrics->cpu = cpu;
}

static void sample_memory(struct metrics *metrics) {
  struct host_memory memory;
  errno = EPROTO;
  if (text_read(&metrics->text, "/proc/meminfo") && memory_parse(whole(&metrics->text), &memory))
    sw_publish(metrics->memory_channel, &memory);
  else
    complain(metrics, MEMINFO, "/proc/meminfo");
}

static void sample_load(struct metrics *metrics) {
  struct host_load load;
  errno = EPROTO;
  if (text_read(&metrics->text, "/proc/loadavg") && text_read(&metrics->more_text, "/proc/uptime") &&
      load_parse(whole(&metrics->text), whole(&metrics->more_text), &load))
    sw_publish(metrics->load_channel, &load);
  else
    complain(metrics, LOADAVG, "/proc/loadavg");
}

static void sample_disk(struct metrics *metrics) {
  struct host_disk disk;
  int64_t now = sw_now(metrics->driver);
  if (!read_disk(metrics, &disk))
    return;
  disk_rates(&metrics->disk, &disk, (double)(now - metrics->disk_at) / 1e9);
  sw_publish_at(metrics->disk_channel, &disk, now);
  metrics->disk = disk;
  metrics->disk_at = now;
}

void metrics_sample(struct metrics *metrics) {
  sample_cpu(metrics);
  sample_memory(metrics);
  sample_load(metrics);
  sample_disk(metrics);
}
