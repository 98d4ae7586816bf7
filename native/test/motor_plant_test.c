/* SPDX-License-Identifier: MIT
 *
 * The simulated motor obeys its equations: top speed, friction, load, and coming to rest.
 */
#include <math.h>

#include "check.h"
#include "motor/plant.h"

static const struct motor_load FREE = {.torque = 0, .inertia = 1.5e-4};
static const double MS = 1e-3;

static bool near(double value, double wanted, double tolerance) {
  return fabs(value - wanted) <= tolerance;
}

static void reaches_the_speed_that_the_voltage_allows(void) {
  struct plant plant = {0};
  for (int ms = 0; ms < 3000; ms++)
    plant_advance(&plant, &FREE, PLANT_SUPPLY_VOLTS, MS);
  /* At rest of the current: u = R i + Ke w and Kt i = B w + Tc. */
  double speed = (12 * 0.05 - 1.2 * 1e-3) / (0.05 * 0.05 + 1.2 * 2e-5);
  CHECK(near(plant.speed, speed, 1e-4) && speed < PLANT_TOP_SPEED);
  CHECK(near(plant_torque(&plant), 2e-5 * speed + 1e-3, 1e-6));
}

static void stays_at_rest_below_its_friction(void) {
  struct plant plant = {0};
  for (int ms = 0; ms < 1000; ms++)
    plant_advance(&plant, &FREE, 0.02, MS); /* 0.83 mN m at stall */
  CHECK(plant.speed == 0 && plant.angle == 0 && near(plant.current, 0.02 / 1.2, 1e-9));
}

static void coasts_to_a_stand(void) {
  struct plant plant = {.speed = 50, .current = 3};
  double before = plant.speed;
  for (int ms = 0; ms < 20000; ms++) {
    plant_coast(&plant, &FREE, MS);
    CHECK(plant.current == 0 && plant.speed <= before && plant.speed >= 0);
    before = plant.speed;
  }
  CHECK(plant.speed == 0 && plant.angle > 0);
}

static void is_turned_back_by_a_load(void) {
  struct plant plant = {0};
  const struct motor_load hanging = {.torque = 0.05, .inertia = 1.5e-4};
  plant_coast(&plant, &hanging, MS);
  /* 1 ms of (0.05 - 0.001) N m on 1.8e-4 kg m^2 */
  CHECK(near(plant.speed, -0.049 / 1.8e-4 * MS, 1e-3));
  for (int ms = 0; ms < 3000; ms++)
    plant_advance(&plant, &hanging, 0.05 * 1.2 / 0.05,
                  MS); /* the voltage whose torque at stall holds the load */
  CHECK(near(plant.speed, 0, 0.05));
}

static void is_the_same_in_both_directions(void) {
  struct plant forth = {0}, back = {0};
  for (int ms = 0; ms < 300; ms++) {
    plant_advance(&forth, &FREE, 5, MS);
    plant_advance(&back, &FREE, -5, MS);
  }
  CHECK(forth.angle > 1 && forth.angle == -back.angle && forth.speed == -back.speed);
}

static void stays_finite_without_load_inertia(void) {
  struct plant plant = {0};
  const struct motor_load bare = {.torque = -0.3, .inertia = 0};
  for (int ms = 0; ms < 5000; ms++)
    plant_advance(&plant, &bare, ms % 2 == 0 ? PLANT_SUPPLY_VOLTS : -PLANT_SUPPLY_VOLTS, MS);
  CHECK(isfinite(plant.angle) && isfinite(plant.speed) && isfinite(plant.current));
}

int main(void) {
  reaches_the_speed_that_the_voltage_allows();
  stays_at_rest_below_its_friction();
  coasts_to_a_stand();
  is_turned_back_by_a_load();
  is_the_same_in_both_directions();
  stays_finite_without_load_inertia();
  return 0;
}
