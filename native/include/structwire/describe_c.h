/* SPDX-License-Identifier: MIT
 *
 * How describe.h looks at the types of members in C. Included by describe.h only.
 *
 * An error here about a subscript means that the member is neither a number nor an array of numbers; with
 * SW_FIELD_OF, that it is not of the type that is named.
 */
#ifndef STRUCTWIRE_DESCRIBE_C_H
#define STRUCTWIRE_DESCRIBE_C_H

#define SW_NULL_ NULL
#define SW_CAST_(c_type, value) ((c_type)(value))

/* Of a number that is no integer this does not compile. */
#define SW_VALUE_(member) ((int64_t)((member) | 0))

/* An array's type is not that of its elements; a number's is. */
#define SW_IS_ARRAY_(type, inner) (!__builtin_types_compatible_p(type, inner))
/* The 0 keeps linters from asking why a number is divided by its own size. */
#define SW_LENGTH_(type, inner) ((uint32_t)((sizeof(type) + 0u) / sizeof(inner)))

/* A pointer would look like an array. */
#define SW_NO_POINTER_(type, inner)                                                                          \
  _Static_assert(!__builtin_types_compatible_p(type, inner *), "a pointer cannot be sent")

/* clang-format off */

/* The kind of a type; one that cannot be sent has no association. */
#define SW_LETTERS_                                                                                          \
  _Bool: 'b', char: 'c', float: 'f', double: 'f', signed char: 'i', short: 'i', int: 'i', long: 'i',         \
  long long: 'i', unsigned char: 'u', unsigned short: 'u', unsigned int: 'u', unsigned long: 'u',            \
  unsigned long long: 'u'
#define SW_KIND_(type) {_Generic((type)0, SW_LETTERS_), (uint32_t)sizeof(type)}

/* A struct, or a number: then it has the labels of an enum. */
#define SW_KIND_OF_(type) {_Generic(*(type *)0, SW_LETTERS_, default: 's'), (uint32_t)sizeof(type)}

#define SW_IS_INTEGER_(type)                                                                                 \
  _Generic(*(type *)0, signed char: 1, short: 1, int: 1, long: 1, long long: 1, unsigned char: 1,            \
           unsigned short: 1, unsigned int: 1, unsigned long: 1, unsigned long long: 1, default: 0)

/* One step into an array; a number stays what it is. _Generic wants every branch to be valid, so the index stands
 * behind all of them. */
#define SW_INTO_(type)                                                                                       \
  _Generic(*(type *)0, _Bool: (_Bool *)0, char: (char *)0, float: (float *)0, double: (double *)0,           \
           signed char: (signed char *)0, short: (short *)0, int: (int *)0, long: (long *)0,                 \
           long long: (long long *)0, unsigned char: (unsigned char *)0,                                     \
           unsigned short: (unsigned short *)0, unsigned int: (unsigned int *)0,                             \
           unsigned long: (unsigned long *)0, unsigned long long: (unsigned long long *)0,                   \
           default: *(type *)0)
#define SW_STEP_(type) __typeof__(SW_INTO_(type)[0])
#define SW_STEP_OF_(type, known)                                                                             \
  __typeof__(_Generic(*(type *)0, known: (known *)0, default: SW_INTO_(type))[0])

#define SW_ROW_(member, text, of, kind, is_tagged)                                                           \
  SW_NO_POINTER_(sw_0, sw_1);                                                                                \
  SW_NO_POINTER_(sw_1, sw_2);                                                                                \
  SW_NO_POINTER_(sw_2, sw_3);                                                                                \
  SW_NO_POINTER_(sw_3, sw_4);                                                                                \
  (sw_member){#member, text, of, kind, (uint32_t)offsetof(sw_self, member),                                  \
              SW_IS_ARRAY_(sw_0, sw_1) + SW_IS_ARRAY_(sw_1, sw_2) + SW_IS_ARRAY_(sw_2, sw_3) +               \
                  SW_IS_ARRAY_(sw_3, sw_4),                                                                  \
              {SW_LENGTH_(sw_0, sw_1), SW_LENGTH_(sw_1, sw_2), SW_LENGTH_(sw_2, sw_3),                       \
               SW_LENGTH_(sw_3, sw_4)},                                                                      \
              0, is_tagged, 0};

#define SW_PLAIN_(member, text)                                                                              \
  __extension__({                                                                                            \
    typedef __typeof__(((sw_self *)0)->member) sw_0;                                                         \
    typedef SW_STEP_(sw_0) sw_1;                                                                             \
    typedef SW_STEP_(sw_1) sw_2;                                                                             \
    typedef SW_STEP_(sw_2) sw_3;                                                                             \
    typedef SW_STEP_(sw_3) sw_4;                                                                             \
    SW_ROW_(member, text, NULL, SW_KIND_(sw_4), 0)                                                           \
  })

#define SW_OF_(member, name, text)                                                                           \
  __extension__({                                                                                            \
    typedef __typeof__(((sw_self *)0)->member) sw_0;                                                         \
    typedef SW_STEP_OF_(sw_0, name##_described) sw_1;                                                        \
    typedef SW_STEP_OF_(sw_1, name##_described) sw_2;                                                        \
    typedef SW_STEP_OF_(sw_2, name##_described) sw_3;                                                        \
    typedef SW_STEP_OF_(sw_3, name##_described) sw_4;                                                        \
    enum { sw_is_same = __builtin_types_compatible_p(sw_4, name##_described) };                              \
    _Static_assert(sw_is_same || (SW_IS_INTEGER_(sw_4) && SW_IS_INTEGER_(name##_described)),                 \
                   "the member is not of the described type");                                               \
    SW_ROW_(member, text, &name##_type, SW_KIND_OF_(sw_4), !sw_is_same)                                      \
  })

/* clang-format on */

#endif
