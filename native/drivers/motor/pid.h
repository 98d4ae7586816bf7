/* SPDX-License-Identifier: MIT
 *
 * The PID controller of the motor's angle.
 */
#ifndef MOTOR_PID_H
#define MOTOR_PID_H

#include <stdbool.h>

#include "motor.h"

struct pid {
  double i;     /* V, the integral term; kept in volts, so that turning ki makes no jump */
  double speed; /* rad/s, the filtered speed */
  double angle; /* rad, of the step before */
  bool running; /* false: the next step is the first, and there is no step before */
};

/* What one step of the controller gave, in V. */
struct pid_terms {
  double p, i, d;
  double voltage; /* their sum, cut at the limit */
  bool saturated;
};

/* Forgets the past: the integral and the speed begin at 0. */
void pid_reset(struct pid *pid);

/* One control step of `seconds`. */
struct pid_terms pid_step(struct pid *pid, const struct motor_gains *gains, double error, double angle,
                          double limit_volts, double seconds);

#endif
