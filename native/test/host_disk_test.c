/* SPDX-License-Identifier: MIT
 *
 * /proc/diskstats is read as the kernel writes it, without partitions, and the rates follow from two
 * readings.
 */
#include "check.h"
#include "host/disk.h"
#include "host/text.h"
#include "host_text.h"

static const char RECORDED[] =
    "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
    " 254       0 vda 56567 10055 4155914 13178 16807 58856 4235824 9552 2 6744 23109 4301\n"
    " 254       1 vda1 1 2 3 4 5 6 7 8 9 10 11\n"
    " 259       0 nvme0n1 11 12 13 14 15 16 17 18 19 20 21\n";

static bool is_no_partition(void *context, const char *name) {
  int *asked = context;
  (*asked)++;
  return strcmp(name, "vda1") != 0 && strcmp(name, "loop0") != 0;
}

static bool any(void *context, const char *name) {
  (void)context;
  return name[0] != '\0';
}

static void reads_the_disks_that_are_wanted(void) {
  static struct host_disk disks;
  int asked = 0;
  struct scan text = exact_text(RECORDED, sizeof RECORDED - 1);
  disk_parse(text, is_no_partition, &asked, &disks);
  drop_text(text);
  CHECK(asked == 4 && disks.present == 2 && disks.count == 2);
  const struct host_disk_entry *vda = &disks.disks[0];
  CHECK(strcmp(vda->name, "vda") == 0 && strcmp(disks.disks[1].name, "nvme0n1") == 0);
  CHECK(vda->reads == 56567 && vda->reads_merged == 10055 && vda->read_sectors == 4155914 &&
        vda->read_ms == 13178);
  CHECK(vda->writes == 16807 && vda->writes_merged == 58856 && vda->written_sectors == 4235824);
  CHECK(vda->write_ms == 9552 && vda->in_flight == 2 && vda->busy_ms == 6744 && vda->weighted_ms == 23109);
}

static void survives_a_cut_text(void) {
  static struct host_disk disks;
  for (size_t length = 0; length < sizeof RECORDED; length++) {
    struct scan text = exact_text(RECORDED, length);
    disk_parse(text, any, NULL, &disks);
    CHECK(disks.count <= 4);
    drop_text(text);
  }
}

static void lists_no_more_disks_than_there_is_room_for(void) {
  static struct host_disk disks;
  char text[2048] = "";
  for (int disk = 0; disk < HOST_MAX_DISKS + 3; disk++)
    snprintf(text + strlen(text), 64, "8 %d sd%d 1 2 3 4 5 6 7 8 9 10 11\n", disk, disk);
  struct scan all = exact_text(text, strlen(text));
  disk_parse(all, any, NULL, &disks);
  CHECK(disks.present == HOST_MAX_DISKS + 3 && disks.count == HOST_MAX_DISKS);
  drop_text(all);
}

static void counts_rates_from_two_readings(void) {
  static struct host_disk before = {.count = 1}, now = {.count = 2};
  before.disks[0] = (struct host_disk_entry){
      .name = "b", .read_sectors = 100, .written_sectors = 50, .reads = 10, .writes = 20, .busy_ms = 1000};
  now.disks[0] = (struct host_disk_entry){.name = "a", .reads = 1000};
  now.disks[1] = (struct host_disk_entry){
      .name = "b", .read_sectors = 300, .written_sectors = 40, .reads = 14, .writes = 21, .busy_ms = 1500};
  disk_rates(&before, &now, 2);
  CHECK(now.disks[0].reads_rate == 0); /* new: nothing to compare with */
  CHECK(now.disks[1].read_rate == 100 * 512 && now.disks[1].reads_rate == 2 &&
        now.disks[1].writes_rate == 0.5);
  CHECK(now.disks[1].write_rate == 0); /* went back: another disk, or wrapped */
  CHECK(now.disks[1].busy_percent == 25);
}

static void reads_this_machine(void) {
  static struct host_disk disks;
  struct text text = {0};
  CHECK(text_read(&text, "/proc/diskstats"));
  disk_parse((struct scan){text.bytes, text.bytes + text.length}, disk_wanted, NULL, &disks);
  for (uint32_t i = 0; i < disks.count; i++)
    CHECK(disks.disks[i].name[0] != '\0' && disks.disks[i].name[HOST_NAME_BYTES - 1] == '\0');
  text_fini(&text);
  CHECK(!disk_wanted(NULL, "ram0") && !disk_wanted(NULL, "no-such-disk"));
}

int main(void) {
  reads_the_disks_that_are_wanted();
  survives_a_cut_text();
  lists_no_more_disks_than_there_is_room_for();
  counts_rates_from_two_readings();
  reads_this_machine();
  return 0;
}
