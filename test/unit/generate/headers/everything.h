/* SPDX-License-Identifier: MIT
 *
 * One of everything that a message can hold; needs no other headers than those of a compiler without a
 * system.
 */
#ifndef EVERYTHING_H
#define EVERYTHING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACKED __attribute__((packed))
#define CELLS 3

enum plain { PLAIN_A, PLAIN_B = 7, PLAIN_C };
enum negative { NEGATIVE_LOW = -5, NEGATIVE_ZERO = 0, NEGATIVE_BYTE = 255 };
enum PACKED small { SMALL_ONE = 1, SMALL_MANY = 200 };
enum PACKED small_signed { SMALL_SIGNED_LOW = -100, SMALL_SIGNED_HIGH = 100 };
enum PACKED middle { MIDDLE_ONE = 1, MIDDLE_MANY = 60000 };
#ifdef WIDE_ENUMS
enum wide { WIDE_ONE = 1, WIDE_TWO_TO_40 = 0x10000000000 };
#endif
typedef enum { STATE_OFF, STATE_ON } state;

typedef float vector[3];
typedef vector matrix[2];
typedef unsigned short count;

struct point {
  double x, y;
  float weight;
};

typedef struct {
  int8_t id;
  struct point at;
} marker;

struct scalars {
  bool flag;
  char letter;
  signed char schar;
  unsigned char uchar;
  short s;
  unsigned short us;
  int i;
  unsigned int ui;
  long l;
  unsigned long ul;
  long long ll;
  unsigned long long ull;
  float f;
  double d;
  int8_t i8;
  uint8_t u8;
  int16_t i16;
  uint16_t u16;
  int32_t i32;
  uint32_t u32;
  int64_t i64;
  uint64_t u64;
  size_t size;
  ptrdiff_t difference;
  wchar_t wide;
  count counted;
  const int constant;
  volatile double changing;
  const volatile uint8_t both;
};

struct enums {
  enum plain plain;
  enum negative negative;
  enum small small;
  enum small_signed small_signed;
  enum middle middle;
#ifdef WIDE_ENUMS
  enum wide wide;
#endif
  state current;
  enum { INSIDE_A = 10, INSIDE_B } inside;
  enum plain list[4];
  enum plain bits : 4;
};

struct arrays {
  uint8_t flat[5];
  float grid[2][3];
  int16_t cube[2][3][4];
  double deep[2][1][3][2]; /* with those of the arrays around there are eight at most */
  uint8_t most[1][2][1][2][1][2][1][2];
  vector position;
  matrix poses[2];
  char name[16];
  char names[3][8];
  bool flags[7];
  struct point path[4];
  struct point board[2][2];
  marker markers[CELLS];
};

struct nested {
  uint8_t before;
  struct point point;
  marker mark;
  struct {
    uint16_t low;
    struct {
      uint8_t a;
      uint64_t b;
    } pair[2];
  } unnamed;
  struct {
    int32_t flattened;
    struct {
      float deeper;
    };
  };
  uint8_t after;
};

union number {
  float real;
  uint32_t bits;
  uint8_t bytes[4];
};

struct unions {
  uint8_t kind;
  union {
    struct {
      uint8_t red, green, blue;
    };
    uint32_t all;
    union number number;
  };
  union {
    double wide;
    int16_t narrow[2];
  } named;
  union number numbers[2];
};

struct bitfields {
  unsigned int a : 1;
  int b : 5;
  unsigned int c : 12;
  int : 3;
  unsigned int d : 9;
  int : 0;
  uint8_t e : 3;
  uint8_t f : 5;
  bool g : 1;
  int16_t h : 11;
  uint64_t i : 40;
  int64_t j : 61;
  unsigned int full : 32;
  char k : 4;
  unsigned char after;
  unsigned int l : 7;
};

struct PACKED packed_fields {
  uint8_t a;
  uint32_t b;
  double c;
  struct point d;
  uint16_t e[3];
};

struct PACKED packed_bits {
  uint8_t a : 3;
  uint32_t b : 17;
  uint64_t c : 61;
  int32_t d : 30;
  uint8_t e : 1;
  int16_t f : 9;
  uint8_t g;
};

struct aligned {
  uint8_t a;
  uint8_t b __attribute__((aligned(16)));
  uint32_t c;
} __attribute__((aligned(32)));

typedef float four __attribute__((vector_size(16)));

struct vectors {
  four a;
  uint8_t b;
};

#pragma pack(push, 2)
struct pack2 {
  uint8_t a;
  uint32_t b;
  uint64_t c : 20;
  uint8_t d;
};
#pragma pack(pop)

struct deep {
  struct {
    struct {
      struct {
        struct nested nested;
        struct bitfields bits[2];
      } three;
    } two[2];
  } one;
  struct packed_bits packed[3];
};

#endif
