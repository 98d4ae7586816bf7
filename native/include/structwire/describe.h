/* SPDX-License-Identifier: MIT
 *
 * The schema without a generator: the fields of plain structs are listed beside them, and a C compiler is all
 * that is needed. For C11 and C++17 with the extensions of gcc and clang.
 *
 *   struct water {
 *     float temperature;
 *     enum heater heater;
 *   };
 *
 *   SW_ENUM(heater, "",
 *     SW_LABEL(HEATER_OFF, "cools down by itself"),
 *     SW_LABEL(HEATER_ON, "full power"));
 *
 *   SW_STRUCT(water, "Ten times a second. [@channel water]",
 *     SW_FIELD(temperature, "[degC] [@range 0, 100] of the water"),
 *     SW_FIELD_OF(heater, heater, "what it does"));
 *
 *   SW_SCHEMA(kettle, &water_type);
 *
 * gives water_type and kettle_schema, which are used as those of `structwire gen` are. The texts are what gen
 * reads in comments (docs/gen.md): for the same struct the schema is the same. Offsets, sizes and kinds are
 * the compiler's; a wrong name, a pointer or a type that cannot be sent does not compile. The texts are read
 * by sw_driver_create, which refuses what is malformed: sw_schema_check says what it is. What is not listed
 * is not sent: its bytes become zero.
 *
 * Everything here is of static storage and may stand in a header. In a macro's list a text may be left out.
 */
#ifndef STRUCTWIRE_DESCRIBE_H
#define STRUCTWIRE_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

/* SW_STRUCT(NAME, TEXT, FIELDS…): describes `struct NAME`. SW_UNION: `union NAME`, whose fields are
 * alternatives. SW_STRUCT_AS(TYPE, NAME, TEXT, FIELDS…): any type, such as that of a typedef. */
#define SW_STRUCT(name, text, ...) SW_STRUCT_AS(struct name, name, text, __VA_ARGS__)
#define SW_UNION(name, text, ...) SW_STRUCT_AS(union name, name, text, __VA_ARGS__)
#define SW_STRUCT_AS(c_type, name, text, ...)                                                                \
  typedef c_type name##_described;                                                                           \
  static void name##_describe(sw_describer *sw_out) {                                                        \
    typedef name##_described sw_self;                                                                        \
    const sw_self *sw_probe = SW_CAST_(const sw_self *, sw_describe_probe(sw_out, sizeof(sw_self)));         \
    if (sw_probe == SW_NULL_)                                                                                \
      return;                                                                                                \
    const sw_member sw_members[] = {__VA_ARGS__};                                                            \
    sw_describe_struct(sw_out, text, sw_members,                                                             \
                       SW_CAST_(uint32_t, sizeof sw_members / sizeof sw_members[0]));                        \
  }                                                                                                          \
  SW_UNUSED_ static const sw_type name##_type = {                                                            \
      #name, SW_CAST_(uint32_t, sizeof(name##_described)), 0, SW_NULL_, 0, SW_NULL_, name##_describe}

/* SW_ENUM(NAME, TEXT, LABELS…): describes `enum NAME`; SW_ENUM_AS(TYPE, NAME, TEXT, LABELS…) any enum. */
#define SW_ENUM(name, text, ...) SW_ENUM_AS(enum name, name, text, __VA_ARGS__)
#define SW_ENUM_AS(c_type, name, text, ...)                                                                  \
  typedef c_type name##_described;                                                                           \
  static void name##_describe(sw_describer *sw_out) {                                                        \
    const sw_label sw_labels[] = {__VA_ARGS__};                                                              \
    const sw_kind sw_self_kind = SW_KIND_(name##_described);                                                 \
    sw_describe_enum(sw_out, text, sw_self_kind, sw_labels,                                                  \
                     SW_CAST_(uint32_t, sizeof sw_labels / sizeof sw_labels[0]));                            \
  }                                                                                                          \
  SW_UNUSED_ static const sw_type name##_type = {                                                            \
      #name, SW_CAST_(uint32_t, sizeof(name##_described)), 0, SW_NULL_, 0, SW_NULL_, name##_describe}

/* SW_SCHEMA(NAME, &TYPE_type, …): what the driver is created with; the types are its messages, and what they
 * hold comes along. A type without a role in its text may be any channel. */
