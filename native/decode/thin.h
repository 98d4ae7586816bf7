/* SPDX-License-Identifier: MIT
 *
 * Thinning of one stream: at most so many samples a second, or those that a plot of so many columns needs.
 */
#ifndef STRUCTWIRE_DECODE_THIN_H
#define STRUCTWIRE_DECODE_THIN_H

#include "take.h"

#include <vector>

namespace structwire {

/* What thins a stream, batch by batch. */
class Thinner {
public:
  virtual ~Thinner() = default;
  /* Takes one batch; what is kept, of it or of those before, goes to memory from `give`. Throws
   * Failure("bad_record"), and Failure("invalid_argument") for a batch that does not follow those held. */
  virtual Kept push(const uint8_t *record, size_t length, const Give &give) = 0;
  /* Gives what is held. */
  virtual void flush(const Give &give) = 0;
};

/* Keeps a sample when its time is at least a period from that of the one kept last, before it or behind: a
 * clock that jumps back never stops the stream. Holds nothing. */
class RateThinner final : public Thinner {
public:
  explicit RateThinner(uint64_t period_ns) : period_ns_(period_ns) {}
  Kept push(const uint8_t *record, size_t length, const Give &give) override;
  void flush(const Give &) override {}

private:
  uint64_t period_ns_;
  bool any_ = false;
  uint64_t last_ = 0; /* time of the sample kept last */
};

/* Keeps of each time column (column_ns wide, at multiples of it) the first sample and the last, and for every
 * element of the leaves the first one that holds its least value and the first one that holds its greatest.
 * NaN is neither. A column is over with the first sample of another one. Holds the candidates of one column.
 */
class ExtremesThinner final : public Thinner {
public:
  /* Text and bytes among `leaves` are left out. Throws Failure("message_too_large") when a column could hold
   * more than a batch may. */
  ExtremesThinner(Layout layout, const std::vector<uint32_t> &leaves, uint64_t column_ns);
  Kept push(const uint8_t *record, size_t length, const Give &give) override;
  void flush(const Give &give) override;

private:
  /* One element of one leaf. Positions count the held samples first, then those of the batch. */
  struct Series {
    const Leaf *leaf;
    uint32_t offset;
    bool any;
    uint32_t least_at, greatest_at;
    uint64_t least, greatest; /* the bits of its type of value */
  };
  Layout layout_;
  uint64_t column_ns_;
  std::vector<Series> series_;
  std::vector<uint8_t> held_; /* a batch record, or empty: then no column is open */
  uint64_t begin_ = 0;        /* of the open column */
  uint32_t first_ = 0;
  uint32_t last_ = 0;

  void check_follows(const Source &held, const Source &batch) const;
  void open(uint64_t time, uint32_t position);
  void scan(const Source &batch, uint32_t from, uint32_t to, uint32_t held);
  std::vector<uint32_t> candidates() const;
  void hold(const Source &held, const Source &batch);
};

} // namespace structwire
#endif
