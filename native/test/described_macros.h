/* SPDX-License-Identifier: MIT
 *
 * The structs of described.h once more, by macros: the texts are those of the comments there.
 */
#ifndef TEST_DESCRIBED_MACROS_H
#define TEST_DESCRIBED_MACROS_H

#include "described.h"

#include <structwire/describe.h>

SW_ENUM(motor_mode, "What a motor does.", SW_LABEL(MODE_OFF, "the shaft \"coasts\""),
        SW_LABEL(MODE_SINE, "swings as a sine"), SW_LABEL(MODE_LAST));

SW_ENUM(level, "", SW_LABEL(LEVEL_LOW), SW_LABEL(LEVEL_HIGH));

SW_STRUCT(pose, "In the plane.", SW_FIELD(x, "[m] where"), SW_FIELD(y, "[m] where"),
          SW_FIELD(heading, "[rad] [@range -3.1415927, 3.1415927]"));

SW_STRUCT(choice, "Its union has no name, so that its members are the struct's own.",
          SW_FIELD_OF(kind, motor_mode), SW_FIELD_OF(pose, pose, "one"), SW_FIELD(raw, "[V] other"),
          SW_FIELD(text));

SW_UNION(both, "", SW_FIELD(word), SW_FIELD(halves, "low and high"));

SW_STRUCT(tight, "", SW_FIELD(first),
          SW_FIELD(second, "[@range -9223372036854775808, 9007199254740993] [@default -9007199254740993]"),
          SW_FIELD(third));

SW_STRUCT(flags, "", SW_BITS(low, unsigned, "[@range 1, 6]"), SW_BITS(high, unsigned),
          SW_BITS(small, int, "[@range -16, 0x7] [@step 2]"), SW_BITS(on, bool, "[@default true]"),
          SW_BITS_OF(mode, motor_mode), SW_BITS(wide, uint64_t), SW_BITS(whole, uint8_t),
          SW_BITS(narrow, unsigned char));

SW_STRUCT(everything,
          "Everything at once, once a millisecond. [@channel all] [@service snap reply]\n\n"
          "This paragraph is for the readers of the header.",
          SW_FIELD(i8), SW_FIELD(u8, "[%] [@range , 100]"), SW_FIELD(i16, "[-] no unit"),
          SW_FIELD(u16, "[1..5] is prose, [@was old_name] [@frame NED]"),
          SW_FIELD(i32, "[@range -1.5, 1.5] [@default 1]"), SW_FIELD(u32, "[@range 0x10, inf] [@step 16]"),
          SW_FIELD(i64, "[@range -inf, 9007199254740991]"), SW_FIELD(u64, "[@range 0, 18446744073709551615]"),
          SW_FIELD(f32, "[m/s] [@range -0.1, 1e-7] [@step 1e21] [@default 1e-8] µ, \"quoted\" \\ back"),
          SW_FIELD(f64, "[µm] [@range -1e300, 123456789012345680000] [@default 5e-324]"),
          SW_FIELD(yes, "[@default 1]"), SW_FIELD(yeses, "each"), SW_FIELD(letter), SW_FIELD(name, "a text"),
          SW_FIELD(names, "texts"), SW_FIELD(raw, "[@bytes] as they come"),
          SW_FIELD_OF(mode, motor_mode, "[@default motor_mode::MODE_SINE] what it does"),
          SW_FIELD_OF(modes, motor_mode), SW_FIELD_OF(level, level), SW_FIELD(cube, "[V] [@range -5, 5]"),
          SW_FIELD(tensor), SW_FIELD_OF(pose, pose, "[@frame ENU] where it is"),
          SW_FIELD_OF(path, pose, "where it was"), SW_FIELD_OF(choice, choice), SW_FIELD_OF(both, both),
          SW_FIELD_OF(tight, tight), SW_FIELD_OF(flags, flags), SW_FIELD(counter, "never set"),
          SW_FIELD(used, "[@was length]"), SW_FIELD(stamp, "[ns] [@time] [@invalid -1]"),
          SW_FIELD(range, "[m] [@count used] [@invalid nan] [@frame NED] of which some are used"),
          SW_FIELD(depth, "[@invalid -inf]"), SW_FIELD(height, "[@invalid 0.1]"),
          SW_FIELD_OF(wanted, motor_mode, "[@invalid MODE_LAST]"));

SW_STRUCT(route, "With pads it would be CDR. [@channel route]", SW_FIELD_OF(from, pose), SW_FIELD(length),
          SW_FIELD_OF(to, pose), SW_FIELD(end));

SW_STRUCT(gains, "[@parameter gains] [@service snap request]",
          SW_FIELD(kp, "[V/rad] [@range 0, 50] [@step 0.1] [@default 2]"),
          SW_FIELD(ki, "[V/(rad s)] [@range 0, 100]"));

SW_SCHEMA(described, &everything_type, &route_type, &gains_type);

#endif
