// Written by structwire gen from motor.h; changes here are lost.

/** What the reference angle does. */
export type MotorMode =
  | "OFF"
  | "STEP"
  | "SINE"
  | "SQUARE"
  | "TRIANGLE";

/** One step of the control loop: what was measured at the sample's time, and the voltage until the next one. The time is the scheduled instant, exactly 1 ms after the one before. */
export interface MotorState {
  /**
   * the angle that is wanted
   *
   * Unit: rad.
   */
  reference: number;
  /**
   * of the shaft
   *
   * Unit: rad.
   */
  angle: number;
  /**
   * of the shaft
   *
   * Unit: rad/s.
   */
  speed: number;
  /**
   * in the winding
   *
   * Unit: A.
   */
  current: number;
  /**
   * at the winding: p + i + d, cut at the supply
   *
   * Unit: V.
   */
  voltage: number;
  /**
   * that the current gives
   *
   * Unit: N m.
   */
  torque: number;
  /**
   * reference - angle
   *
   * Unit: rad.
   */
  error: number;
  /**
   * kp * error
   *
   * Unit: V.
   */
  p: number;
  /**
   * the integral of ki * error
   *
   * Unit: V.
   */
  i: number;
  /**
   * -kd * the filtered speed
   *
   * Unit: V.
   */
  d: number;
  /**
   * how long after the scheduled instant the step really ran
   *
   * Unit: us.
   */
  lateness: number;
  /** of the reference */
  mode: MotorMode | number;
  /** the voltage is cut at the supply */
  saturated: boolean;
  /** a step response is being measured and gives the reference */
  testing: boolean;
}

/** The controller. */
export interface MotorGains {
  /**
   * volts for each radian of error
   *
   * Unit: V/rad.
   *
   * Range: 0 to 50.
   *
   * Step: 0.1.
   *
   * Default: 2.
   */
  kp: number;
  /**
   * removes an error that lasts
   *
   * Unit: V/(rad s).
   *
   * Range: 0 to 100.
   *
   * Step: 0.1.
   *
   * Default: 0.5.
   */
  ki: number;
  /**
   * damping: volts for each rad/s
   *
   * Unit: V s/rad.
   *
   * Range: 0 to 2.
   *
   * Step: 0.01.
   *
   * Default: 0.1.
   */
  kd: number;
}

/** What the shaft should do. */
export interface MotorReference {
  /**
   * the form of the movement
   *
   * Default: SINE.
   */
  mode: MotorMode | number;
  /**
   * how far
   *
   * Unit: rad.
   *
   * Range: -6.3 to 6.3.
   *
   * Step: 0.1.
   *
   * Default: 1.
   */
  amplitude: number;
  /**
   * how often
   *
   * Unit: Hz.
   *
   * Range: 0.05 to 20.
   *
   * Step: 0.05.
   *
   * Default: 1.
   */
  frequency: number;
}

/** What hangs on the shaft. */
export interface MotorLoad {
  /**
   * positive: turns the shaft back
   *
   * Unit: N m.
   *
   * Range: -0.3 to 0.3.
   *
   * Step: 0.01.
   *
   * Default: 0.
   */
  torque: number;
  /**
   * beside the rotor's own
   *
   * Unit: kg m^2.
   *
   * Range: 0 to 0.002.
   *
   * Step: 0.00001.
   *
   * Default: 0.00015.
   */
  inertia: number;
}

/** Measures how the motor answers a jump of the reference. */
export interface MotorStepRequest {
  /**
   * height of the jump, not 0
   *
   * Unit: rad.
   *
   * Range: -6.3 to 6.3.
   *
   * Step: 0.1.
   *
   * Default: 1.
   */
  amplitude: number;
  /**
   * how long to watch after it
   *
   * Unit: ms.
   *
   * Range: 200 to 5000.
   *
   * Step: 100.
   *
   * Default: 1000.
   */
  duration_ms: number;
}

/** What was seen; NaN where it did not happen in the time. */
export interface MotorStepReply {
  /**
   * the angle before the jump
   *
   * Unit: rad.
   */
  baseline: number;
  /**
   * from 10 % to 90 % of the jump
   *
   * Unit: ms.
   */
  rise_time: number;
  /**
   * how far beyond the jump the angle went
   *
   * Unit: %.
   */
  overshoot: number;
  /**
   * after which the angle stayed within 2 % of the jump
   *
   * Unit: ms.
   */
  settling_time: number;
  /**
   * what was missing on average in the last tenth of the time
   *
   * Unit: rad.
   */
  steady_state_error: number;
  /**
   * between two of the samples
   *
   * Unit: ms.
   */
  sample_interval: number;
  /**
   * the angle above the baseline, the first at the jump
   *
   * Unit: rad.
   */
  samples: number[];
}

