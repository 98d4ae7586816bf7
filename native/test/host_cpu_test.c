/* SPDX-License-Identifier: MIT
 *
 * /proc/stat is read as the kernel writes it, whole or cut, and the shares follow from two readings.
 */
#include <poll.h>
#include <unistd.h>

#include "check.h"
#include "host/cpu.h"
#include "host/text.h"
#include "host_text.h"

static const char RECORDED[] = "cpu  10184 3 2741 229626 441 5 87 12 2 1\n"
                               "cpu0 3201 1 997 117249 49 2 11 2 1 0\n"
                               "cpu3 6982 2 1743 112376 392 3 76 10 1 1\n"
                               "intr 318826 0 0 12 0\n"
                               "ctxt 722942\n"
                               "btime 1763634000\n"
                               "processes 8428\n"
                               "procs_running 2\n"
                               "procs_blocked 1\n"
                               "softirq 1 2 3\n";

static void reads_every_counter(void) {
  struct host_cpu cpu;
  struct scan text = exact_text(RECORDED, sizeof RECORDED - 1);
  CHECK(cpu_parse(text, &cpu));
  drop_text(text);
  CHECK(cpu.total.user == 10184 && cpu.total.nice == 3 && cpu.total.system == 2741 &&
        cpu.total.idle == 229626);
  CHECK(cpu.total.iowait == 441 && cpu.total.irq == 5 && cpu.total.softirq == 87 && cpu.total.steal == 12);
  CHECK(cpu.total.guest == 2 && cpu.total.guest_nice == 1);
  CHECK(cpu.online == 2 && cpu.count == 2 && cpu.cores[0].number == 0 && cpu.cores[1].number == 3);
  CHECK(cpu.cores[1].user == 6982 && cpu.cores[1].guest_nice == 1 && cpu.cores[2].user == 0);
  CHECK(cpu.interrupts == 318826 && cpu.context_switches == 722942 && cpu.forks == 8428);
  CHECK(cpu.running == 2 && cpu.blocked == 1);
}

static void survives_a_cut_text(void) {
  for (size_t length = 0; length < sizeof RECORDED; length++) {
    struct host_cpu cpu;
    struct scan text = exact_text(RECORDED, length);
    bool read = cpu_parse(text, &cpu);
    CHECK(read == (length >= strlen("cpu  10184 3 2741 2")));
    drop_text(text);
  }
}

static void lists_no_more_cores_than_there_is_room_for(void) {
  char text[HOST_MAX_CORES * 64] = "cpu  1 1 1 1\n";
  for (int core = 0; core < HOST_MAX_CORES + 6; core++)
    snprintf(text + strlen(text), 32, "cpu%d 1 2 3 %d\n", core, core);
  struct host_cpu cpu;
  struct scan all = exact_text(text, strlen(text));
  CHECK(cpu_parse(all, &cpu));
  CHECK(cpu.online == HOST_MAX_CORES + 6 && cpu.count == HOST_MAX_CORES);
  CHECK(cpu.cores[HOST_MAX_CORES - 1].idle == HOST_MAX_CORES - 1);
  drop_text(all);
}

static void counts_shares_from_two_readings(void) {
  struct host_cpu before = {.count = 2, .total = {.user = 100, .idle = 100}};
  struct host_cpu now = {
      .count = 2, .total = {.user = 120, .nice = 5, .system = 10, .softirq = 5, .iowait = 10, .idle = 150}};
  before.cores[0] = (struct host_core){.number = 1, .idle = 7, .busy_percent = 33};
  before.cores[1] = (struct host_core){.number = 2, .user = 50, .idle = 50};
  now.cores[0] = (struct host_core){.number = 1, .idle = 7};
  now.cores[1] = (struct host_core){.number = 3, .user = 60, .idle = 50};
  cpu_shares(&before, &now);
  CHECK(now.total.user_percent == 25.0f && now.total.system_percent == 15.0f);
  CHECK(now.total.iowait_percent == 10.0f && now.total.busy_percent == 40.0f);
  CHECK(now.cores[0].busy_percent == 33.0f); /* no tick since: as before */
  CHECK(now.cores[1].busy_percent == 0.0f);  /* another core than before */
}

static void forgives_a_counter_that_goes_back(void) {
  struct host_cpu before = {.total = {.user = 10, .idle = 100, .iowait = 9}};
  struct host_cpu now = {.total = {.user = 20, .idle = 99, .iowait = 9}};
  cpu_shares(&before, &now);
  CHECK(now.total.busy_percent == 100.0f && now.total.iowait_percent == 0.0f);
}

static void reads_this_machine(void) {
  struct text text = {0};
  struct host_cpu cpu, later;
  CHECK(text_read(&text, "/proc/stat"));
  CHECK(cpu_parse((struct scan){text.bytes, text.bytes + text.length}, &cpu));
  /* A container may be shown a part of them in one place and all in another. */
  CHECK(cpu.online > 0 && cpu.online <= (uint32_t)sysconf(_SC_NPROCESSORS_CONF));
  CHECK(cpu.forks > 0 && cpu.context_switches > 0);
  poll(NULL, 0, 5); /* gives the processor away, which is a context switch */
  CHECK(text_read(&text, "/proc/stat"));
  CHECK(cpu_parse((struct scan){text.bytes, text.bytes + text.length}, &later));
  CHECK(later.total.user >= cpu.total.user && later.context_switches > cpu.context_switches);
  text_fini(&text);
}

int main(void) {
  reads_every_counter();
  survives_a_cut_text();
  lists_no_more_cores_than_there_is_room_for();
  counts_shares_from_two_readings();
  forgives_a_counter_that_goes_back();
  reads_this_machine();
  return 0;
}
