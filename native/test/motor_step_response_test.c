/* SPDX-License-Identifier: MIT
 *
 * A step response brings the shaft to rest first, and its figures are those of responses that are known
 * exactly.
 */
#include <math.h>

#include "check.h"
#include "motor/pid.h"
#include "motor/plant.h"
#include "motor/step_response.h"

static bool near(double value, double wanted, double tolerance) {
  return fabs(value - wanted) <= tolerance;
}

/* The angle above the baseline, `ms` after the jump. */
typedef double (*response_fn)(double ms);

/* Runs a step response on a shaft that follows a formula; returns how many ms it took. */
static int run(struct step_response *step, double amplitude, uint32_t duration_ms, double baseline,
               response_fn respond) {
  double reference = 0;
  int took = 0, jumped = -1;
  step_response_begin(step, &(struct motor_step_request){amplitude, duration_ms}, baseline);
  for (bool done = false; !done; took++) {
    CHECK(took < 7000);
    CHECK(step_response_left_ms(step) > 0);
    double angle = jumped < 0 ? baseline : baseline + respond(took - jumped);
    done = step_response_advance(step, angle, 0, &reference);
    if (jumped < 0 && reference != baseline)
      jumped = took;
    CHECK(reference == (jumped < 0 ? baseline : baseline + amplitude));
  }
  CHECK(step->phase == STEP_IDLE && step_response_left_ms(step) == 0);
  return took;
}

static double ramp(double ms) {
  return -2 * fmin(ms / 100, 1);
}

static void measures_a_ramp(void) {
  static struct step_response step;
  struct motor_step_reply reply;
  int took = run(&step, -2, 400, 7, ramp);
  CHECK(took >= 400 && took <= 440);
  step_response_result(&step, &reply);
  CHECK(reply.baseline == 7 && near(reply.rise_time, 80, 1e-6) && reply.overshoot == 0);
  CHECK(near(reply.settling_time, 98, 1) && near(reply.steady_state_error, 0, 1e-12));
  CHECK(reply.sample_interval == 2 && reply.samples[0] == 0 && near((double)reply.samples[25], -1, 1e-6));
  CHECK(reply.samples[MOTOR_STEP_SAMPLES - 1] == -2.0f);
}

static double overshooting(double ms) {
  return ms < 10 ? 0 : ms < 50 ? 1.3 : 0.9;
}

static void measures_an_overshoot_and_what_is_left(void) {
  static struct step_response step;
  struct motor_step_reply reply;
  run(&step, 1, 200, 0, overshooting);
  step_response_result(&step, &reply);
  CHECK(near(reply.overshoot, 30, 1e-9) && near(reply.steady_state_error, 0.1, 1e-9));
  CHECK(isnan(reply.settling_time) && near(reply.rise_time, 0.8 / 1.3, 1e-9));
}

static double never(double ms) {
  (void)ms;
  return 0;
}

static void says_what_never_happened(void) {
  static struct step_response step;
  struct motor_step_reply reply;
  run(&step, 1, STEP_RESPONSE_MAX_MS, 0, never);
  step_response_result(&step, &reply);
  CHECK(isnan(reply.rise_time) && isnan(reply.settling_time) && reply.steady_state_error == 1);
}

static void waits_for_a_turning_shaft_but_not_for_ever(void) {
  static struct step_response step;
  double reference = 0;
  int waited = 0;
  step_response_begin(&step, &(struct motor_step_request){1, 200}, 3);
  while (!step_response_advance(&step, 3, 5, &reference) && reference == 3)
    waited++;
  CHECK(waited == 999 && step.phase == STEP_WATCHING);
  step_response_abandon(&step);
  CHECK(step.phase == STEP_IDLE);
}

static struct motor_step_reply measure(double kp) {
  static struct step_response step;
  const struct motor_gains gains = {.kp = kp, .ki = 0.5, .kd = 0.1};
  const struct motor_load load = {.inertia = 1.5e-4};
  struct plant plant = {0};
  struct pid pid = {0};
  struct motor_step_reply reply;
  double reference = 0;
  step_response_begin(&step, &(struct motor_step_request){1, 1000}, plant.angle);
  while (!step_response_advance(&step, plant.angle, plant.speed, &reference)) {
    struct pid_terms terms =
        pid_step(&pid, &gains, reference - plant.angle, plant.angle, PLANT_SUPPLY_VOLTS, 1e-3);
    plant_advance(&plant, &load, terms.voltage, 1e-3);
  }
  step_response_result(&step, &reply);
  return reply;
}

static void shows_what_a_higher_gain_does(void) {
  struct motor_step_reply soft = measure(2), hard = measure(4);
  CHECK(soft.overshoot < 3 && soft.settling_time < 500 && soft.rise_time > 80);
  CHECK(hard.overshoot > soft.overshoot + 5 && hard.rise_time < 0.6 * soft.rise_time);
}

int main(void) {
  measures_a_ramp();
  measures_an_overshoot_and_what_is_left();
  says_what_never_happened();
  waits_for_a_turning_shaft_but_not_for_ever();
  shows_what_a_higher_gain_does();
  return 0;
}