/** Puts the shaft back to angle 0 at rest; the parameters stay as they are. */
export interface MotorResetReply {
  /**
   * where the shaft stood
   *
   * Unit: rad.
   */
  angle: number;
}

/** Columns of {@link MotorState} by the path of their field. */
export interface MotorStateColumns {
  /**
   * the angle that is wanted
   *
   * Unit: rad.
   */
  reference: Float64Array;
  /**
   * of the shaft
   *
   * Unit: rad.
   */
  angle: Float64Array;
  /**
   * of the shaft
   *
   * Unit: rad/s.
   */
  speed: Float64Array;
  /**
   * in the winding
   *
   * Unit: A.
   */
  current: Float64Array;
  /**
   * at the winding: p + i + d, cut at the supply
   *
   * Unit: V.
   */
  voltage: Float64Array;
  /**
   * that the current gives
   *
   * Unit: N m.
   */
  torque: Float64Array;
  /**
   * reference - angle
   *
   * Unit: rad.
   */
  error: Float64Array;
  /**
   * kp * error
   *
   * Unit: V.
   */
  p: Float64Array;
  /**
   * the integral of ki * error
   *
   * Unit: V.
   */
  i: Float64Array;
  /**
   * -kd * the filtered speed
   *
   * Unit: V.
   */
  d: Float64Array;
  /**
   * how long after the scheduled instant the step really ran
   *
   * Unit: us.
   */
  lateness: Float32Array;
  /** of the reference */
  mode: Uint32Array;
  /** the voltage is cut at the supply */
  saturated: Uint8Array;
  /** a step response is being measured and gives the reference */
  testing: Uint8Array;
}

/** Columns of {@link MotorGains} by the path of their field. */
export interface MotorGainsColumns {
  /**
   * volts for each radian of error
   *
   * Unit: V/rad.
   */
  kp: Float64Array;
  /**
   * removes an error that lasts
   *
   * Unit: V/(rad s).
   */
  ki: Float64Array;
  /**
   * damping: volts for each rad/s
   *
   * Unit: V s/rad.
   */
  kd: Float64Array;
}

/** Columns of {@link MotorReference} by the path of their field. */
export interface MotorReferenceColumns {
  /** the form of the movement */
  mode: Uint32Array;
  /**
   * how far
   *
   * Unit: rad.
   */
  amplitude: Float64Array;
  /**
   * how often
   *
   * Unit: Hz.
   */
  frequency: Float64Array;
}

/** Columns of {@link MotorLoad} by the path of their field. */
export interface MotorLoadColumns {
  /**
   * positive: turns the shaft back
   *
   * Unit: N m.
   */
  torque: Float64Array;
  /**
   * beside the rotor's own
   *
   * Unit: kg m^2.
   */
  inertia: Float64Array;
}

/** Columns of {@link MotorStepRequest} by the path of their field. */
export interface MotorStepRequestColumns {
  /**
   * height of the jump, not 0
   *
   * Unit: rad.
   */
  amplitude: Float64Array;
  /**
   * how long to watch after it
   *
   * Unit: ms.
   */
  duration_ms: Uint32Array;
}

/** Columns of {@link MotorStepReply} by the path of their field. */
export interface MotorStepReplyColumns {
  /**
   * the angle before the jump
   *
   * Unit: rad.
   */
  baseline: Float64Array;
  /**
   * from 10 % to 90 % of the jump
   *
   * Unit: ms.
   */
  rise_time: Float64Array;
  /**
   * how far beyond the jump the angle went
   *
   * Unit: %.
   */
  overshoot: Float64Array;
  /**
   * after which the angle stayed within 2 % of the jump
   *
   * Unit: ms.
   */
  settling_time: Float64Array;
  /**
   * what was missing on average in the last tenth of the time
   *
   * Unit: rad.
   */
  steady_state_error: Float64Array;
  /**
   * between two of the samples
   *
   * Unit: ms.
   */
  sample_interval: Float64Array;
  /**
   * the angle above the baseline, the first at the jump
   *
   * Unit: rad.
   */
  samples: Float32Array;
}

/** Columns of {@link MotorResetReply} by the path of their field. */
export interface MotorResetReplyColumns {
  /**
   * where the shaft stood
   *
   * Unit: rad.
   */
  angle: Float64Array;
}

/** What a driver of this header has: channels, parameters and services by name. */
export interface Motor {
  channels: {
    state: { value: MotorState; columns: MotorStateColumns };
  };
  parameters: {
    gains: MotorGains;
    reference: MotorReference;
    load: MotorLoad;
  };
  services: {
    step_response: { request: MotorStepRequest; reply: MotorStepReply };
    reset: { request: Record<string, never>; reply: MotorResetReply };
  };
}
