/* SPDX-License-Identifier: MIT
 *
 * The messages of the driver `motor`: a simulated DC motor that a PID controller turns to a reference angle
 * at 1 kHz.
 */
#ifndef MOTOR_H
#define MOTOR_H

#include <stdbool.h>
#include <stdint.h>

/* What the reference angle does. */
enum motor_mode {
  OFF = 0,     ///< no voltage: the shaft coasts
  STEP = 1,    ///< stands at the amplitude
  SINE = 2,    ///< swings as a sine
  SQUARE = 3,  ///< jumps between plus and minus the amplitude
  TRIANGLE = 4 ///< moves at constant speed between plus and minus the amplitude
};

/* One step of the control loop: what was measured at the sample's time, and the voltage until the next one.
 * The time is the scheduled instant, exactly 1 ms after the one before. [@channel state] */
struct motor_state {
  double reference;     ///< [rad] the angle that is wanted
  double angle;         ///< [rad] of the shaft
  double speed;         ///< [rad/s] of the shaft
  double current;       ///< [A] in the winding
  double voltage;       ///< [V] at the winding: p + i + d, cut at the supply
  double torque;        ///< [N m] that the current gives
  double error;         ///< [rad] reference - angle
  double p;             ///< [V] kp * error
  double i;             ///< [V] the integral of ki * error
  double d;             ///< [V] -kd * the filtered speed
  float lateness;       ///< [us] how long after the scheduled instant the step really ran
  enum motor_mode mode; ///< of the reference
  bool saturated;       ///< the voltage is cut at the supply
  bool testing;         ///< a step response is being measured and gives the reference
};

/* The controller. [@parameter gains] */
struct motor_gains {
  double kp; ///< [V/rad] [@range 0, 50] [@step 0.1] [@default 2] volts for each radian of error
  double ki; ///< [V/(rad s)] [@range 0, 100] [@step 0.1] [@default 0.5] removes an error that lasts
  double kd; ///< [V s/rad] [@range 0, 2] [@step 0.01] [@default 0.1] damping: volts for each rad/s
};

/* What the shaft should do. [@parameter reference] */
struct motor_reference {
  enum motor_mode mode; ///< [@default 2] the form of the movement
  double amplitude;     ///< [rad] [@range -6.3, 6.3] [@step 0.1] [@default 1] how far
  double frequency;     ///< [Hz] [@range 0.05, 20] [@step 0.05] [@default 1] how often
};

/* What hangs on the shaft. [@parameter load] */
struct motor_load {
  double torque;  ///< [N m] [@range -0.3, 0.3] [@step 0.01] [@default 0] positive: turns the shaft back
  double inertia; ///< [kg m^2] [@range 0, 0.002] [@step 0.00001] [@default 0.00015] beside the rotor's own
};

#define MOTOR_STEP_SAMPLES 200

/* Measures how the motor answers a jump of the reference. [@service step_response request] */
struct motor_step_request {
  double amplitude;     ///< [rad] [@range -6.3, 6.3] [@step 0.1] [@default 1] height of the jump, not 0
  uint32_t duration_ms; ///< [ms] [@range 200, 5000] [@step 100] [@default 1000] how long to watch after it
};

/* What was seen; NaN where it did not happen in the time. [@service step_response reply] */
struct motor_step_reply {
  double baseline;                   ///< [rad] the angle before the jump
  double rise_time;                  ///< [ms] from 10 % to 90 % of the jump
  double overshoot;                  ///< [%] how far beyond the jump the angle went
  double settling_time;              ///< [ms] after which the angle stayed within 2 % of the jump
  double steady_state_error;         ///< [rad] what was missing on average in the last tenth of the time
  double sample_interval;            ///< [ms] between two of the samples
  float samples[MOTOR_STEP_SAMPLES]; ///< [rad] the angle above the baseline, the first at the jump
};

/* Puts the shaft back to angle 0 at rest; the parameters stay as they are. [@service reset reply] */
struct motor_reset_reply {
  double angle; ///< [rad] where the shaft stood
};

#endif
