/* SPDX-License-Identifier: MIT
 *
 * Reads the processes and sorts out the first of them.
 */
#include "processes.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double SHORTEST_INTERVAL = 0.25; /* s */

/* Seconds since the machine's start; the clock of the processes' start times. */
static double boot_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int by_pid(const void *a, const void *b) {
  int32_t left = ((const struct process_entry *)a)->stat.pid,
          right = ((const struct process_entry *)b)->stat.pid;
  return (left > right) - (left < right);
}

static int by_cpu(const void *a, const void *b) {
  const struct process_entry *left = a, *right = b;
  int order = (left->cpu_percent < right->cpu_percent) - (left->cpu_percent > right->cpu_percent);
  return order != 0 ? order : by_pid(a, b);
}

static int by_memory(const void *a, const void *b) {
  const struct process_entry *left = a, *right = b;
  int order = (left->stat.pages < right->stat.pages) - (left->stat.pages > right->stat.pages);
  return order != 0 ? order : by_pid(a, b);
}

/* The processor time since the reading before, or since its start for a process that was not there; a pid may
 * have been given to another process in between, which its start time shows. */
static double share(const struct processes *old, const struct process_stat *stat, double now,
                    double ticks_per_second) {
  const struct process_entry key = {.stat = {.pid = stat->pid}};
  const struct process_entry *before = NULL;
  if (old->count > 0)
    before = bsearch(&key, old->entries, old->count, sizeof key, by_pid);
  double since = (double)stat->started / ticks_per_second;
  double ticks = (double)stat->ticks;
  if (before != NULL && before->stat.started == stat->started) {
    since = old->read_at;
    ticks = stat->ticks > before->stat.ticks ? (double)(stat->ticks - before->stat.ticks) : 0;
  }
  /* A tick is the grain of both: a shorter life would make a share out of nothing. */
  double seconds = now - since;
  return 100 * ticks / ticks_per_second / (seconds > 1 / ticks_per_second ? seconds : 1 / ticks_per_second);
}

static bool append(struct processes *list, uint32_t *capacity, const struct process_entry *entry) {
  if (list->count == *capacity) {
    uint32_t larger = *capacity == 0 ? 256 : *capacity * 2;
    struct process_entry *entries = realloc(list->entries, larger * sizeof *entries);
    if (entries == NULL)
      return false;
    list->entries = entries;
    *capacity = larger;
  }
  list->entries[list->count++] = *entry;
  return true;
}

static const struct dirent *next_entry(DIR *folder) {
  return readdir(folder); // NOLINT(concurrency-mt-unsafe): nobody else reads this folder
}

/* Reads /proc into `fresh`. Processes that end meanwhile are left out. */
static bool read_all(struct processes *fresh, const struct processes *old) {
  DIR *proc = opendir("/proc");
  if (proc == NULL)
    return false;
  double ticks_per_second = (double)sysconf(_SC_CLK_TCK);
  uint32_t capacity = 0;
  bool room = true;
  const struct dirent *entry;
  while (room && fresh->count < PROCESSES_MAX && (entry = next_entry(proc)) != NULL) {
    char path[300];
    struct process_entry process = {0};
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
      continue;
    snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
    if (!text_read(&fresh->text, path))
      continue;
    const char *text = fresh->text.bytes;
    if (!process_parse((struct scan){text, text + fresh->text.length}, &process.stat))
      continue;
    process.cpu_percent = share(old, &process.stat, boot_seconds(), ticks_per_second);
    room = append(fresh, &capacity, &process);
  }
  closedir(proc);
  if (!room)
    errno = ENOMEM;
  return room;
}

static bool read_anew(struct processes *processes, double now) {
  struct processes fresh = {.read_at = now,
                            .interval = processes->read_at > 0 ? now - processes->read_at : now,
                            .text = processes->text};
  bool whole = read_all(&fresh, processes);
  processes->text = fresh.text;
  if (!whole) {
    free(fresh.entries);
    return false;
  }
  free(processes->entries);
  *processes = fresh;
  if (processes->count > 0)
    qsort(processes->entries, processes->count, sizeof *processes->entries, by_pid);
  return true;
}

static void fill(struct host_process *out, const struct process_entry *entry, uint64_t page_bytes) {
  *out = (struct host_process){
      .pid = entry->stat.pid,
      .threads = entry->stat.threads,
      .state = {entry->stat.state},
      .cpu_percent = entry->cpu_percent,
      .memory = entry->stat.pages * page_bytes,
  };
  memcpy(out->name, entry->stat.name, sizeof out->name);
}

bool processes_list(struct processes *processes, enum host_order by, uint32_t limit,
                    struct host_processes_reply *out) {
  double now = boot_seconds();
  if ((processes->read_at == 0 || now - processes->read_at >= SHORTEST_INTERVAL) &&
      !read_anew(processes, now))
    return false;
  struct process_entry *sorted = malloc((processes->count + 1) * sizeof *sorted);
  if (sorted == NULL)
    return false;
  if (processes->count > 0)
    memcpy(sorted, processes->entries, processes->count * sizeof *sorted);
  qsort(sorted, processes->count, sizeof *sorted, by == MEMORY ? by_memory : by_cpu);

  *out = (struct host_processes_reply){.total = processes->count, .interval = processes->interval};
  uint64_t page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
  while (out->count < limit && out->count < HOST_MAX_PROCESSES && out->count < processes->count) {
    fill(&out->processes[out->count], &sorted[out->count], page_bytes);
    out->count++;
  }
  free(sorted);
  return true;
}

void processes_fini(struct processes *processes) {
  free(processes->entries);
  text_fini(&processes->text);
  *processes = (struct processes){0};
}
