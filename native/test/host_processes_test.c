/* SPDX-License-Identifier: MIT
 *
 * /proc/PID/stat is read whatever the program is called, and the list of this machine holds this program.
 */
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "host/processes.h"
#include "host_text.h"

static const char RECORDED[] =
    "4321 (a) b (c)) R 1 4321 4321 0 -1 4194560 1000 2000 3 4 150 50 5 6 20 0 7 0 193000 22000000 321 "
    "18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0\n";

static void reads_a_name_of_any_form(void) {
  struct process_stat stat;
  struct scan text = exact_text(RECORDED, sizeof RECORDED - 1);
  CHECK(process_parse(text, &stat));
  drop_text(text);
  CHECK(stat.pid == 4321 && strcmp(stat.name, "a) b (c)") == 0 && stat.state == 'R' && stat.threads == 7);
  CHECK(stat.ticks == 200 && stat.started == 193000 && stat.pages == 321);
}

static void refuses_a_cut_text(void) {
  const size_t needed = (size_t)(strstr(RECORDED, " 321 ") - RECORDED) + 2;
  for (size_t length = 0; length < sizeof RECORDED; length++) {
    struct process_stat stat;
    struct scan text = exact_text(RECORDED, length);
    CHECK(process_parse(text, &stat) == (length >= needed));
    drop_text(text);
  }
}

static const struct host_process *find(const struct host_processes_reply *reply, int pid) {
  for (uint32_t i = 0; i < reply->count; i++) {
    if (reply->processes[i].pid == pid)
      return &reply->processes[i];
  }
  return NULL;
}

static double cpu_seconds(void) {
  struct timespec spent;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static void shows_who_is_busy_since_the_last_reading(void) {
  static struct host_processes_reply reply;
  struct processes processes = {0};
  CHECK(processes_list(&processes, MEMORY, HOST_MAX_PROCESSES, &reply));
  CHECK(reply.count >= 1 && reply.total >= reply.count && reply.interval > 0);
  for (uint32_t i = 1; i < reply.count; i++)
    CHECK(reply.processes[i - 1].memory >= reply.processes[i].memory);
  double until = cpu_seconds() + 0.4;
  while (cpu_seconds() < until) {
  }
  CHECK(processes_list(&processes, CPU, HOST_MAX_PROCESSES, &reply));
  for (uint32_t i = 1; i < reply.count; i++)
    CHECK(reply.processes[i - 1].cpu_percent >= reply.processes[i].cpu_percent);
  CHECK(reply.interval >= 0.4 && reply.interval < 600);
  const struct host_process *self = find(&reply, getpid());
  if (self == NULL) /* where so many were busier */
    CHECK(reply.count == HOST_MAX_PROCESSES &&
          reply.processes[reply.count - 1].cpu_percent >= 39 / reply.interval);
  else
    CHECK(self->cpu_percent > 1 && self->memory > 0 && self->state[0] == 'R');
  processes_fini(&processes);
}

static double boot_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void is_not_read_anew_too_soon(void) {
  static struct host_processes_reply reply;
  struct processes processes = {0};
  bool soon = false;
  while (!soon) { /* unless the machine was held up meanwhile */
    CHECK(processes_list(&processes, CPU, HOST_MAX_PROCESSES, &reply));
    const double read_at = processes.read_at, interval = reply.interval;
    CHECK(processes_list(&processes, CPU, 1, &reply) && reply.count == 1);
    soon = boot_seconds() - read_at < 0.2;
    CHECK(!soon || (processes.read_at == read_at && reply.interval == interval));
  }
  processes_fini(&processes);
}

int main(void) {
  reads_a_name_of_any_form();
  refuses_a_cut_text();
  shows_who_is_busy_since_the_last_reading();
  is_not_read_anew_too_soon();
  return 0;
}
