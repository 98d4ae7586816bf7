/* SPDX-License-Identifier: MIT
 *
 * The actuator of the plumber's demo in C: prints what is published on `action`, or on the channels of
 * another name or pattern, one line for each sample. Structs come as JSON, too: `actuator motor/state`.
 */
#include <signal.h>
#include <stdio.h>
#include <structwire/structwire.h>

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static void act(void *context, const sw_arrival *arrival) {
  (void)context;
  switch (arrival->happened) {
  case SW_SAMPLE: /* JSON is a C string, too */
    (void)puts(arrival->payload);
    break;
  case SW_LOST:
    (void)fprintf(stderr, "actuator: missed %llu samples\n", (unsigned long long)arrival->lost);
    break;
  case SW_STARTED:
    (void)fprintf(stderr, "actuator: %s of the bridge %s is there\n", arrival->channel, arrival->bridge);
    break;
  case SW_ENDED:
    (void)fprintf(stderr, "actuator: %s is gone: %s\n", arrival->channel, arrival->text);
    break;
  }
  (void)fflush(stdout);
}

int main(int count, char **arguments) {
  const sw_driver_options options = {.name = "actuator"};
  sw_driver *driver = NULL;
  sw_status status = sw_driver_create(&options, &driver);
  if (status == SW_OK)
    status = sw_subscribe(driver, count > 1 ? arguments[1] : "action", NULL, act, NULL, NULL);
  (void)signal(SIGINT, stop);
  (void)signal(SIGTERM, stop);
  while (status == SW_OK && !stopped) {
    status = sw_poll(driver, 100);
    (void)sw_apply(driver);
  }
  if (status != SW_OK)
    (void)fprintf(stderr, "actuator: %s\n", sw_strerror(status));
  sw_driver_destroy(driver);
  return status == SW_OK ? 0 : 1;
}
