/* SPDX-License-Identifier: MIT
 *
 * Structs with every kind of member and annotation, as `structwire gen` reads them. C11 and C++17.
 */
#ifndef TEST_DESCRIBED_H
#define TEST_DESCRIBED_H

#include <stdbool.h>
#include <stdint.h>

/* What a motor does. */
enum motor_mode {
  MODE_OFF,      ///< the shaft "coasts"
  MODE_SINE = 7, ///< swings as a sine
  MODE_LAST
};

enum level { LEVEL_LOW = -3, LEVEL_HIGH = 2000000000 };

/* In the plane. */
struct pose {
  double x, y;   ///< [m] where
  float heading; ///< [rad] [@range -3.1415927, 3.1415927]
};

/* Its union has no name, so that its members are the struct's own. */
struct choice {
  uint8_t kind; ///< [@enum motor_mode]
  union {
    struct pose pose; ///< one
    float raw[5];     ///< [V] other
    char text[20];
  };
};

union both {
  uint32_t word;
  uint16_t halves[2]; ///< low and high
};

#pragma pack(push, 1)
struct tight {
  uint8_t first;
  int64_t second; ///< [@range -9223372036854775808, 9007199254740993] [@default -9007199254740993]
  uint16_t third[1];
};
#pragma pack(pop)

struct flags {
  unsigned low : 3; ///< [@range 1, 6]
  unsigned high : 9;
  int small : 5; ///< [@range -16, 0x7] [@step 2]
  bool on : 1;   ///< [@default true]
  enum motor_mode mode : 4;
  uint64_t wide : 61;
  uint8_t whole : 8;
  unsigned char narrow : 2;
};

/* Everything at once, once a millisecond. [@channel all]
 * [@service snap reply]
 *
 * This paragraph is for the readers of the header. */
struct everything {
  int8_t i8;
  uint8_t u8;       ///< [%] [@range , 100]
  int16_t i16;      ///< [-] no unit
  uint16_t u16;     ///< [1..5] is prose, [@was old_name] [@frame NED]
  int32_t i32;      ///< [@range -1.5, 1.5] [@default 1]
  uint32_t u32;     ///< [@range 0x10, inf] [@step 16]
  int64_t i64;      ///< [@range -inf, 9007199254740991]
  uint64_t u64;     ///< [@range 0, 18446744073709551615]
  float f32;        ///< [m/s] [@range -0.1, 1e-7] [@step 1e21] [@default 1e-8] µ, "quoted" \ back
  double f64;       ///< [µm] [@range -1e300, 123456789012345680000] [@default 5e-324]
  bool yes;         ///< [@default 1]
  bool yeses[2][3]; ///< each
  char letter;
  char name[12];        ///< a text
  char names[3][8];     ///< texts
  uint8_t raw[5];       ///< [@bytes] as they come
  enum motor_mode mode; ///< [@default motor_mode::MODE_SINE] what it does
  enum motor_mode modes[2];
  enum level level;
  int16_t cube[2][3][4]; ///< [V] [@range -5, 5]
  double tensor[1][2][1][2];
  struct pose pose;       ///< [@frame ENU] where it is
  struct pose path[4][2]; ///< where it was
  struct choice choice;
  union both both;
  struct tight tight;
  struct flags flags[1];
  const volatile uint32_t counter; ///< never set
  uint16_t used;                   ///< [@was length]
  int64_t stamp;                   ///< [ns] [@time] [@invalid -1]
  float range[8];                  ///< [m] [@count used] [@invalid nan] [@frame NED] of which some are used
  double depth;                    ///< [@invalid -inf]
  float height;                    ///< [@invalid 0.1]
  enum motor_mode wanted;          ///< [@invalid MODE_LAST]
};

/* With pads it would be CDR. [@channel route] */
struct route {
  struct pose from[3];
  float length;
  struct pose to;
  uint8_t end;
};

/* [@parameter gains] [@service snap request] */
struct gains {
  float kp; ///< [V/rad] [@range 0, 50] [@step 0.1] [@default 2]
  float ki; ///< [V/(rad s)] [@range 0, 100]
};

#endif
