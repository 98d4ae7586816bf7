/* SPDX-License-Identifier: MIT
 *
 * The code of docs/c-sdk.md that is not of the driver `tally`: compiled with the tests, so that the guide
 * stays true.
 */
#include <stdbool.h>
#include <stdio.h>
#include <structwire/structwire.h>

struct state {
  double angle;
};
struct gains {
  double kp, ki, kd;
};
extern const sw_schema messages_schema;
extern const sw_type state_type;
extern const sw_type gains_type;

void wait_for_next_step(void);
bool is_running(void);
void control_step(const struct gains *gains, struct state *state);
int run_control_loop(void);
sw_status declare_checked(sw_driver *driver, struct gains *gains, double *limit);

int run_control_loop(void) {
  const sw_driver_options options = {.name = "motor", .schema = &messages_schema};
  sw_driver *driver;
  sw_channel *channel;
  struct gains gains = {.kp = 2, .ki = 1, .kd = 0.1};
  struct state state = {0};
  if (sw_driver_create(&options, &driver) != SW_OK)
    return 1;
  if (sw_advertise(driver, "state", &state_type, NULL, &channel) != SW_OK)
    return 1;
  const sw_parameter_options governs = {.channel = channel};
  if (sw_parameter_declare(driver, "gains", &gains_type, &gains, &governs, NULL) != SW_OK)
    return 1;
  if (sw_start(driver) != SW_OK)
    return 1;
  while (is_running()) {
    wait_for_next_step();
    sw_apply(driver);
    control_step(&gains, &state);
    sw_publish(channel, &state);
  }
  sw_driver_destroy(driver);
  return 0;
}

static sw_status keep_it_stable(void *context, const void *value, char *reason) {
  const struct gains *wanted = value;
  const double limit = *(const double *)context;
  if (wanted->kp + wanted->ki <= limit)
    return SW_OK;
  (void)snprintf(reason, 256, "kp + ki would be %g, and above %g the loop swings", wanted->kp + wanted->ki,
                 limit);
  return SW_REFUSED;
}

sw_status declare_checked(sw_driver *driver, struct gains *gains, double *limit) {
  const sw_parameter_options checked = {.check = keep_it_stable, .context = limit};
  return sw_parameter_declare(driver, "gains", &gains_type, gains, &checked, NULL);
}
