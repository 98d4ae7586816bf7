/* SPDX-License-Identifier: MIT
 *
 * A number of a JSON text, in whatever order and among whatever else; and texts that are none.
 */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <structwire/structwire.h>

static double number(const char *text, const char *field) {
  double value = -12345;
  const int found = sw_json_number(text, field, &value);
  CHECK(found != 0 || value == -12345);
  return found != 0 ? value : (double)NAN;
}

static void finds_numbers_in_any_order_among_anything(void) {
  static const char text[] = " { \"t\" : 1763635200.123 ,\"x\":-0.5,\n\"y\":1e-3,\"z\":2E+2, \"n\":0 }";
  CHECK(number(text, "t") == 1763635200.123 && number(text, "x") == -0.5);
  CHECK(number(text, "y") == 1e-3 && number(text, "z") == 200 && number(text, "n") == 0);
  static const char nested[] = "{\"a\":{\"x\":1,\"s\":\"}\\\"\"},\"b\":[[{\"x\":2}],\"]\"],\"c\":\"\\\\\","
                               "\"xx\":3,\"\\u0078\":4,\"x\":5,\"x\":6}";
  CHECK(number(nested, "x") == 5 && number(nested, "xx") == 3);
}

static void finds_nothing_in_what_is_none(void) {
  static const char *const texts[] = {"",
                                      "{",
                                      "{}",
                                      "[]",
                                      "1",
                                      "{\"x\"",
                                      "{\"x\":",
                                      "{\"x\":1",
                                      "{x:1}",
                                      "{\"x\" 1}",
                                      "{\"x\":\"1\"}",
                                      "{\"x\":null}",
                                      "{\"x\":true}",
                                      "{\"x\":[1]}",
                                      "{\"x\":-}",
                                      "{\"x\":.5}",
                                      "{\"x\":1x}",
                                      "{\"y\":\"x",
                                      "{\"y\":\"\\",
                                      "{\"y\":[1,2",
                                      "{\"y\":1;\"x\":2}",
                                      "{\"x\":1e}"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    CHECK(isnan(number(texts[i], "x")));
  CHECK(number("{\"\":7}", "") == 7);
}

/* Within a unit in the last place of what the C library reads; the same where digits and exponent are small.
 */
static void reads_what_the_library_reads(void) {
  unsigned seed = 1;
  for (int i = 0; i < 200000; i++) {
    char text[64];
    char object[80];
    seed = seed * 1664525u + 1013904223u;
    const int digits = (int)(seed >> 8) % 19;
    seed = seed * 1664525u + 1013904223u;
    const double wanted = ((double)seed - 2e9) * pow(10, (int)(seed >> 16) % 200 - 100);
    (void)snprintf(text, sizeof text, i % 2 == 0 ? "%.*e" : "%.*g", digits, wanted);
    (void)snprintf(object, sizeof object, "{\"x\":%s}", text);
    const double exact = strtod(text, NULL);
    CHECK(fabs(number(object, "x") - exact) <= fabs(exact) * 1e-15);
  }
  CHECK(number("{\"x\":0e400}", "x") == 0 && number("{\"x\":1e400}", "x") > 1e308 &&
        number("{\"x\":1e-400}", "x") == 0);
  CHECK(number("{\"x\":1e-99999999999}", "x") == 0 && number("{\"x\":5e-324}", "x") > 0);
  CHECK(number("{\"x\":123456789012345678901234567890}", "x") > 1.2e29);
  CHECK(number("{\"x\":0.000000000000000000000000000001}", "x") > 0.9e-30);
}

int main(void) {
  finds_numbers_in_any_order_among_anything();
  finds_nothing_in_what_is_none();
  reads_what_the_library_reads();
  return 0;
}
