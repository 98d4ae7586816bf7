/* SPDX-License-Identifier: MIT
 *
 * Measures a step response on the running plant: brings the shaft to rest, lets the reference jump, and
 * watches.
 */
#ifndef MOTOR_STEP_RESPONSE_H
#define MOTOR_STEP_RESPONSE_H

#include <stdbool.h>

#include "motor.h"

#define STEP_RESPONSE_MAX_MS 5000

enum step_phase { STEP_IDLE, STEP_CALMING, STEP_WATCHING };

struct step_response {
  enum step_phase phase;
  double amplitude;                    /* rad */
  double hold;                         /* rad, the reference while the shaft comes to rest */
  double baseline;                     /* rad, the angle when the reference jumped */
  uint32_t duration_ms;                /* of the watching */
  uint32_t elapsed_ms;                 /* in the present phase */
  uint32_t calm_ms;                    /* for how long the shaft has been at rest */
  double angles[STEP_RESPONSE_MAX_MS]; /* rad, one for each ms of the watching */
};

/* Begins at the shaft's present angle. The limits of the request must hold. */
void step_response_begin(struct step_response *step, const struct motor_step_request *request, double angle);

/* Takes the measured angle and speed of this control step and gives the reference for it. Once for each ms
 * while the phase is not STEP_IDLE. Returns true when the watching is over; the phase is then STEP_IDLE
 * again. */
bool step_response_advance(struct step_response *step, double angle, double speed, double *reference);

/* Ends it before its time. */
void step_response_abandon(struct step_response *step);

/* The ms that it may still take, at most. */
uint32_t step_response_left_ms(const struct step_response *step);

/* What was seen, after step_response_advance returned true. */
void step_response_result(const struct step_response *step, struct motor_step_reply *out);

#endif
