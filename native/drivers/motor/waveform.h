/* SPDX-License-Identifier: MIT
 *
 * The reference angle as a function of time.
 */
#ifndef MOTOR_WAVEFORM_H
#define MOTOR_WAVEFORM_H

#include "motor.h"

/* The reference in rad at `phase` (periods, 0 up to 1). OFF has none and gives 0. */
double waveform_at(const struct motor_reference *reference, double phase);

/* The phase one step later. It goes on from where it is when the frequency changes, so that the reference
 * makes no jump. */
double waveform_advance(const struct motor_reference *reference, double phase, double seconds);

/* The greatest speed in rad/s that the reference asks for; 0 for those that jump. */
double waveform_speed(const struct motor_reference *reference);

#endif
