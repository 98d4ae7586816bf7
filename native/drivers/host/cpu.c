/* SPDX-License-Identifier: MIT
 *
 * The processors' counters and shares.
 */
#include "cpu.h"

static bool parse_core(struct scan *line, struct host_core *core) {
  uint64_t *const counters[] = {&core->user, &core->nice,    &core->system, &core->idle,  &core->iowait,
                                &core->irq,  &core->softirq, &core->steal,  &core->guest, &core->guest_nice};
  size_t found = 0;
  while (found < sizeof counters / sizeof counters[0] && scan_u64(line, counters[found]))
    found++;
  return found >= 4; /* the others came with later kernels */
}

bool cpu_parse(struct scan text, struct host_cpu *out) {
  *out = (struct host_cpu){0};
  bool found = false;
  struct scan line;
  while (scan_line(&text, &line)) {
    if (scan_text(&line, "cpu")) {
      uint32_t number;
      if (line.at < line.end && *line.at == ' ') {
        found = parse_core(&line, &out->total);
      } else if (scan_u32(&line, &number)) {
        out->online++;
        if (out->count == HOST_MAX_CORES)
          continue;
        struct host_core *core = &out->cores[out->count];
        core->number = number;
        if (parse_core(&line, core))
          out->count++;
      }
    } else if (scan_text(&line, "intr ")) {
      scan_u64(&line, &out->interrupts);
    } else if (scan_text(&line, "ctxt ")) {
      scan_u64(&line, &out->context_switches);
    } else if (scan_text(&line, "processes ")) {
      scan_u64(&line, &out->forks);
    } else if (scan_text(&line, "procs_running ")) {
      scan_u32(&line, &out->running);
    } else if (scan_text(&line, "procs_blocked ")) {
      scan_u32(&line, &out->blocked);
    }
  }
  return found;
}

/* The kernel lets idle and iowait go back a little now and then. */
static double gone_by(uint64_t before, uint64_t now) {
  return now > before ? (double)(now - before) : 0;
}

static void share(const struct host_core *before, struct host_core *now) {
  double user = gone_by(before->user, now->user) + gone_by(before->nice, now->nice);
  double system = gone_by(before->system, now->system) + gone_by(before->irq, now->irq) +
                  gone_by(before->softirq, now->softirq);
  double iowait = gone_by(before->iowait, now->iowait), steal = gone_by(before->steal, now->steal);
  double busy = user + system + steal;
  double all = busy + iowait + gone_by(before->idle, now->idle);
  if (all == 0) {
    now->busy_percent = before->busy_percent;
    now->user_percent = before->user_percent;
    now->system_percent = before->system_percent;
    now->iowait_percent = before->iowait_percent;
    now->steal_percent = before->steal_percent;
    return;
  }
  now->busy_percent = (float)(100 * busy / all);
  now->user_percent = (float)(100 * user / all);
  now->system_percent = (float)(100 * system / all);
  now->iowait_percent = (float)(100 * iowait / all);
  now->steal_percent = (float)(100 * steal / all);
}

void cpu_shares(const struct host_cpu *before, struct host_cpu *now) {
  share(&before->total, &now->total);
  /* Both lists are in the order of the numbers; cores may have gone or come between the readings. */
  for (uint32_t i = 0, j = 0; i < now->count; i++) {
    while (j < before->count && before->cores[j].number < now->cores[i].number)
      j++;
    if (j < before->count && before->cores[j].number == now->cores[i].number)
      share(&before->cores[j], &now->cores[i]);
  }
}
