/* SPDX-License-Identifier: MIT
 *
 * The forms of the reference.
 */
#include "waveform.h"

#include <math.h>

static const double TURN = 6.283185307179586; /* 2 pi */

double waveform_at(const struct motor_reference *reference, double phase) {
  switch (reference->mode) {
  case OFF:
    return 0;
  case STEP:
    return reference->amplitude;
  case SINE:
    return reference->amplitude * sin(TURN * phase);
  case SQUARE:
    return phase < 0.5 ? reference->amplitude : -reference->amplitude;
  case TRIANGLE:
    /* Begins at 0 and rises, as the sine does. */
    return reference->amplitude * (phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4);
  }
  return 0;
}

double waveform_advance(const struct motor_reference *reference, double phase, double seconds) {
  phase += reference->frequency * seconds;
  return phase - floor(phase);
}

double waveform_speed(const struct motor_reference *reference) {
  if (reference->mode == SINE)
    return TURN * reference->frequency * fabs(reference->amplitude);
  if (reference->mode == TRIANGLE)
    return 4 * reference->frequency * fabs(reference->amplitude);
  return 0;
}
