/* SPDX-License-Identifier: MIT
 *
 * The disks' counters and rates.
 */
#include "disk.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR_BYTES = 512 }; /* of /proc/diskstats, whatever the disk's own are */

bool disk_wanted(void *context, const char *name) {
  (void)context;
  if (strncmp(name, "ram", 3) == 0)
    return false;
  char path[64 + HOST_NAME_BYTES];
  snprintf(path, sizeof path, "/sys/block/%s/size", name);
  for (char *c = path + strlen("/sys/block/"); c < strrchr(path, '/'); c++) {
    if (*c == '/')
      *c = '!'; /* as sysfs writes the slash of a disk's name */
  }
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return access("/sys/block", F_OK) != 0; /* no sysfs here: better partitions as well than nothing */
  char size[2];
  ssize_t got = read(fd, size, sizeof size);
  close(fd);
  return got > 0 && size[0] != '0';
}

static bool parse_line(struct scan line, struct host_disk_entry *disk) {
  uint64_t major, minor;
  struct scan name;
  *disk = (struct host_disk_entry){0};
  if (!scan_u64(&line, &major) || !scan_u64(&line, &minor) || !scan_word(&line, &name))
    return false;
  scan_copy(name, disk->name, sizeof disk->name);
  return scan_u64(&line, &disk->reads) && scan_u64(&line, &disk->reads_merged) &&
         scan_u64(&line, &disk->read_sectors) && scan_u64(&line, &disk->read_ms) &&
         scan_u64(&line, &disk->writes) && scan_u64(&line, &disk->writes_merged) &&
         scan_u64(&line, &disk->written_sectors) && scan_u64(&line, &disk->write_ms) &&
         scan_u64(&line, &disk->in_flight) && scan_u64(&line, &disk->busy_ms) &&
         scan_u64(&line, &disk->weighted_ms);
}

void disk_parse(struct scan text, disk_wanted_fn wanted, void *context, struct host_disk *out) {
  *out = (struct host_disk){0};
  struct scan line;
  while (scan_line(&text, &line)) {
    struct host_disk_entry disk;
    if (!parse_line(line, &disk) || !wanted(context, disk.name))
      continue;
    out->present++;
    if (out->count < HOST_MAX_DISKS)
      out->disks[out->count++] = disk;
  }
}

/* A counter that went back belongs to another disk of the name, or has wrapped: no rate then. */
static double rate(uint64_t before, uint64_t now, double seconds) {
  return now > before ? (double)(now - before) / seconds : 0;
}

static const struct host_disk_entry *find(const struct host_disk *disks, const char *name) {
  for (uint32_t i = 0; i < disks->count; i++) {
    if (strcmp(disks->disks[i].name, name) == 0)
      return &disks->disks[i];
  }
  return NULL;
}

void disk_rates(const struct host_disk *before, struct host_disk *now, double seconds) {
  for (uint32_t i = 0; i < now->count && seconds > 0; i++) {
    struct host_disk_entry *disk = &now->disks[i];
    const struct host_disk_entry *old = find(before, disk->name);
    if (old == NULL)
      continue;
    disk->read_rate = SECTOR_BYTES * rate(old->read_sectors, disk->read_sectors, seconds);
    disk->write_rate = SECTOR_BYTES * rate(old->written_sectors, disk->written_sectors, seconds);
    disk->reads_rate = rate(old->reads, disk->reads, seconds);
    disk->writes_rate = rate(old->writes, disk->writes, seconds);
    double busy = rate(old->busy_ms, disk->busy_ms, seconds) / 10; /* ms in a second to percent */
    disk->busy_percent = busy < 100 ? busy : 100;
  }
}
