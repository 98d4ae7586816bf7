/* SPDX-License-Identifier: MIT
 *
 * The phases of a measured step response and the figures drawn from it.
 */
#include "step_response.h"

#include <math.h>

/* At rest: slower than this for so long. With much friction and no integral the shaft rests beside the
 * reference, therefore the error is not asked. A shaft that never rests (gains that oscillate) is not waited
 * for longer than MAX. */
static const double CALM_SPEED = 0.02; /* rad/s */
enum { CALM_MS = 30, CALM_MAX_MS = 1000 };

static const double SETTLED = 0.02; /* of the jump */

void step_response_begin(struct step_response *step, const struct motor_step_request *request, double angle) {
  step->phase = STEP_CALMING;
  step->amplitude = request->amplitude;
  step->duration_ms = request->duration_ms;
  step->hold = angle;
  step->elapsed_ms = 0;
  step->calm_ms = 0;
}

static void jump(struct step_response *step, double angle) {
  step->phase = STEP_WATCHING;
  step->elapsed_ms = 0;
  step->baseline = angle;
}

bool step_response_advance(struct step_response *step, double angle, double speed, double *reference) {
  if (step->phase == STEP_CALMING) {
    step->calm_ms = fabs(speed) < CALM_SPEED ? step->calm_ms + 1 : 0;
    step->elapsed_ms++;
    if (step->calm_ms >= CALM_MS || step->elapsed_ms >= CALM_MAX_MS)
      jump(step, angle);
  }
  if (step->phase == STEP_CALMING) {
    *reference = step->hold;
    return false;
  }
  *reference = step->baseline + step->amplitude;
  step->angles[step->elapsed_ms++] = angle;
  if (step->elapsed_ms < step->duration_ms)
    return false;
  step->phase = STEP_IDLE;
  return true;
}

void step_response_abandon(struct step_response *step) {
  step->phase = STEP_IDLE;
}

uint32_t step_response_left_ms(const struct step_response *step) {
  if (step->phase == STEP_IDLE)
    return 0;
  if (step->phase == STEP_CALMING)
    return CALM_MAX_MS - step->elapsed_ms + step->duration_ms;
  return step->duration_ms - step->elapsed_ms;
}

/* The way gone at a ms, as a part of the jump. */
static double progress(const struct step_response *step, uint32_t ms) {
  return (step->angles[ms] - step->baseline) / step->amplitude;
}

/* When the shaft first had gone `part` of the jump, in ms, between two steps where need be; NaN when it never
 * had. */
static double reached(const struct step_response *step, double part) {
  for (uint32_t ms = 1; ms < step->duration_ms; ms++) {
    double now = progress(step, ms), before = progress(step, ms - 1);
    if (now >= part)
      return ms - (now > before ? (now - part) / (now - before) : 0);
  }
  return (double)NAN;
}

static double settled_after(const struct step_response *step) {
  uint32_t ms = step->duration_ms;
  while (ms > 0 && fabs(progress(step, ms - 1) - 1) <= SETTLED)
    ms--;
  return ms == step->duration_ms ? (double)NAN : (double)ms;
}

void step_response_result(const struct step_response *step, struct motor_step_reply *out) {
  uint32_t count = step->duration_ms, tail = count / 10;
  double peak = 0, missing = 0;
  for (uint32_t ms = 0; ms < count; ms++)
    peak = fmax(peak, progress(step, ms));
  for (uint32_t ms = count - tail; ms < count; ms++)
    missing += step->baseline + step->amplitude - step->angles[ms];

  *out = (struct motor_step_reply){
      .baseline = step->baseline,
      .rise_time = reached(step, 0.9) - reached(step, 0.1),
      .overshoot = peak > 1 ? (peak - 1) * 100 : 0,
      .settling_time = settled_after(step),
      .steady_state_error = missing / tail,
      .sample_interval = (double)count / MOTOR_STEP_SAMPLES,
  };
  for (uint32_t sample = 0; sample < MOTOR_STEP_SAMPLES; sample++)
    out->samples[sample] = (float)(step->angles[sample * count / MOTOR_STEP_SAMPLES] - step->baseline);
}
