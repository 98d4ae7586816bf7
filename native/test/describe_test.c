/* SPDX-License-Identifier: MIT
 *
 * Types that describe themselves: the same schema and tables as from `structwire gen`, and an error for what
 * is malformed.
 */
#include "bridge.h"
#include "check.h"
#include "describe/schema.h"
#include "described.schema.h"
#include "described_schemas.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <structwire/describe.h>

static void check_field(const sw_field *made, const sw_field *generated) {
  CHECK(strcmp(made->path, generated->path) == 0);
  CHECK(made->offset == generated->offset && made->scalar == generated->scalar);
  CHECK(made->flags == generated->flags);
  CHECK(made->bit_bytes == generated->bit_bytes && made->bit_shift == generated->bit_shift &&
        made->bit_width == generated->bit_width);
  CHECK(made->rank == generated->rank);
  CHECK(memcmp(made->dims, generated->dims, sizeof made->dims) == 0);
  CHECK(memcmp(made->strides, generated->strides, sizeof made->strides) == 0);
  CHECK(made->min == generated->min && made->max == generated->max);
}

static void check_type(const sw_type *made, const sw_type *generated) {
  CHECK(strcmp(made->name, generated->name) == 0);
  CHECK(made->size == generated->size && made->describe == NULL);
  CHECK(made->field_count == generated->field_count && made->pad_count == generated->pad_count);
  for (uint32_t i = 0; i < made->field_count; i++)
    check_field(&made->fields[i], &generated->fields[i]);
  for (uint32_t i = 0; i < made->pad_count; i++) {
    CHECK(made->pads[i].offset == generated->pads[i].offset);
    CHECK(made->pads[i].length == generated->pads[i].length);
  }
}

/* Blob and tables are those of the generator, which the compiler's debug information gave. */
static void is_what_gen_makes(const sw_schema *schema) {
  sw_described_schema made = {0};
  char reason[256];
  const sw_status status = sw_described_schema_init(&made, schema, reason);
  if (status != SW_OK)
    (void)fprintf(stderr, "%s\n", reason);
  CHECK(status == SW_OK);
  if (made.schema.blob_size != described_schema.blob_size ||
      memcmp(made.schema.blob, described_schema.blob, made.schema.blob_size) != 0)
    (void)fprintf(stderr, "%.*s", (int)made.schema.blob_size, (const char *)made.schema.blob);
  CHECK(made.schema.blob_size == described_schema.blob_size);
  CHECK(memcmp(made.schema.blob, described_schema.blob, made.schema.blob_size) == 0);
  CHECK(made.schema.type_count == described_schema.type_count);
  for (uint32_t i = 0; i < made.schema.type_count; i++)
    check_type(made.schema.types[i], described_schema.types[i]);
  sw_described_schema_fini(&made);
}

static void speaks_no_language(void) {
  /* Where there is no German the test says nothing new. */
  const char *before = setlocale(LC_ALL, "de_DE.UTF-8"); // NOLINT(concurrency-mt-unsafe): the only thread
  is_what_gen_makes(described_c_schema());
  CHECK(sw_schema_check(described_c_schema(), NULL) == SW_OK);
  if (before != NULL)
    (void)setlocale(LC_ALL, "C"); // NOLINT(concurrency-mt-unsafe)
}

/* ---- What is malformed ---- */

enum small { SMALL_ONE = 1 };
SW_ENUM(small, "", SW_LABEL(SMALL_ONE, "one"));

struct one {
  float f;
  uint8_t raw[4];
  int8_t i;
  uint8_t end;
};
struct other {
  struct one one;
};

