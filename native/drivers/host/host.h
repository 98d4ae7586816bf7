/* SPDX-License-Identifier: MIT
 *
 * The messages of the driver `host`: what the kernel says of this machine.
 */
#ifndef HOST_H
#define HOST_H

#include <linux/if_link.h>
#include <linux/tcp.h>
#include <stdbool.h>
#include <stdint.h>

/* The kernel's own structs, published as they are: channel link/NAME for each interface, and channel tcp. */
/// [@message struct rtnl_link_stats64 channel]
/// [@message struct tcp_info channel]

#define HOST_MAX_CORES 64
#define HOST_MAX_DISKS 16
#define HOST_MAX_PROCESSES 50
#define HOST_NAME_BYTES 32

/* What a core did. The counters are the kernel's own, since its start; the shares since the sample before. */
struct host_core {
  uint64_t user;        ///< [ticks] in programs, guests included
  uint64_t nice;        ///< [ticks] in programs of low priority
  uint64_t system;      ///< [ticks] in the kernel
  uint64_t idle;        ///< [ticks]
  uint64_t iowait;      ///< [ticks] idle while a disk was waited for
  uint64_t irq;         ///< [ticks] in interrupts
  uint64_t softirq;     ///< [ticks] in deferred interrupts
  uint64_t steal;       ///< [ticks] taken by the machine that this one runs on
  uint64_t guest;       ///< [ticks] in virtual machines, part of user
  uint64_t guest_nice;  ///< [ticks] in virtual machines of low priority, part of nice
  float busy_percent;   ///< [%] [@range 0, 100] not idle and not waiting
  float user_percent;   ///< [%] [@range 0, 100] user and nice
  float system_percent; ///< [%] [@range 0, 100] system, irq and softirq
  float iowait_percent; ///< [%] [@range 0, 100]
  float steal_percent;  ///< [%] [@range 0, 100]
  uint32_t number;      ///< of the core; 0 in the total
};

/* The processors, from /proc/stat. [@channel cpu] */
struct host_cpu {
  struct host_core total;                 ///< all cores together; 100 % is all of them
  uint64_t interrupts;                    ///< since the start
  uint64_t context_switches;              ///< since the start
  uint64_t forks;                         ///< processes and threads begun since the start
  uint32_t running;                       ///< threads that run or could
  uint32_t blocked;                       ///< threads that wait for a disk
  uint32_t ticks_per_second;              ///< [Hz] what a tick is
  uint32_t online;                        ///< cores that the kernel lists
  uint32_t count;                         ///< how many of them follow
  struct host_core cores[HOST_MAX_CORES]; ///< [@count count] by number; the rest is 0
};

/* The memory, from /proc/meminfo; what the kernel does not tell is 0. [@channel memory] */
struct host_memory {
  uint64_t total;      ///< [B]
  uint64_t free;       ///< [B] used for nothing
  uint64_t available;  ///< [B] what new programs could get without swapping
  uint64_t used;       ///< [B] total - available
  uint64_t buffers;    ///< [B]
  uint64_t cached;     ///< [B] file contents
  uint64_t dirty;      ///< [B] waits to be written
  uint64_t writeback;  ///< [B] is being written
  uint64_t anonymous;  ///< [B] of programs, behind no file
  uint64_t mapped;     ///< [B] files mapped into programs
  uint64_t shared;     ///< [B] shared memory and tmpfs
  uint64_t slab;       ///< [B] of the kernel's own objects
  uint64_t swap_total; ///< [B]
  uint64_t swap_free;  ///< [B]
  float used_percent;  ///< [%] [@range 0, 100]
};

/* How much wants to run, from /proc/loadavg and /proc/uptime. [@channel load] */
struct host_load {
  double one;       ///< threads that ran or waited for a disk, averaged over 1 min
  double five;      ///< over 5 min
  double fifteen;   ///< over 15 min
  double uptime;    ///< [s] since the machine started
  uint32_t running; ///< threads that run or could
  uint32_t threads; ///< that exist
};

/* One disk. The counters are the kernel's own, since its start; the rates hold since the sample before. */
struct host_disk_entry {
  char name[HOST_NAME_BYTES];
  uint64_t reads;           ///< finished
  uint64_t reads_merged;    ///< joined with another before they were done
  uint64_t read_sectors;    ///< [512 B]
  uint64_t read_ms;         ///< [ms] of all reads together
  uint64_t writes;          ///< finished
  uint64_t writes_merged;   ///< joined with another before they were done
  uint64_t written_sectors; ///< [512 B]
  uint64_t write_ms;        ///< [ms] of all writes together
  uint64_t in_flight;       ///< begun and not finished
  uint64_t busy_ms;         ///< [ms] with something to do
  uint64_t weighted_ms;     ///< [ms] times what was in flight
  double read_rate;         ///< [B/s]
  double write_rate;        ///< [B/s]
  double reads_rate;        ///< [1/s] finished reads
  double writes_rate;       ///< [1/s] finished writes
  double busy_percent;      ///< [%] of the time with something to do
};

/* The whole disks (not their partitions), from /proc/diskstats. [@channel disk] */
struct host_disk {
  uint32_t present;                             ///< disks that the kernel lists
  uint32_t count;                               ///< how many of them follow
  struct host_disk_entry disks[HOST_MAX_DISKS]; ///< [@count count]
};

/* About the connection that the channel tcp shows; has the time of its sample. [@channel tcp_meta] */
struct host_tcp_meta {
  uint64_t sent;         ///< [B] given to this connection
  uint64_t received;     ///< [B] got from it
  uint32_t connections;  ///< opened until now; a higher number than before: the counters of tcp began anew
  uint32_t valid_bytes;  ///< [B] of struct tcp_info that this kernel filled in; the rest is 0
  uint32_t struct_bytes; ///< [B] of struct tcp_info as this driver was compiled
  uint16_t local_port;   ///< of this end, on 127.0.0.1
  uint16_t remote_port;  ///< of the other end, in this driver as well
  bool connected;        ///< otherwise it is tried again, and tcp has no sample
};

/* How often the machine is read. [@parameter sampling] */
struct host_sampling {
  uint32_t period_ms; ///< [ms] [@range 10, 10000] [@step 10] [@default 1000] from sample to sample
};

/* By what processes are compared. */
enum host_order {
  CPU = 0,   ///< the busiest first
  MEMORY = 1 ///< the largest first
};

/* Which processes. [@service processes request] */
struct host_processes_request {
  enum host_order by; ///< [@default 0]
  uint32_t limit;     ///< [@range 1, 50] [@step 1] [@default 10] how many at most
};

struct host_process {
  int32_t pid;
  uint32_t threads;
  char name[HOST_NAME_BYTES]; ///< as in /proc/PID/stat
  char state[2];              ///< R runs, S sleeps, D waits for a disk, Z has ended, T is stopped, I is idle
  double cpu_percent;         ///< [%] of one core
  uint64_t memory;            ///< [B] resident
};

/* The first of them. [@service processes reply] */
struct host_processes_reply {
  uint32_t count;  ///< how many follow
  uint32_t total;  ///< processes that could be read
  double interval; ///< [s] over which cpu_percent holds; for newer processes since their start
  struct host_process processes[HOST_MAX_PROCESSES]; ///< [@count count]
};

#endif
