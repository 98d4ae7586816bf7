/* SPDX-License-Identifier: MIT
 *
 * /proc/meminfo and /proc/loadavg are read as the kernel writes them.
 */
#include "check.h"
#include "host/load.h"
#include "host/memory.h"
#include "host/text.h"
#include "host_text.h"

static const char RECORDED[] = "MemTotal:       24683116 kB\n"
                               "MemFree:        20000000 kB\n"
                               "MemAvailable:   22683116 kB\n"
                               "Buffers:           12345 kB\n"
                               "Cached:          1000000 kB\n"
                               "SwapCached:           99 kB\n"
                               "SwapTotal:       2097148 kB\n"
                               "SwapFree:        2097100 kB\n"
                               "Dirty:               168 kB\n"
                               "Writeback:             4 kB\n"
                               "AnonPages:        300000 kB\n"
                               "Mapped:           200000 kB\n"
                               "Shmem:             10000 kB\n"
                               "Slab:              90000 kB\n"
                               "HugePages_Total:       3\n";

static void reads_every_figure_in_bytes(void) {
  struct host_memory memory;
  struct scan text = exact_text(RECORDED, sizeof RECORDED - 1);
  CHECK(memory_parse(text, &memory));
  drop_text(text);
  CHECK(memory.total == 24683116ull * 1024 && memory.free == 20000000ull * 1024);
  CHECK(memory.available == 22683116ull * 1024 && memory.used == 2000000ull * 1024);
  CHECK(memory.buffers == 12345ull * 1024 && memory.cached == 1000000ull * 1024);
  CHECK(memory.swap_total == 2097148ull * 1024 && memory.swap_free == 2097100ull * 1024);
  CHECK(memory.dirty == 168ull * 1024 && memory.writeback == 4ull * 1024);
  CHECK(memory.anonymous == 300000ull * 1024 && memory.mapped == 200000ull * 1024);
  CHECK(memory.shared == 10000ull * 1024 && memory.slab == 90000ull * 1024);
  CHECK(memory.used_percent > 8.10f && memory.used_percent < 8.11f);
}

static void refuses_what_does_not_tell_the_total(void) {
  struct host_memory memory;
  struct scan text = exact_text("MemFree: 5 kB\n", 14);
  CHECK(!memory_parse(text, &memory));
  drop_text(text);
  for (size_t length = 0; length < sizeof RECORDED; length++) {
    text = exact_text(RECORDED, length);
    CHECK(memory_parse(text, &memory) == (length >= strlen("MemTotal:       24683116 kB")));
    drop_text(text);
  }
}

static void reads_the_load(void) {
  static const char recorded[] = "0.43 1.20 0.07 3/1093 8428\n";
  struct host_load load;
  struct scan uptime = exact_text("1937.61 3801.02\n", 16);
  struct scan text = exact_text(recorded, sizeof recorded - 1);
  CHECK(load_parse(text, uptime, &load));
  drop_text(text);
  CHECK(load.one == 0.43 && load.five == 1.2 && load.fifteen == 0.07);
  CHECK(load.running == 3 && load.threads == 1093 && load.uptime == 1937.61);
  for (size_t length = 0; length < strlen("0.43 1.20 0.07 3/1"); length++) {
    text = exact_text(recorded, length);
    CHECK(!load_parse(text, uptime, &load));
    drop_text(text);
  }
  drop_text(uptime);
}

static void reads_this_machine(void) {
  struct text text = {0}, uptime = {0};
  struct host_memory memory;
  struct host_load load;
  CHECK(text_read(&text, "/proc/meminfo"));
  CHECK(memory_parse((struct scan){text.bytes, text.bytes + text.length}, &memory));
  CHECK(memory.total > 0 && memory.free <= memory.total && memory.used <= memory.total);
  CHECK(text_read(&text, "/proc/loadavg") && text_read(&uptime, "/proc/uptime"));
  CHECK(load_parse((struct scan){text.bytes, text.bytes + text.length},
                   (struct scan){uptime.bytes, uptime.bytes + uptime.length}, &load));
  CHECK(load.threads >= load.running && load.uptime > 0);
  CHECK(!text_read(&text, "/proc/no such file") && text.length == 0);
  text_fini(&text);
  text_fini(&uptime);
}

int main(void) {
  reads_every_figure_in_bytes();
  refuses_what_does_not_tell_the_total();
  reads_the_load();
  reads_this_machine();
  return 0;
}
