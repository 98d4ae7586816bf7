/* SPDX-License-Identifier: MIT
 *
 * Values: what a mask touches is merged and nothing else, limits hold to the last digit, and the reason names
 * the field. Names: what is one and what is not.
 */
#include "check.h"
#include "messages.h"
#include "name.h"
#include "value.h"

#include <math.h>
#include <string.h>

static char reason[SW_REASON_BYTES];

static bool is_accepted(const struct knobs *knobs) {
  struct knobs all;
  memset(&all, 0xff, sizeof all);
  reason[0] = '\0';
  const sw_status status = sw_value_check(&knobs_type, (const uint8_t *)knobs, (const uint8_t *)&all, reason);
  CHECK(status == SW_OK || (status == SW_OUT_OF_RANGE && reason[0] != '\0'));
  return status == SW_OK;
}

/* Changes one field of good knobs and says whether they are still accepted. */
#define ACCEPTS(change) (knobs = good_knobs(), (void)(change), is_accepted(&knobs))

static void holds_limits_to_the_last_digit(void) {
  struct knobs knobs;
  CHECK(ACCEPTS(knobs.gain = 0) && ACCEPTS(knobs.gain = 10));
  CHECK(!ACCEPTS(knobs.gain = nextafter(10, 11)) && strstr(reason, "gain") != NULL);
  CHECK(!ACCEPTS(knobs.gain = -1e-300));
  CHECK(ACCEPTS(knobs.speed = 0.1f) && ACCEPTS(knobs.speed = -0.1f)); /* 0.1f is above 0.1 */
  CHECK(!ACCEPTS(knobs.speed = nextafterf(0.1f, 1)) && !ACCEPTS(knobs.speed = nextafterf(-0.1f, -1)));
  CHECK(ACCEPTS(knobs.offset = -5) && ACCEPTS(knobs.offset = 5));
  CHECK(!ACCEPTS(knobs.offset = -6) && !ACCEPTS(knobs.offset = 6) && !ACCEPTS(knobs.offset = INT32_MIN));
  CHECK(!ACCEPTS(knobs.huge = 0) && ACCEPTS(knobs.huge = 1));
  CHECK(ACCEPTS(knobs.huge = UINT64_C(9223372036854777856)));
  CHECK(!ACCEPTS(knobs.huge = UINT64_C(9223372036854777857))); /* the same number as a double */
  CHECK(!ACCEPTS(knobs.huge = UINT64_MAX));
  CHECK(ACCEPTS(knobs.deep = -INT64_C(4611686018427387904)));
  CHECK(!ACCEPTS(knobs.deep = -INT64_C(4611686018427387905)));
  CHECK(ACCEPTS(knobs.deep = INT64_MAX));
}

static void holds_bitfields_arrays_and_bools(void) {
  struct knobs knobs;
  CHECK(ACCEPTS(knobs.low = 6) && !ACCEPTS(knobs.low = 7) && strstr(reason, "low = 7") != NULL);
  CHECK(ACCEPTS(knobs.middle = -16) && ACCEPTS(knobs.middle = 10) && !ACCEPTS(knobs.middle = 11));
  CHECK(ACCEPTS(knobs.high = 255));
  for (int i = 0; i < 6; i++) {
    CHECK(ACCEPTS(knobs.items[i / 3][i % 3].level = 100));
    CHECK(!ACCEPTS(knobs.items[i / 3][i % 3].level = 101));
  }
  knobs = good_knobs();
  memset(&knobs.on, 1, 1);
  CHECK(is_accepted(&knobs));
  memset(&knobs.on, 2, 1);
  CHECK(!is_accepted(&knobs) && strstr(reason, "on = 2 is not a bool") != NULL);
}

static void refuses_what_is_not_a_number(void) {
  struct knobs knobs;
  CHECK(!ACCEPTS(knobs.gain = (double)NAN) && strstr(reason, "gain") != NULL);
  CHECK(!ACCEPTS(knobs.gain = (double)INFINITY) && !ACCEPTS(knobs.speed = -INFINITY));
  CHECK(!ACCEPTS(knobs.free = NAN) && !ACCEPTS(knobs.free = INFINITY) && ACCEPTS(knobs.free = 1e30f));
  /* What holds already and is not touched may be without limits. */
  struct knobs none;
  memset(&none, 0, sizeof none);
  knobs = good_knobs();
  knobs.free = INFINITY;
  CHECK(sw_value_check(&knobs_type, (const uint8_t *)&knobs, (const uint8_t *)&none, reason) == SW_OK);
  CHECK(sw_value_check(&knobs_type, (const uint8_t *)&knobs, NULL, reason) == SW_OK);
  knobs.gain = (double)NAN;
  CHECK(sw_value_check(&knobs_type, (const uint8_t *)&knobs, (const uint8_t *)&none, reason) ==
        SW_OUT_OF_RANGE);
}

static void merges_bit_by_bit(void) {
  struct knobs current = good_knobs();
  struct knobs value;
  struct knobs mask;
  memset(&value, 0xff, sizeof value);
  memset(&mask, 0, sizeof mask);
  current.low = 1;
  current.middle = -3;
  current.high = 77;
  value.middle = 4;
  mask.middle = -1;
  struct knobs merged;
  sw_value_merge((uint8_t *)&merged, (const uint8_t *)&current, (const uint8_t *)&value,
                 (const uint8_t *)&mask, sizeof merged);
  CHECK(merged.low == 1 && merged.middle == 4 && merged.high == 77 && merged.gain == 2);
}

static void clears_pads(void) {
  struct knobs knobs;
  memset(&knobs, 0xff, sizeof knobs);
  sw_value_zero_pads(&knobs_type, (uint8_t *)&knobs);
  for (uint32_t i = 0; i < knobs_type.pad_count; i++) {
    for (uint32_t at = 0; at < knobs_type.pads[i].length; at++) {
      CHECK(((const uint8_t *)&knobs)[knobs_type.pads[i].offset + at] == 0);
    }
  }
  CHECK(knobs.items[1][2].level == 255 && knobs.high == 255);
}

static void tells_names_from_other_texts(void) {
  char long_name[300];
  memset(long_name, 'a', sizeof long_name);
  long_name[255] = '\0';
  CHECK(sw_name_is_path(long_name, 255) && !sw_name_is_path(long_name, 254));
  static const char *const good[] = {"a", "motor", "A-Z_0.9", "a/b", "cpu/0/user"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    CHECK(sw_name_is_path(good[i], 255));
  static const char *const bad[] = {"", "/", "/a", "a/", "a//b", "a b", "*", "a/**", "\xc3\xbc", "a\n"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK(!sw_name_is_path(bad[i], 255));
  CHECK(sw_name_is_level("motor", 64) && !sw_name_is_level("a/b", 64) && !sw_name_is_level("", 64));
  long_name[64] = '\0';
  CHECK(sw_name_is_level(long_name, 64) && !sw_name_is_level(long_name, 63));
}

int main(void) {
  holds_limits_to_the_last_digit();
  holds_bitfields_arrays_and_bools();
  refuses_what_is_not_a_number();
  merges_bit_by_bit();
  clears_pads();
  tells_names_from_other_texts();
  return 0;
}
