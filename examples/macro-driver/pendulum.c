/* SPDX-License-Identifier: MIT
 *
 * A pendulum whose length and drag can be turned while it swings: a driver that a C compiler alone can build.
 */
#include <structwire/describe.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>

#define STEP_MS 10

struct swing {
  double angle, speed;
};

struct pendulum {
  double length, drag;
};

SW_STRUCT(swing, "A hundred times a second. [@channel swing]", SW_FIELD(angle, "[rad] from hanging down"),
          SW_FIELD(speed, "[rad/s]"));

SW_STRUCT(pendulum, "What swings. [@parameter pendulum]",
          SW_FIELD(length, "[m] [@range 0.1, 10] [@step 0.1] [@default 1]"),
          SW_FIELD(drag, "[1/s] [@range 0, 5] [@default 0.05] of the air"));

SW_SCHEMA(messages, &swing_type, &pendulum_type);

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void step(struct swing *swing, const struct pendulum *pendulum) {
  const double dt = STEP_MS / 1000.0;
  swing->speed -= (9.81 / pendulum->length * sin(swing->angle) + pendulum->drag * swing->speed) * dt;
  swing->angle += swing->speed * dt;
}

int main(void) {
  struct swing swing = {.angle = 1};
  struct pendulum pendulum = {.length = 1, .drag = 0.05};
  const sw_driver_options options = {.name = "pendulum", .schema = &messages_schema};
  sw_driver *driver = NULL;
  sw_channel *channel = NULL;

  sw_status status = sw_driver_create(&options, &driver);
  if (status == SW_OK)
    status = sw_advertise(driver, "swing", &swing_type, NULL, &channel);
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "pendulum", &pendulum_type, &pendulum, NULL, NULL);
  if (status != SW_OK) {
    char reason[256] = "";
    (void)sw_schema_check(&messages_schema, reason);
    fprintf(stderr, "pendulum: %s %s\n", sw_strerror(status), reason);
    sw_driver_destroy(driver);
    return 1;
  }

  (void)signal(SIGINT, stop);
  (void)signal(SIGTERM, stop);
  int64_t next = sw_now(driver);
  while (!stopped && status == SW_OK) {
    const int64_t wait_ms = (next - sw_now(driver)) / 1000000;
    if (wait_ms > 0) {
      status = sw_poll(driver, (int)wait_ms);
      continue;
    }
    (void)sw_apply(driver);
    step(&swing, &pendulum);
    (void)sw_publish_at(channel, &swing, next);
    next += STEP_MS * INT64_C(1000000);
  }
  sw_driver_destroy(driver);
  return 0;
}
