/* SPDX-License-Identifier: MIT
 *
 * What the benchmarks send: a sample of 64 bytes and a call of 80.
 */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stdint.h>

/* [@channel samples] */
struct bench_sample {
  uint64_t time;
  uint32_t number;
  uint32_t flags;
  float values[12];
};

/* Comes back as it is. [@service echo request] [@service echo reply] */
struct bench_call {
  uint64_t number;
  double values[9];
};

#endif
