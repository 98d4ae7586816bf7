/* SPDX-License-Identifier: MIT
 *
 * The driver `motor`: opens it, and runs its control loop once every millisecond until it is told to end.
 */
#include <stdio.h>
#include <sys/prctl.h>
#include <time.h>

#include "../options.h"
#include "../stop.h"
#include "control.h"
#include "motor.schema.h"

static int64_t read_clock(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The driver's clock is the one that the loop sleeps by, so that a scheduled instant and a sample's time are
 * one number. */
static int64_t monotonic(void *context) {
  (void)context;
  return read_clock(CLOCK_MONOTONIC);
}

/* UTC minus the monotonic clock, in ns. */
static int64_t utc_offset(void) {
  int64_t before = read_clock(CLOCK_MONOTONIC);
  int64_t utc = read_clock(CLOCK_REALTIME);
  int64_t after = read_clock(CLOCK_MONOTONIC);
  return utc - (before + after) / 2;
}

static void sleep_until(int64_t due) {
  const struct timespec until = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until,
                  NULL); /* woken early: the caller looks at the clock */
}

/* Steps are never left out. After a pause (a busy machine, a stopped process) the missed ones run one after
 * the other, each with the instant at which it was due; a long row of them lets the I/O side have the
 * processor now and then, so that its ring does not overflow. */
static void run(struct control *control, struct stop *stop, int64_t due) {
  enum { STOP_EVERY = 16, BURST = 1024 };
  const int64_t breath_ns = 2000000;
  uint32_t burst = 0;
  for (uint64_t step = 0;; step++, due += CONTROL_STEP_NS) {
    if (step % STOP_EVERY == 0 && stop_wanted(stop))
      return;
    int64_t now = read_clock(CLOCK_MONOTONIC);
    burst = now < due ? 0 : burst + 1;
    if (burst == BURST)
      sw_log(control->driver, SW_WARN, "held up for more than a second: running the missed steps");
    if (burst > 0 && burst % BURST == 0)
      sleep_until(now + breath_ns);
    while (now < due) {
      sleep_until(due);
      now = read_clock(CLOCK_MONOTONIC);
    }
    control_step(control, due, now);
  }
}

int main(int argc, char **argv) {
  struct options options;
  int exit_code =
      options_parse(argc, argv, "motor",
                    "A simulated DC motor under a PID loop at 1 kHz: channel state, parameters gains, "
                    "reference and load,\nservices step_response and reset.",
                    &options);
  if (exit_code != OPTIONS_GO_ON)
    return exit_code;

  struct stop stop;
  struct control control;
  sw_driver *driver = NULL;
  int64_t offset = utc_offset();
  const sw_driver_options opening = {
      .name = options.name, .schema = &motor_schema, .clock = monotonic, .clock_offset = offset};
  sw_status status = stop_init(&stop, options.stdin_eof) ? SW_OK : SW_SYSTEM_ERROR;
  if (status == SW_OK)
    status = sw_driver_create(&opening, &driver);
  if (status == SW_OK)
    status = control_init(&control, driver);
  if (status == SW_OK)
    status = sw_start(driver);
  if (status != SW_OK) {
    exit_code = options_open_failed(&options, status);
    sw_driver_destroy(driver);
    return exit_code;
  }

  /* The kernel may wake a sleeper late by its timer slack, 50 us unless asked otherwise. */
  prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  sw_log(driver, SW_INFO, "the control loop runs at 1 kHz");
  /* The first step is due at a whole ms of UTC, and so are all others. */
  int64_t utc = monotonic(NULL) + offset;
  run(&control, &stop, utc - utc % CONTROL_STEP_NS + CONTROL_STEP_NS - offset);
  sw_driver_destroy(driver);
  return 0;
}
