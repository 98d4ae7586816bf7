// SPDX-License-Identifier: MIT
// Orientations as unit quaternions: from the angles that browsers give, and from a pointer that turns a picture.

/** A turn of the device against the earth (x east, y north, z up): the vector part and the scalar part, of length 1 together. */
export interface Quaternion {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly w: number;
}

/** Flat on a table, top to the north. */
export const LEVEL: Quaternion = { x: 0, y: 0, z: 0, w: 1 };

const HALF_DEGREE = Math.PI / 360;

/** From the angles of a `deviceorientation` event in degrees: `alpha` about z, then `beta` about the x so turned, then `gamma` about the y so turned. */
export function fromAngles(alpha: number, beta: number, gamma: number): Quaternion {
  const [sx, cx] = [Math.sin(beta * HALF_DEGREE), Math.cos(beta * HALF_DEGREE)];
  const [sy, cy] = [Math.sin(gamma * HALF_DEGREE), Math.cos(gamma * HALF_DEGREE)];
  const [sz, cz] = [Math.sin(alpha * HALF_DEGREE), Math.cos(alpha * HALF_DEGREE)];
  return {
    x: sx * cy * cz - cx * sy * sz,
    y: cx * sy * cz + sx * cy * sz,
    z: cx * cy * sz + sx * sy * cz,
    w: cx * cy * cz - sx * sy * sz,
  };
}

/** First the turn `b`, then the turn `a`. */
export function product(a: Quaternion, b: Quaternion): Quaternion {
  return {
    x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
    y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
    z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
    w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
  };
}

/** A turn by `degrees` about the axis x, y or z. */
export function about(axis: "x" | "y" | "z", degrees: number): Quaternion {
  return { ...LEVEL, [axis]: Math.sin(degrees * HALF_DEGREE), w: Math.cos(degrees * HALF_DEGREE) };
}

/** The same turn with its length made 1 again, after many products. */
export function unit({ x, y, z, w }: Quaternion): Quaternion {
  const length = Math.hypot(x, y, z, w);
  return length > 0 ? { x: x / length, y: y / length, z: z / length, w: w / length } : LEVEL;
}

/** The turn as a CSS transform of a picture that lies in the plane of the screen: CSS has its y axis down. */
export function cssTransform({ x, y, z, w }: Quaternion): string {
  const columns = [
    [1 - 2 * (y * y + z * z), -2 * (x * y + z * w), 2 * (x * z - y * w), 0],
    [-2 * (x * y - z * w), 1 - 2 * (x * x + z * z), -2 * (y * z + x * w), 0],
    [2 * (x * z + y * w), -2 * (y * z - x * w), 1 - 2 * (x * x + y * y), 0],
    [0, 0, 0, 1],
  ];
  return `matrix3d(${columns
    .flat()
    .map((number) => number.toFixed(6))
    .join(",")})`;
}
