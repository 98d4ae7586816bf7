/* SPDX-License-Identifier: MIT
 *
 * The controller's terms are what their names say, its integral does not wind up, and the reference has its
 * forms.
 */
#include <math.h>

#include "check.h"
#include "motor/pid.h"
#include "motor/waveform.h"

static const double MS = 1e-3;

static bool near(double value, double wanted, double tolerance) {
  return fabs(value - wanted) <= tolerance;
}

static void gives_exactly_kp_times_the_error(void) {
  struct pid pid = {0};
  const struct motor_gains gains = {.kp = 2.3};
  for (int step = 1; step < 100; step++) {
    double error = 0.01 * step;
    struct pid_terms terms = pid_step(&pid, &gains, error, 0, 12, MS);
    CHECK(terms.p == gains.kp * error && terms.i == 0 && terms.d == 0 && terms.voltage == terms.p);
  }
}

static void integrates_the_error(void) {
  struct pid pid = {0};
  const struct motor_gains gains = {.ki = 3};
  struct pid_terms terms = {0};
  for (int step = 0; step < 1000; step++)
    terms = pid_step(&pid, &gains, 0.5, 0, 12, MS);
  CHECK(near(terms.i, 1.5, 1e-9));
  const struct motor_gains higher = {.ki = 6};
  CHECK(near(pid_step(&pid, &higher, 0, 0, 12, MS).i, 1.5, 1e-9)); /* turning ki makes no jump */
  const struct motor_gains none = {.ki = 0};
  CHECK(pid_step(&pid, &none, 0.5, 0, 12, MS).i == 0);
}

static void does_not_wind_up(void) {
  struct pid pid = {0};
  const struct motor_gains gains = {.kp = 10, .ki = 50};
  for (int step = 0; step < 5000; step++) {
    struct pid_terms terms = pid_step(&pid, &gains, 2, 0, 12, MS);
    CHECK(terms.voltage == 12 && terms.saturated && terms.i <= 12);
  }
  struct pid_terms terms = {.saturated = true};
  for (int step = 0; step < 3; step++)
    terms = pid_step(&pid, &gains, -1, 0, 12, MS);
  CHECK(!terms.saturated && terms.voltage < 0);
}

static void damps_by_the_filtered_speed(void) {
  struct pid pid = {0};
  const struct motor_gains gains = {.kd = 0.5};
  CHECK(pid_step(&pid, &gains, 1, 5, 12, MS).d == 0); /* the first step knows no speed */
  struct pid_terms terms = {0};
  for (int step = 1; step <= 100; step++)
    terms = pid_step(&pid, &gains, 1, 5 + step * 4 * MS, 12, MS);
  CHECK(near(terms.d, -0.5 * 4, 1e-6));
}

static void has_every_form_of_reference(void) {
  struct motor_reference reference = {.mode = SINE, .amplitude = 2, .frequency = 3};
  CHECK(near(waveform_at(&reference, 0.25), 2, 1e-12) &&
        near(waveform_speed(&reference), 2 * 3 * 2 * 3.14159265358979, 1e-9));
  reference.mode = SQUARE;
  CHECK(waveform_at(&reference, 0.49) == 2 && waveform_at(&reference, 0.5) == -2 &&
        waveform_speed(&reference) == 0);
  reference.mode = TRIANGLE;
  CHECK(waveform_at(&reference, 0) == 0 && waveform_at(&reference, 0.25) == 2 &&
        waveform_at(&reference, 0.75) == -2);
  CHECK(near(waveform_at(&reference, 0.999999), 0, 1e-4) && waveform_speed(&reference) == 24);
  reference.mode = STEP;
  CHECK(waveform_at(&reference, 0.1) == 2);
  reference.mode = OFF;
  CHECK(waveform_at(&reference, 0.1) == 0);
  double phase = 0;
  for (int ms = 0; ms < 1000; ms++) {
    phase = waveform_advance(&reference, phase, MS);
    CHECK(phase >= 0 && phase < 1);
  }
  CHECK(near(phase, 0, 1e-9) || near(phase, 1, 1e-9)); /* three whole periods */
}

int main(void) {
  gives_exactly_kp_times_the_error();
  integrates_the_error();
  does_not_wind_up();
  damps_by_the_filtered_speed();
  has_every_form_of_reference();
  return 0;
}
