// SPDX-License-Identifier: MIT
// The sensors of this device as the browser gives them: permission first, then the best source of orientation there is, and motion beside it.
import { fromAngles, type Quaternion } from "./quaternion.ts";
import { MAX_HZ, type Motion, type Vector } from "./reading.ts";

/** Where an orientation comes from. `absolute`: x points east; `relative`: to where it pointed when the sensor began. */
export type Source = "absolute sensor" | "relative sensor" | "orientation events";

/** Why there is nothing. */
export type Trouble = "insecure" | "denied" | "missing" | "silent";

/** Who hears of it. */
export interface SensorListener {
  orientation(orientation: Quaternion, source: Source): void;
  motion(motion: Motion): void;
}

/** A sensor that says nothing for so long is none. */
const SILENT_MS = 2500;

/** What is used of the Generic Sensor API, which TypeScript's own types of the DOM lack. */
interface OrientationSensor extends EventTarget {
  readonly quaternion: readonly number[] | null;
  start(): void;
  stop(): void;
}

type SensorClass = new (options: {
  readonly frequency: number;
  readonly referenceFrame: "device";
}) => OrientationSensor;

/** Events that iOS gives only after a question that a tap must ask. */
interface AskingEvent {
  requestPermission?(): Promise<"granted" | "denied">;
}

/** Whether the browser would ask the user, so that starting needs a tap. */
export function asksUser(): boolean {
  return asking().length > 0;
}

/**
 * Starts what there is. Must be called from a tap where {@link asksUser}. Resolves with what stops it once the first orientation has come; throws a {@link SensorTrouble}
 * that says why none comes.
 */
export async function startSensors(listener: SensorListener): Promise<() => void> {
  if (!isSecureContext) throw new SensorTrouble("insecure");
  const answers = await Promise.all(asking().map(permissionOf));
  if (answers.includes("denied")) throw new SensorTrouble("denied");
  const stopMotion = followMotion(listener);
  try {
    const stop = await firstThatSpeaks(listener);
    return () => {
      stop();
      stopMotion();
    };
  } catch (thrown) {
    stopMotion();
    throw thrown;
  }
}

/** Why no orientation comes. */
export class SensorTrouble extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

async function firstThatSpeaks(listener: SensorListener): Promise<() => void> {
  const troubles: Trouble[] = [];
  for (const [name, source] of SENSORS) {
    const started = await startGeneric(name, source, listener);
    if (typeof started === "function") return started;
    troubles.push(started);
  }
  const events = await followEvents(listener);
  if (typeof events === "function") return events;
  troubles.push(events);
  const order: readonly Trouble[] = ["denied", "silent", "missing"];
  throw new SensorTrouble(order.find((trouble) => troubles.includes(trouble)) ?? "missing");
}

const SENSORS = [
  ["AbsoluteOrientationSensor", "absolute sensor"],
  ["RelativeOrientationSensor", "relative sensor"],
] as const;

function asking(): AskingEvent[] {
  const classes: unknown[] = [Reflect.get(window, "DeviceOrientationEvent"), Reflect.get(window, "DeviceMotionEvent")];
  return classes.filter((each): each is AskingEvent => typeof each === "function" && "requestPermission" in each);
}

/** All are asked at once: after the first answer the tap would be over. */
async function permissionOf(event: AskingEvent): Promise<"granted" | "denied"> {
  try {
    return (await event.requestPermission?.()) ?? "granted";
  } catch {
    return "denied";
  }
}

/** Resolves with what stops it at its first reading, or with why there is none. */
function startGeneric(name: string, source: Source, listener: SensorListener): Promise<Trouble | (() => void)> {
  const found: unknown = Reflect.get(window, name);
  if (typeof found !== "function") return Promise.resolve("missing");
  return new Promise((resolve) => {
    let sensor: OrientationSensor;
    try {
      sensor = new (found as SensorClass)({ frequency: MAX_HZ, referenceFrame: "device" });
    } catch {
      resolve("missing"); // a policy of the page around this one forbids it
      return;
    }
    const giveUp = (trouble: Trouble): void => {
      clearTimeout(timer);
      sensor.stop();
      resolve(trouble);
    };
    const timer = setTimeout(giveUp, SILENT_MS, "silent");
    sensor.addEventListener("reading", () => {
      const [x, y, z, w] = sensor.quaternion ?? [];
      if (x === undefined || y === undefined || z === undefined || w === undefined) return;
      clearTimeout(timer);
      resolve(() => {
        sensor.stop();
      });
      listener.orientation({ x, y, z, w }, source);
    });
    sensor.addEventListener("error", (event) => {
      const error: unknown = Reflect.get(event, "error");
      giveUp(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "missing");
    });
    sensor.start();
  });
}

function followEvents(listener: SensorListener): Promise<Trouble | (() => void)> {
  if (!("DeviceOrientationEvent" in window)) return Promise.resolve("missing");
  return new Promise((resolve) => {
    const stop = (): void => {
      removeEventListener("deviceorientation", heard);
    };
    const timer = setTimeout(() => {
      stop();
      resolve("silent");
    }, SILENT_MS);
    const heard = ({ alpha, beta, gamma }: DeviceOrientationEvent): void => {
      // Browsers without a sensor send one event of nothing.
      if (beta === null || gamma === null) return;
      clearTimeout(timer);
      resolve(stop);
      listener.orientation(fromAngles(alpha ?? 0, beta, gamma), "orientation events");
    };
    addEventListener("deviceorientation", heard);
  });
}

function followMotion(listener: SensorListener): () => void {
  const heard = ({ acceleration, rotationRate }: DeviceMotionEvent): void => {
    listener.motion({
      acceleration: vectorOf(acceleration?.x, acceleration?.y, acceleration?.z),
      // alpha is the turn about z, beta about x, gamma about y.
      rotation: vectorOf(rotationRate?.beta, rotationRate?.gamma, rotationRate?.alpha),
    });
  };
  addEventListener("devicemotion", heard);
  return () => {
    removeEventListener("devicemotion", heard);
  };
}

function vectorOf(x?: number | null, y?: number | null, z?: number | null): Vector | null {
  return typeof x === "number" && typeof y === "number" && typeof z === "number" ? { x, y, z } : null;
}
