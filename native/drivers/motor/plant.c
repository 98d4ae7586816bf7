/* SPDX-License-Identifier: MIT
 *
 * The equations of the DC motor, integrated semi-implicitly.
 *
 *   L di/dt = u - R i - Ke w            the winding
 *   J dw/dt = Kt i - B w - Tc sign(w) - Tload    the shaft
 *     dphi/dt = w
 */
#include "plant.h"

#include <math.h>

/* The constants are those of a small 12 V motor of about 30 W. */
static const double R = 1.2;    /* Ohm, resistance of the winding */
static const double L = 0.6e-3; /* H, its inductance: L/R = 0.5 ms */
static const double KE = 0.05;  /* V s/rad, the voltage that turning induces: 12 V at PLANT_TOP_SPEED */
static const double KT = 0.05;  /* N m/A, the torque that current gives; the same number as KE in SI units */
static const double J_ROTOR = 3e-5; /* kg m^2, inertia of the rotor alone */
static const double VISCOUS = 2e-5; /* N m s/rad, friction that grows with the speed */
static const double COULOMB =
    1e-3; /* N m, dry friction: constant against the movement, and what holds a shaft at rest */

enum { SUBSTEPS = 20 }; /* of 50 us in a step of 1 ms: a tenth of the winding's time constant */

/* One substep of the shaft under a torque. Dry friction takes away as much speed as it can and never turns
 * the movement round, so that a shaft at rest stays at rest without chatter. */
static void turn(struct plant *plant, const struct motor_load *load, double torque, double h) {
  double inertia = J_ROTOR + load->inertia;
  double free = (plant->speed + h / inertia * (torque - load->torque)) / (1 + h / inertia * VISCOUS);
  double braked = fabs(free) - h / inertia * COULOMB;
  plant->speed = braked > 0 ? copysign(braked, free) : 0;
  plant->angle += h * plant->speed;
}

void plant_advance(struct plant *plant, const struct motor_load *load, double volts, double seconds) {
  double h = seconds / SUBSTEPS;
  for (int step = 0; step < SUBSTEPS; step++) {
    /* Implicit in the current: stable for any ratio of h to L/R. */
    plant->current = (plant->current + h / L * (volts - KE * plant->speed)) / (1 + h / L * R);
    turn(plant, load, KT * plant->current, h);
  }
}

void plant_coast(struct plant *plant, const struct motor_load *load, double seconds) {
  plant->current = 0;
  for (int step = 0; step < SUBSTEPS; step++)
    turn(plant, load, 0, seconds / SUBSTEPS);
}

double plant_torque(const struct plant *plant) {
  return KT * plant->current;
}
