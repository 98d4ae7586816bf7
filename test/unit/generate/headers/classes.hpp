/* SPDX-License-Identifier: MIT
 *
 * What C++ adds to the structs of C; needs no other headers.
 */
#ifndef CLASSES_HPP
#define CLASSES_HPP

namespace lab {

enum class Mode : unsigned char { Off, On = 200 };

struct Point {
  float x, y;
  unsigned visible : 3;
};

template <typename T, unsigned N> struct Vec {
  T items[N];
};

/* Once a second. [@channel state] */
struct State : Point {
  Vec<short, 4> samples;
  Mode mode;
  struct Part {
    int value;
  } parts[2];
  union {
    int number;
    float real;
  };
};

} // namespace lab

#endif
