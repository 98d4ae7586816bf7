/* SPDX-License-Identifier: MIT
 *
 * The simulated DC motor: a winding, a rotor and what hangs on its shaft.
 */
#ifndef MOTOR_PLANT_H
#define MOTOR_PLANT_H

#include "motor.h"

/* What the supply gives at most, in V. */
#define PLANT_SUPPLY_VOLTS 12.0

/* The speed at which the motor's own voltage equals the supply, in rad/s: it cannot turn faster by itself. */
#define PLANT_TOP_SPEED 240.0

struct plant {
  double angle;   /* rad */
  double speed;   /* rad/s */
  double current; /* A */
};

/* Moves on by `seconds` (a control step; it takes substeps of its own) with a constant voltage at the
 * winding. */
void plant_advance(struct plant *plant, const struct motor_load *load, double volts, double seconds);

/* The same with the winding open: no current, the shaft coasts. */
void plant_coast(struct plant *plant, const struct motor_load *load, double seconds);

/* The torque of the present current, in N m. */
double plant_torque(const struct plant *plant);

#endif
