/* SPDX-License-Identifier: MIT
 *
 * A kettle that keeps its water warm: one channel, one parameter, one thread.
 */
#include "kettle.h"

#include "kettle.schema.h"

#include <structwire/structwire.h>

#include <signal.h>
#include <stdio.h>

#define STEP_MS 100
#define ROOM 20.0f
#define HEATER 2000.0f

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

/* 1.5 litres of water that lose 8 W for each degree above the room. */
static void step(struct kettle_water *water, const struct kettle_target *target) {
  const float half = target->hysteresis / 2;
  enum kettle_heater wanted = water->heater;
  if (water->temperature < target->temperature - half)
    wanted = KETTLE_ON;
  else if (water->temperature > target->temperature + half)
    wanted = KETTLE_OFF;
  water->switched += wanted != water->heater;
  water->heater = wanted;
  water->power = wanted == KETTLE_ON ? HEATER : 0;
  water->temperature +=
      (water->power - 8 * (water->temperature - ROOM)) / (1.5f * 4186) * (STEP_MS / 1000.0f);
}

int main(void) {
  struct kettle_water water = {.temperature = ROOM};
  struct kettle_target target = {.temperature = 60, .hysteresis = 1};
  const sw_driver_options options = {.name = "kettle", .schema = &kettle_schema};
  sw_driver *driver = NULL;
  sw_channel *channel = NULL;
  sw_parameter *parameter = NULL;

  sw_status status = sw_driver_create(&options, &driver);
  if (status == SW_OK)
    status = sw_advertise(driver, "water", &kettle_water_type, NULL, &channel);
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "target", &kettle_target_type, &target,
                                  &(sw_parameter_options){.channel = channel}, &parameter);
  if (status != SW_OK) {
    fprintf(stderr, "kettle: %s\n", sw_strerror(status));
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
    step(&water, &target);
    (void)sw_publish_at(channel, &water, next);
    next += STEP_MS * INT64_C(1000000);
  }
  sw_driver_destroy(driver);
  return 0;
}
