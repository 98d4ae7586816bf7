/* SPDX-License-Identifier: MIT
 *
 * The machine's processes and how busy they were since they were last read.
 */
#ifndef HOST_PROCESSES_H
#define HOST_PROCESSES_H

#include "host.h"
#include "scan.h"
#include "text.h"

/* What /proc/PID/stat says of a process. */
struct process_stat {
  int32_t pid;
  char name[HOST_NAME_BYTES];
  char state;
  uint32_t threads;
  uint64_t ticks;   /* of processor time in its life */
  uint64_t started; /* ticks after the machine's start */
  uint64_t pages;   /* resident */
};

/* False when the text is not that of a stat file. A name may hold blanks and brackets. */
bool process_parse(struct scan text, struct process_stat *out);

struct process_entry {
  struct process_stat stat;
  double cpu_percent;
};

/* The processes of the latest reading, by pid. Zero-initialise. */
struct processes {
  struct process_entry *entries;
  uint32_t count;
  double read_at;  /* s after the machine's start; 0: never */
  double interval; /* s between the latest two readings */
  struct text text;
};

/* More than these are not read. */
#define PROCESSES_MAX 65536

/* Answers with the first `limit` (1 to HOST_MAX_PROCESSES). Reads /proc anew unless that was done less than
 * 250 ms ago, because a share of less time than that is noise. Allocates; takes some ms for a thousand
 * processes. False with errno when /proc cannot be read. */
bool processes_list(struct processes *processes, enum host_order by, uint32_t limit,
                    struct host_processes_reply *out);

void processes_fini(struct processes *processes);

#endif
