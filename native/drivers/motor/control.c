/* SPDX-License-Identifier: MIT
 *
 * One step of the control loop, and what can be set and called from outside.
 */
#include "control.h"

#include <math.h>
#include <stdio.h>

#include "motor.schema.h"
#include "waveform.h"

static const double STEP_SECONDS = CONTROL_STEP_NS / 1e9;

enum { REASON_BYTES = 256 }; /* of a check's reason, structwire.h */

/* Limits of single fields are in motor.h and held by the SDK; here is what concerns several of them, or the
 * moment. */
static sw_status check_reference(void *context, const void *value, char *reason) {
  const struct control *control = context;
  const struct motor_reference *wanted = value;
  if (control->test.phase != STEP_IDLE) {
    snprintf(reason, REASON_BYTES, "a step response is being measured for %u ms more",
             step_response_left_ms(&control->test));
    return SW_BUSY;
  }
  if ((unsigned)wanted->mode > TRIANGLE) {
    snprintf(reason, REASON_BYTES, "mode %u is none of OFF, STEP, SINE, SQUARE, TRIANGLE",
             (unsigned)wanted->mode);
    return SW_OUT_OF_RANGE;
  }
  double speed = waveform_speed(wanted);
  if (speed > PLANT_TOP_SPEED) {
    snprintf(reason, REASON_BYTES,
             "this amplitude at this frequency needs %.0f rad/s; the motor turns at most at %.0f rad/s",
             speed, PLANT_TOP_SPEED);
    return SW_REFUSED;
  }
  return SW_OK;
}

static void fail_test(struct control *control, sw_status status, const char *reason) {
  step_response_abandon(&control->test);
  sw_fail(control->driver, control->test_call, status, reason);
  control->test_call = 0;
}

static void run_step_response(void *context, sw_call call, const void *request) {
  struct control *control = context;
  const struct motor_step_request *wanted = request;
  char reason[REASON_BYTES];
  if (control->test.phase != STEP_IDLE) {
    snprintf(reason, sizeof reason, "a step response is being measured for %u ms more; call again then",
             step_response_left_ms(&control->test));
    sw_fail(control->driver, call, SW_BUSY, reason);
  } else if (!(fabs(wanted->amplitude) <= 6.3) || wanted->amplitude == 0) {
    sw_fail(control->driver, call, SW_OUT_OF_RANGE, "amplitude must be from -6.3 to 6.3 rad and not 0");
  } else if (wanted->duration_ms < 200 || wanted->duration_ms > STEP_RESPONSE_MAX_MS) {
    sw_fail(control->driver, call, SW_OUT_OF_RANGE, "duration_ms must be from 200 to 5000");
  } else {
    step_response_begin(&control->test, wanted, control->plant.angle);
    control->test_call = call;
  }
}

static void run_reset(void *context, sw_call call, const void *request) {
  (void)request;
  struct control *control = context;
  if (control->test_call != 0)
    fail_test(control, SW_SERVICE_FAILED, "the motor was reset");
  struct motor_reset_reply reply = {.angle = control->plant.angle};
  control->plant = (struct plant){0};
  control->phase = 0;
  pid_reset(&control->pid);
  sw_reply(control->driver, call, &reply);
}

sw_status control_init(struct control *control, sw_driver *driver) {
  *control = (struct control){
      .driver = driver,
      .gains = {.kp = 2, .ki = 0.5, .kd = 0.1},
      .reference = {.mode = SINE, .amplitude = 1, .frequency = 1},
      .load = {.torque = 0, .inertia = 1.5e-4},
  };
  /* Room for 8 s of samples, should the I/O thread get no processor. */
  const sw_channel_options room = {.ring_samples = 8192};
  sw_status status = sw_advertise(driver, "state", &motor_state_type, &room, &control->state);
  const sw_parameter_options governs = {.channel = control->state};
  const sw_parameter_options checked = {
      .channel = control->state, .check = check_reference, .context = control};
  sw_parameter *parameter;
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "gains", &motor_gains_type, &control->gains, &governs, &parameter);
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "reference", &motor_reference_type, &control->reference, &checked,
                                  &parameter);
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "load", &motor_load_type, &control->load, &governs, &parameter);
  if (status == SW_OK)
    status = sw_service_declare(driver, "step_response", &motor_step_request_type, &motor_step_reply_type,
                                run_step_response, control);
  if (status == SW_OK)
    status = sw_service_declare(driver, "reset", NULL, &motor_reset_reply_type, run_reset, control);
  return status;
}

/* The reference of this step; during a test it is the test's. */
static double wanted_angle(struct control *control) {
  double reference = waveform_at(&control->reference, control->phase);
  if (control->test.phase == STEP_IDLE)
    return control->reference.mode == OFF ? control->plant.angle : reference;
  if (!step_response_advance(&control->test, control->plant.angle, control->plant.speed, &reference))
    return reference;
  struct motor_step_reply reply;
  step_response_result(&control->test, &reply);
  sw_reply(control->driver, control->test_call, &reply);
  control->test_call = 0;
  return reference;
}

void control_step(struct control *control, int64_t scheduled, int64_t now) {
  sw_apply(control->driver);
  sw_serve(control->driver);
  if (control->test_call != 0 && sw_cancelled(control->driver, control->test_call))
    fail_test(control, SW_REFUSED, "the call was cancelled");

  bool testing = control->test.phase != STEP_IDLE;
  bool powered = testing || control->reference.mode != OFF;
  double reference = wanted_angle(control);
  double error = reference - control->plant.angle;
  struct pid_terms terms = {0};
  if (powered)
    terms = pid_step(&control->pid, &control->gains, error, control->plant.angle, PLANT_SUPPLY_VOLTS,
                     STEP_SECONDS);
  else
    pid_reset(&control->pid);

  const struct motor_state state = {
      .reference = reference,
      .angle = control->plant.angle,
      .speed = control->plant.speed,
      .current = control->plant.current,
      .voltage = terms.voltage,
      .torque = plant_torque(&control->plant),
      .error = error,
      .p = terms.p,
      .i = terms.i,
      .d = terms.d,
      .lateness = (float)((double)(now - scheduled) / 1e3),
      .mode = control->reference.mode,
      .saturated = terms.saturated,
      .testing = testing,
  };
  sw_publish_at(control->state, &state,
                scheduled); /* a full ring is counted by the SDK and seen by the reader */

  if (powered)
    plant_advance(&control->plant, &control->load, terms.voltage, STEP_SECONDS);
  else
    plant_coast(&control->plant, &control->load, STEP_SECONDS);
  control->phase = waveform_advance(&control->reference, control->phase, STEP_SECONDS);
}