#define SW_SCHEMA(name, ...)                                                                                 \
  static const sw_type *const name##_types[] = {__VA_ARGS__};                                                \
  SW_UNUSED_ static const sw_schema name##_schema = {                                                        \
      SW_NULL_, 0, SW_CAST_(uint32_t, sizeof name##_types / sizeof name##_types[0]), name##_types}

/* SW_FIELD(MEMBER, TEXT): a number, a bool, a text, or an array of these with up to four dimensions.
 * SW_FIELD_OF(MEMBER, NAME, TEXT): a described struct or enum, or an array of these; of an enum also an
 * integer that holds its values. */
#define SW_FIELD(...) SW_PICK_(__VA_ARGS__, SW_FIELD_2_, SW_FIELD_1_, )(__VA_ARGS__)
#define SW_FIELD_OF(member, ...) SW_PICK_(__VA_ARGS__, SW_OF_2_, SW_OF_1_, )(member, __VA_ARGS__)

/* SW_BITS(MEMBER, TYPE, TEXT): a bitfield with the type that it is declared with. SW_BITS_OF(MEMBER, NAME,
 * TEXT): one of a described enum. */
#define SW_BITS(member, ...) SW_PICK_(__VA_ARGS__, SW_BITS_2_, SW_BITS_1_, )(member, __VA_ARGS__)
#define SW_BITS_OF(member, ...) SW_PICK_(__VA_ARGS__, SW_BITS_OF_2_, SW_BITS_OF_1_, )(member, __VA_ARGS__)

/* SW_LABEL(ENUMERATOR, TEXT) */
#define SW_LABEL(...) SW_PICK_(__VA_ARGS__, SW_LABEL_2_, SW_LABEL_1_, )(__VA_ARGS__)

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a driver can be created with a schema. SW_INVALID_ARGUMENT fills `reason` (256 bytes) with the
 * type, the field and what is wrong with its text; SW_OUT_OF_MEMORY. Generated schemas are always right. Any
 * thread; allocates, and frees it all. */
sw_status sw_schema_check(const sw_schema *schema, char *reason);

/* ---- What the macros are made of; programs do not use it by itself. ---- */

/* `letter`: b(ool), c(haracter), f(loat), i(nteger), u(nsigned), s(truct). */
typedef struct sw_kind {
  char letter;
  uint32_t bytes;
} sw_kind;

typedef struct sw_member {
  const char *name;
  const char *text;
  const sw_type *of; /* its struct or enum */
  sw_kind kind;      /* of an element, or that a bitfield is declared with */
  uint32_t offset;
  uint32_t rank;
  uint32_t dims[SW_MAX_DIMS];
  int is_bits;
  int is_tagged; /* an integer with the labels of `of` */
  int64_t bits;  /* of a bitfield: what the probe holds there */
} sw_member;

typedef struct sw_label {
  const char *name;
  const char *text;
  int64_t value;
} sw_label;

/* The bytes that bitfields are read from, or NULL. */
const void *sw_describe_probe(sw_describer *out, size_t bytes);
void sw_describe_struct(sw_describer *out, const char *text, const sw_member *members, uint32_t count);
void sw_describe_enum(sw_describer *out, const char *text, sw_kind kind, const sw_label *labels,
                      uint32_t count);

#ifdef __cplusplus
}
#endif

#define SW_PICK_(first, second, third, ...) third
#define SW_UNUSED_ __attribute__((unused))
#define SW_FIELD_1_(member) SW_PLAIN_(member, "")
#define SW_FIELD_2_(member, text) SW_PLAIN_(member, text)
#define SW_OF_1_(member, name) SW_OF_(member, name, "")
#define SW_OF_2_(member, name, text) SW_OF_(member, name, text)
#define SW_BITS_1_(member, c_type) SW_BITS_ROW_(member, c_type, SW_NULL_, "")
#define SW_BITS_2_(member, c_type, text) SW_BITS_ROW_(member, c_type, SW_NULL_, text)
#define SW_BITS_OF_1_(member, name) SW_BITS_ROW_(member, name##_described, &name##_type, "")
#define SW_BITS_OF_2_(member, name, text) SW_BITS_ROW_(member, name##_described, &name##_type, text)
#define SW_LABEL_1_(label) SW_LABEL_2_(label, "")
#define SW_LABEL_2_(label, text)                                                                             \
  { #label, text, SW_CAST_(int64_t, label) }

#define SW_BITS_ROW_(member, c_type, of, text)                                                               \
  { #member, text, of, SW_KIND_(c_type), 0, 0, {0, 0, 0, 0 }, 1, 0, SW_VALUE_(sw_probe->member) }

#ifdef __cplusplus
#include <structwire/describe_cpp.h>
#else
#include <structwire/describe_c.h>
#endif

#endif
