/* SPDX-License-Identifier: MIT
 *
 * Predicates on struct bytes: which samples of a batch pass a filter.
 */
#ifndef STRUCTWIRE_DECODE_FILTER_H
#define STRUCTWIRE_DECODE_FILTER_H

#include "take.h"

namespace structwire {

/* In the order of TESTS in bridge/layout/select/filter.ts. */
struct Test {
  enum Operation : uint32_t {
    range, /* element b of leaf a is within bounds c */
    text,  /* element b of leaf a, a text, is texts[c] */
    both,  /* of the two last results */
    either,
    inverse, /* of the last result */
    constant /* a */
  };
  uint32_t operation, a, b, c;
};

/* The bits of the least and greatest value that pass: doubles, or integers of 64 bits with the sign of the
 * leaf. */
struct Bounds {
  uint64_t least, greatest;
};

/* A program that leaves one result for each sample. Keeps memory for the results: one call at a time. */
class Filter {
public:
  static constexpr size_t max_steps = 131072;
  static constexpr size_t max_waiting = 64;

  /* Throws Failure("invalid_argument") for steps that do not fit the layout or each other. */
  Filter(Layout layout, std::vector<Test> steps, std::vector<Bounds> bounds, std::vector<std::string> texts);

  /* Gives the samples that pass. Throws Failure("bad_record"). */
  Kept select(const uint8_t *record, size_t length, const Give &give);

private:
  static constexpr size_t block = 512;
  Layout layout_;
  std::vector<Test> steps_;
  std::vector<Bounds> bounds_;
  std::vector<std::string> texts_;
  std::vector<uint8_t> results_; /* a block of them for each result that waits */

  size_t check() const;
  void run(const uint8_t *structs, size_t count);
  void test_range(const Test &step, const uint8_t *structs, size_t count, uint8_t *out) const;
  void test_text(const Test &step, const uint8_t *structs, size_t count, uint8_t *out) const;
};

} // namespace structwire
#endif
