// SPDX-License-Identifier: MIT
// Orientations as quaternions, held against turns that everybody knows.
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import {
  about,
  cssTransform,
  fromAngles,
  LEVEL,
  product,
  unit,
  type Quaternion,
} from "../../../../bridge/pages/sensor/quaternion.ts";
import { Pace, sampleOf } from "../../../../bridge/pages/sensor/reading.ts";

const HALF = Math.SQRT1_2;

function near(found: Quaternion, wanted: Quaternion): void {
  for (const part of ["x", "y", "z", "w"] as const) {
    assert.ok(Math.abs(found[part] - wanted[part]) < 1e-12, `${part} of ${JSON.stringify(found)}`);
  }
}

describe("orientations", () => {
  it("are those of the angles that browsers give", () => {
    near(fromAngles(0, 0, 0), LEVEL);
    near(fromAngles(90, 0, 0), { x: 0, y: 0, z: HALF, w: HALF });
    near(fromAngles(0, 90, 0), { x: HALF, y: 0, z: 0, w: HALF });
    near(fromAngles(0, 0, 90), { x: 0, y: HALF, z: 0, w: HALF });
    near(fromAngles(180, 0, 0), { x: 0, y: 0, z: 1, w: 0 });
    near(fromAngles(90, 90, 0), { x: 0.5, y: 0.5, z: 0.5, w: 0.5 });
  });

  it("turn about z, then the x so turned, then the y so turned, and have length 1", () => {
    const angle = fc.double({ min: -180, max: 360, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, (alpha, beta, gamma) => {
        const found = fromAngles(alpha, beta, gamma);
        near(found, product(product(about("z", alpha), about("x", beta)), about("y", gamma)));
        near(found, unit(found));
      }),
    );
  });

  it("are drawn with the y of a screen, which points down", () => {
    assert.match(cssTransform(LEVEL), /^matrix3d\(1\.0+,-?0\.0+,0\.0+,0\.0+,/);
    const [a = 0, b = 0] =
      cssTransform(about("z", 90))
        .match(/-?[\d.]+(?=[,)])/g)
        ?.slice(0, 2)
        .map(Number) ?? [];
    assert.ok(Math.abs(a) < 1e-6 && Math.abs(b + 1) < 1e-6, "a turn to the left goes up on the screen");
  });
});

describe("samples of sensors", () => {
  it("hold the time, the orientation, and the motion where there is one", () => {
    const still = { acceleration: null, rotation: null };
    assert.deepEqual(sampleOf(5, LEVEL, still, false), { t: 5, ...LEVEL });
    const moving = { acceleration: { x: 1, y: 2, z: 3 }, rotation: null };
    assert.deepEqual(sampleOf(5, LEVEL, moving, true), {
      t: 5,
      ...LEVEL,
      acceleration: moving.acceleration,
      simulated: true,
    });
  });

  it("are sent at most 60 times a second, and each of readings that come 60 times a second", () => {
    const sent = (everyMs: number): number => {
      const pace = new Pace();
      let count = 0;
      for (let ms = 0; ms < 10_000; ms += everyMs) if (pace.isDue(ms)) count++;
      return count;
    };
    assert.ok(
      Math.abs(sent(1) - 600) <= 2 && Math.abs(sent(1000 / 144) - 600) <= 100,
      `${String(sent(1))} ${String(sent(1000 / 144))}`,
    );
    assert.ok(sent(1000 / 60) >= 600);
    assert.equal(sent(100), 100);
  });
});
