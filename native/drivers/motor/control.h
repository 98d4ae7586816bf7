/* SPDX-License-Identifier: MIT
 *
 * The motor's control loop as a driver: its channel, its parameters, its services, and one step of it all.
 */
#ifndef MOTOR_CONTROL_H
#define MOTOR_CONTROL_H

#include <structwire/structwire.h>

#include "pid.h"
#include "plant.h"
#include "step_response.h"

#define CONTROL_STEP_NS 1000000

struct control {
  sw_driver *driver;
  sw_channel *state;
  struct motor_gains gains;         /* these three are written by the SDK, inside sw_apply */
  struct motor_reference reference; /* */
  struct motor_load load;           /* */
  struct plant plant;
  struct pid pid;
  double phase; /* of the reference, in periods */
  struct step_response test;
  sw_call test_call; /* that waits for the test; 0: none */
};

/* Declares everything on an open driver. Set-up; `control` must outlive the driver. */
sw_status control_init(struct control *control, sw_driver *driver);

/* One step: applies the sets that wait, starts the calls, measures, publishes with the scheduled time, and
 * moves the plant on by 1 ms. Neither waits nor allocates. Times in ns of the driver's clock. */
void control_step(struct control *control, int64_t scheduled, int64_t now);

#endif
