/* SPDX-License-Identifier: MIT
 *
 * The recognizer of the plumber's demo in C: reads what the sensor publishes on `compute`, and on every tenth
 * sample publishes a classification on `action`, for whoever acts upon it.
 */
#include <signal.h>
#include <stdio.h>
#include <structwire/structwire.h>

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

struct recognizer {
  sw_channel *action;
  unsigned long count;
};

/* Runs in sw_apply. A real recognizer would look at x, y and z, too. */
static void recognize(void *context, const sw_arrival *arrival) {
  struct recognizer *recognizer = context;
  double t;
  if (arrival->happened == SW_LOST)
    (void)fprintf(stderr, "recognizer: missed %llu samples\n", (unsigned long long)arrival->lost);
  if (arrival->happened != SW_SAMPLE || !sw_json_number(arrival->payload, "t", &t))
    return;
  if (++recognizer->count % 10 != 0)
    return;
  char text[128];
  const int bytes = snprintf(text, sizeof text, "{\"t\":%.17g,\"classification\":%lu}", t, recognizer->count);
  (void)sw_publish_json(recognizer->action, text, (size_t)bytes);
}

int main(void) {
  struct recognizer recognizer = {0};
  const sw_driver_options options = {.name = "recognizer"};
  sw_driver *driver = NULL;
  sw_status status = sw_driver_create(&options, &driver);
  if (status == SW_OK)
    status = sw_advertise_json(driver, "/action", NULL, &recognizer.action);
  if (status == SW_OK)
    status = sw_subscribe(driver, "compute", NULL, recognize, &recognizer, NULL);
  (void)signal(SIGINT, stop);
  (void)signal(SIGTERM, stop);
  while (status == SW_OK && !stopped) {
    status = sw_poll(driver, 100);
    (void)sw_apply(driver);
  }
  if (status != SW_OK)
    (void)fprintf(stderr, "recognizer: %s\n", sw_strerror(status));
  sw_driver_destroy(driver);
  return status == SW_OK ? 0 : 1;
}
