/* SPDX-License-Identifier: MIT
 *
 * The structs of the SDK's tests, with tables written by hand: what `structwire gen` writes is tested
 * elsewhere.
 */
#ifndef TEST_MESSAGES_H
#define TEST_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

/* Has padding inside. */
struct sample {
  double value;
  uint32_t number;
  uint64_t tag;
};

/* One of everything that can be limited. */
struct knobs {
  double gain;       /* 0 … 10 */
  float speed;       /* -0.1 … 0.1 */
  int32_t offset;    /* -5 … 5 */
  uint64_t huge;     /* 1 … 2^63 + 2048 */
  int64_t deep;      /* above -2^62 */
  unsigned low : 3;  /* 0 … 6 */
  int middle : 5;    /* -16 … 10 */
  unsigned high : 8; /* free */
  bool on;
  float free; /* without limits */
  struct {
    uint8_t level;
  } /* 0 … 100 */ items[2][3];
};

/* So large that few fit into anything. */
struct image {
  uint8_t bytes[40000];
};

extern const sw_type sample_type;
extern const sw_type knobs_type;
extern const sw_type image_type;
extern const sw_schema test_schema;

/* Knobs within their limits. */
struct knobs good_knobs(void);

#endif