#define WITH_FIELD(name, member, text)                                                                       \
  SW_STRUCT_AS(struct one, name, "", SW_FIELD(member, text));                                                \
  SW_SCHEMA(name, &name##_type)

WITH_FIELD(open, f, "[@range 0, 1");
WITH_FIELD(unnamed, f, "[@ 1]");
WITH_FIELD(half, f, "[@range 1]");
WITH_FIELD(empty, f, "[@step]");
WITH_FIELD(words, f, "[@range low, 5]");
WITH_FIELD(backwards, f, "[@range 5, 1]");
WITH_FIELD(outside, f, "[@range 0, 1] [@default 2]");
WITH_FIELD(still, f, "[@step 0]");
WITH_FIELD(large, i, "[@range 0, 128]");
WITH_FIELD(fraction, i, "[@default 1.5]");
WITH_FIELD(endless, i, "[@default inf]");
WITH_FIELD(bytes, f, "[@bytes]");
WITH_FIELD(role, f, "[@channel state]");
WITH_FIELD(labels, i, "[@enum small]");
WITH_FIELD(latin, f, "caf\xe9");
WITH_FIELD(time, raw, "[@time]");
WITH_FIELD(invalid, i, "[@invalid NaN]");
WITH_FIELD(counted, raw, "[@count f]");
WITH_FIELD(renamed, f, "[@was f]");
WITH_FIELD(old, f, "[@was a b]");
WITH_FIELD(u8, f, "");
WITH_FIELD(element, raw[1], "");

SW_STRUCT_AS(struct one, twice, "", SW_FIELD(f), SW_FIELD(f));
SW_SCHEMA(twice, &twice_type);
SW_STRUCT_AS(struct one, limited, "[@range 0, 1]", SW_FIELD(f));
SW_SCHEMA(limited, &limited_type);
SW_STRUCT_AS(struct one, nameless, "[@channel not a name]", SW_FIELD(f));
SW_SCHEMA(nameless, &nameless_type);
SW_STRUCT_AS(struct one, first, "[@channel same]", SW_FIELD(f));
SW_STRUCT_AS(struct one, second, "[@channel same]", SW_FIELD(f));
SW_SCHEMA(same_role, &first_type, &second_type);
SW_SCHEMA(listed_twice, &first_type, &first_type);
SW_SCHEMA(no_message, &small_type);
SW_STRUCT(one, "[@channel inner]", SW_FIELD(f));
SW_STRUCT(other, "", SW_FIELD_OF(one, one));
SW_SCHEMA(unlisted, &other_type);
SW_STRUCT_AS(struct other, around, "", SW_FIELD_OF(one, one, "[@range 0, 1]"));
SW_SCHEMA(ranged, &around_type, &one_type);
struct bits {
  unsigned wide : 20;
};
SW_STRUCT(bits, "", SW_BITS(wide, uint8_t));
SW_SCHEMA(bits, &bits_type);
SW_SCHEMA(mixed, &one_type, &gains_type);

static void says_what_is_malformed(void) {
  static const struct {
    const sw_schema *schema;
    const char *reason;
  } cases[] = {
      {&open_schema, "open.f: an annotation is not closed or has no name"},
      {&unnamed_schema, "unnamed.f: an annotation is not closed or has no name"},
      {&half_schema, "half.f: [@range 1] is not understood; write [@range LEAST, GREATEST]"},
      {&empty_schema, "empty.f: [@step] is not understood; write [@step SIZE]"},
      {&words_schema, "words.f: [@range]: \"low\" is no value of it (f32)"},
      {&backwards_schema, "backwards.f: [@range 5, 1] holds no value"},
      {&outside_schema, "outside.f: [@default 2] is outside of the range"},
      {&still_schema, "still.f: [@step 0] is no step"},
      {&large_schema, "large.i: [@range]: \"128\" is no value of it (i8)"},
      {&fraction_schema, "fraction.i: [@default]: \"1.5\" is no value of it (i8)"},
      {&endless_schema, "endless.i: [@default]: \"inf\" is no value of it (i8)"},
      {&bytes_schema, "bytes.f: [@bytes]: it is no array of bytes"},
      {&role_schema, "role.f: channel \"state\" belongs in the text of a struct"},
      {&labels_schema, "labels.i: [@enum small] is not understood; write SW_FIELD_OF(MEMBER, NAME, TEXT)"},
      {&latin_schema, "latin.f: the text is not UTF-8"},
      {&time_schema, "time.raw: [@time]: it is no number"},
      {&invalid_schema, "invalid.i: [@invalid]: \"NaN\" is no value of it (i8)"},
      {&counted_schema, "counted.raw: [@count f]: the struct has no such member"},
      {&renamed_schema, "renamed.f: [@was f]: the struct still has that member"},
      {&old_schema, "old.f: [@was a b] is not understood; write [@was OLD_NAME]"},
      {&u8_schema, "u8: is the name of a number in schemas"},
      {&element_schema, "element.raw[1]: the name has to be that of one member"},
      {&twice_schema, "twice.f: is listed twice"},
      {&limited_schema, "limited: limits, defaults and kinds belong in the texts of fields"},
      {&nameless_schema, "nameless: [@channel not a name] is not understood; write [@channel NAME]"},
      {&same_role_schema, "second: channel \"same\" is already \"first\""},
      {&listed_twice_schema, "first: is listed twice"},
      {&no_message_schema, "small: is an enum and no message"},
      {&unlisted_schema, "one: has a role, but SW_SCHEMA does not list it"},
      {&ranged_schema, "around.one: is a struct: limits, defaults and kinds belong on its fields"},
      {&bits_schema, "bits.wide: is no bitfield of the type that is named"},
      {&mixed_schema, "the schema: a type of structwire gen cannot be among those that are described"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char reason[256];
    CHECK(sw_schema_check(cases[i].schema, reason) == SW_INVALID_ARGUMENT);
    if (strcmp(reason, cases[i].reason) != 0)
      (void)fprintf(stderr, "said: %s\nmeant: %s\n", reason, cases[i].reason);
    CHECK(strcmp(reason, cases[i].reason) == 0);
  }
  sw_driver *driver = NULL;
  const sw_driver_options options = {.name = "test", .schema = &open_schema};
  CHECK(sw_driver_create(&options, &driver) == SW_INVALID_ARGUMENT && driver == NULL);
  char reason[256];
  CHECK(sw_schema_check(NULL, reason) == SW_INVALID_ARGUMENT);
  CHECK(sw_schema_check(&described_schema, reason) == SW_OK && reason[0] == '\0');
}

/* ---- In a driver ---- */

static void is_used_like_a_generated_schema(void) {
  make_runtime_folder();
  sw_driver *driver;
  sw_channel *channel;
  const sw_driver_options options = {.name = "test", .schema = described_c_schema()};
  CHECK(sw_driver_create(&options, &driver) == SW_OK);
  /* By what the macros made, by the driver's own table, or by that of gen: the name counts. */
  CHECK(sw_advertise(driver, "a", described_c_schema()->types[0], NULL, &channel) == SW_OK);
  CHECK(sw_advertise(driver, "b", &everything_type, NULL, &channel) == SW_OK);
  CHECK(sw_advertise(driver, "c", &small_type, NULL, &channel) == SW_INVALID_ARGUMENT);
  struct {
    float kp, ki;
  } gains = {.kp = 51};
  const sw_type *type = described_c_schema()->types[2];
  CHECK(sw_parameter_declare(driver, "gains", type, &gains, NULL, NULL) == SW_OUT_OF_RANGE);
  gains.kp = 50;
  CHECK(sw_parameter_declare(driver, "gains", type, &gains, NULL, NULL) == SW_OK);
  sw_driver_destroy(driver);
  remove_runtime_folder();
}

int main(void) {
  is_what_gen_makes(described_c_schema());
  is_what_gen_makes(described_cpp_schema());
  speaks_no_language();
  says_what_is_malformed();
  is_used_like_a_generated_schema();
  return 0;
}
