/* SPDX-License-Identifier: MIT
 *
 * The messages of the driver `kettle`: all that a page or notebook knows of it is said here.
 */
#ifndef KETTLE_H
#define KETTLE_H

#include <stdint.h>

enum kettle_heater {
  KETTLE_OFF, ///< cools down by itself
  KETTLE_ON   ///< full power
};

/* Ten times a second. [@channel water] */
struct kettle_water {
  float temperature;         ///< [degC] of the water
  float power;               ///< [W] of the heater
  enum kettle_heater heater; ///< what it does
  uint32_t switched;         ///< how often it was switched
};

/* What the water should be. [@parameter target] */
struct kettle_target {
  float temperature; ///< [degC] [@range 20, 100] [@step 0.5] [@default 60] to keep
  float hysteresis;  ///< [K] [@range 0.1, 5] [@step 0.1] [@default 1] between off and on
};

#endif
