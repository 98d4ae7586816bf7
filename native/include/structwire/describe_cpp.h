/* SPDX-License-Identifier: MIT
 *
 * How describe.h looks at the types of members in C++. Included by describe.h only.
 */
#ifndef STRUCTWIRE_DESCRIBE_CPP_H
#define STRUCTWIRE_DESCRIBE_CPP_H

#include <type_traits>

#define SW_NULL_ nullptr
#define SW_CAST_(c_type, value) (static_cast<c_type>(value))
#define SW_KIND_(c_type) (sw_describe_detail::kind_of<c_type>())

#define SW_VALUE_(member) (sw_describe_detail::value_of(member))

#define SW_PLAIN_(member, text)                                                                              \
  sw_describe_detail::plain<decltype(sw_self::member)>(#member, text, offsetof(sw_self, member))
#define SW_OF_(member, name, text)                                                                           \
  sw_describe_detail::typed<decltype(sw_self::member), name##_described>(#member, text, &name##_type,        \
                                                                         offsetof(sw_self, member))

namespace sw_describe_detail {

template <typename T> constexpr sw_kind kind_of() {
  using Plain = std::remove_cv_t<T>;
  static_assert(!std::is_pointer_v<Plain>, "a pointer cannot be sent");
  static_assert(std::is_arithmetic_v<Plain> || std::is_enum_v<Plain>,
                "only numbers, bools, characters, described structs and arrays of these can be sent");
  static_assert(!std::is_same_v<Plain, long double>, "a long double cannot be sent");
  const auto bytes = static_cast<uint32_t>(sizeof(Plain));
  if constexpr (std::is_same_v<Plain, bool>)
    return {'b', bytes};
  else if constexpr (std::is_same_v<Plain, char>)
    return {'c', bytes};
  else if constexpr (std::is_floating_point_v<Plain>)
    return {'f', bytes};
  else if constexpr (std::is_enum_v<Plain>)
    return kind_of<std::underlying_type_t<Plain>>();
  else
    return {std::is_signed_v<Plain> ? 'i' : 'u', bytes};
}

template <typename T>
constexpr sw_member row(const char *name, const char *text, const sw_type *of, sw_kind kind, size_t offset,
                        bool is_tagged) {
  static_assert(std::rank_v<T> <= 4, "an array has at most four dimensions");
  return {name,
          text,
          of,
          kind,
          static_cast<uint32_t>(offset),
          static_cast<uint32_t>(std::rank_v<T>),
          {static_cast<uint32_t>(std::extent_v<T, 0>), static_cast<uint32_t>(std::extent_v<T, 1>),
           static_cast<uint32_t>(std::extent_v<T, 2>), static_cast<uint32_t>(std::extent_v<T, 3>)},
          0,
          is_tagged ? 1 : 0,
          0};
}

template <typename T> constexpr sw_member plain(const char *name, const char *text, size_t offset) {
  return row<T>(name, text, nullptr, kind_of<std::remove_all_extents_t<T>>(), offset, false);
}

template <typename T, typename Known>
constexpr sw_member typed(const char *name, const char *text, const sw_type *of, size_t offset) {
  using Element = std::remove_cv_t<std::remove_all_extents_t<T>>;
  constexpr bool is_same = std::is_same_v<Element, Known>;
  static_assert(is_same || (std::is_enum_v<Known> && std::is_integral_v<Element>),
                "the member is not of the described type");
  if constexpr (std::is_enum_v<Known>)
    return row<T>(name, text, of, kind_of<Element>(), offset, !is_same);
  else
    return row<T>(name, text, of, sw_kind{'s', static_cast<uint32_t>(sizeof(Element))}, offset, false);
}

template <typename T> constexpr int64_t value_of(T value) {
  static_assert(std::is_integral_v<T> || std::is_enum_v<T>, "the member is no bitfield");
  return static_cast<int64_t>(value);
}

} // namespace sw_describe_detail

#endif
