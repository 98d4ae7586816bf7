/* SPDX-License-Identifier: MIT
 *
 * PID with the derivative on the filtered measurement and an integral that does not wind up.
 */
#include "pid.h"

/* Time constant in s of the filter on the speed. The difference of two angles is noisy in a real machine; 5
 * ms is short beside the motor's movement of tens of ms. */
static const double FILTER_SECONDS = 0.005;

void pid_reset(struct pid *pid) {
  *pid = (struct pid){0};
}

static double clamp(double value, double limit) {
  if (value > limit)
    return limit;
  return value < -limit ? -limit : value;
}

struct pid_terms pid_step(struct pid *pid, const struct motor_gains *gains, double error, double angle,
                          double limit_volts, double seconds) {
  /* On the measurement, not on the error: a jump of the reference gives no kick. */
  double moved = pid->running ? angle - pid->angle : 0;
  pid->speed += seconds / (FILTER_SECONDS + seconds) * (moved / seconds - pid->speed);
  pid->angle = angle;
  pid->running = true;

  struct pid_terms terms = {.p = gains->kp * error, .d = -gains->kd * pid->speed};
  /* Anti-windup: while the voltage is cut, the integral moves only in the direction that leads out of it. */
  double growth = gains->ki * error * seconds;
  double wanted = terms.p + pid->i + terms.d;
  bool outward = (wanted > limit_volts && growth > 0) || (wanted < -limit_volts && growth < 0);
  if (gains->ki == 0)
    pid->i = 0;
  else if (!outward)
    pid->i = clamp(pid->i + growth, limit_volts);
  terms.i = pid->i;
  wanted = terms.p + terms.i + terms.d;
  terms.voltage = clamp(wanted, limit_volts);
  terms.saturated = terms.voltage != wanted;
  return terms;
}
