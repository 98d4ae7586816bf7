/* SPDX-License-Identifier: MIT
 *
 * The thinners. Differences of times are taken as unsigned numbers, so that no pair of times overflows.
 */
#include "thin.h"
#include "batch.h"
#include "merge.h"
#include "value.h"

#include <algorithm>

namespace structwire {

/* ---- Rate ---- */

Kept RateThinner::push(const uint8_t *record, size_t length, const Give &give) {
  const Source source{record, read_batch(record, length)};
  Taken taken;
  for (uint32_t i = 0; i < source.batch.count; i++) {
    const auto time = static_cast<uint64_t>(source.time(i));
    const bool later = static_cast<int64_t>(time) >= static_cast<int64_t>(last_);
    if (any_ && (later ? time - last_ : last_ - time) < period_ns_)
      continue;
    any_ = true;
    last_ = time;
    taken.add(source, i);
  }
  if (taken.count() == source.batch.count)
    return Kept::all;
  taken.write(give);
  return taken.count() == 0 ? Kept::none : Kept::some;
}

/* ---- Extremes ---- */

ExtremesThinner::ExtremesThinner(Layout layout, const std::vector<uint32_t> &leaves, uint64_t column_ns)
    : layout_(std::move(layout)), column_ns_(column_ns) {
  const uint64_t most = (SW_MAX_RECORD_BYTES - SW_BATCH_HEADER_BYTES) / (uint64_t{layout_.size()} + 16);
  for (const uint32_t index : leaves) {
    if (index >= layout_.leaves().size())
      throw Failure("invalid_argument", "thinning: a field that is not there");
    const Leaf &leaf = layout_.leaves()[index];
    if (leaf.capacity != 0)
      continue;
    if (2 + 2 * (series_.size() + uint64_t{leaf.count}) > most)
      throw Failure("message_too_large",
                    "thinning: the extremes of so many fields are more than a batch may hold");
    for (uint32_t element = 0; element < leaf.count; element++)
      series_.push_back({&leaf, element_offset(leaf, element), false, 0, 0, 0, 0});
  }
}

void ExtremesThinner::check_follows(const Source &held, const Source &batch) const {
  if (!sw_merge_alike(&held.batch, &batch.batch))
    throw Failure("invalid_argument", "thinning: a batch of another stream, layout or epoch; flush first");
  if (batch.batch.first <= held.sequence(held.batch.count - 1))
    throw Failure("invalid_argument", "thinning: batches come in order of their sequences");
}

void ExtremesThinner::open(uint64_t time, uint32_t position) {
  const auto signed_time = static_cast<int64_t>(time);
  const auto width = static_cast<int64_t>(column_ns_);
  const int64_t rest = signed_time % width;
  begin_ = time - static_cast<uint64_t>(rest < 0 ? rest + width : rest);
  first_ = position;
  for (Series &series : series_)
    series.any = false;
}

void ExtremesThinner::scan(const Source &batch, uint32_t from, uint32_t to, uint32_t held) {
  const size_t stride = layout_.size();
  const uint8_t *const structs = batch.record + batch.batch.payload;
  for (Series &series : series_) {
    with_loader(*series.leaf, layout_.little(), [&](auto loader) {
      typename decltype(loader)::type least{};
      decltype(least) greatest{};
      std::memcpy(&least, &series.least, sizeof least);
      std::memcpy(&greatest, &series.greatest, sizeof greatest);
      const uint8_t *at = structs + from * stride + series.offset;
      for (uint32_t i = from; i < to; i++, at += stride) {
        const auto value = loader(at);
        if (value != value) /* NaN */
          continue;
        if (!series.any || value < least) {
          least = value;
          series.least_at = held + i;
        }
        if (!series.any || value > greatest) {
          greatest = value;
          series.greatest_at = held + i;
        }
        series.any = true;
      }
      std::memcpy(&series.least, &least, sizeof least);
      std::memcpy(&series.greatest, &greatest, sizeof greatest);
    });
  }
}

/* The positions that the open column keeps, rising. */
std::vector<uint32_t> ExtremesThinner::candidates() const {
  std::vector<uint32_t> positions{first_, last_};
  for (const Series &series : series_) {
    if (!series.any)
      continue;
    positions.push_back(series.least_at);
    positions.push_back(series.greatest_at);
  }
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

static void take(Taken &taken, const std::vector<uint32_t> &positions, const Source &held,
                 const Source &batch) {
  for (const uint32_t position : positions) {
    if (position < held.batch.count)
      taken.add(held, position);
    else
      taken.add(batch, position - held.batch.count);
  }
}

/* Makes the candidates of the open column the held samples. */
void ExtremesThinner::hold(const Source &held, const Source &batch) {
  const std::vector<uint32_t> positions = candidates();
  const auto moved = [&](uint32_t position) {
    return static_cast<uint32_t>(std::lower_bound(positions.begin(), positions.end(), position) -
                                 positions.begin());
  };
  std::vector<uint8_t> record;
  Taken taken;
  take(taken, positions, held, batch);
  taken.write([&](size_t bytes) {
    record.resize(bytes);
    return record.data();
  });
  first_ = moved(first_);
  last_ = moved(last_);
  for (Series &series : series_) {
    series.least_at = series.any ? moved(series.least_at) : 0;
    series.greatest_at = series.any ? moved(series.greatest_at) : 0;
  }
  held_ = std::move(record);
}

Kept ExtremesThinner::push(const uint8_t *record, size_t length, const Give &give) {
  const Source batch{record, read_structs(layout_, record, length)};
  Source held{held_.data(), {}};
  if (!held_.empty()) {
    held.batch = read_batch(held_.data(), held_.size());
    check_follows(held, batch);
  }
  bool is_open = !held_.empty();
  const uint32_t before = held.batch.count;
  Taken taken;
  try {
    for (uint32_t i = 0; i < batch.batch.count;) {
      const auto time = static_cast<uint64_t>(batch.time(i));
      if (!is_open)
        open(time, before + i);
      is_open = true;
      uint32_t to = i;
      while (to < batch.batch.count && static_cast<uint64_t>(batch.time(to)) - begin_ < column_ns_)
        to++;
      scan(batch, i, to, before);
      if (to > i)
        last_ = before + to - 1;
      if (to < batch.batch.count) {
        take(taken, candidates(), held, batch);
        is_open = false;
      }
      i = to;
    }
    taken.write(give);
    hold(held, batch);
  } catch (...) {
    held_.clear(); /* positions may point into this batch */
    throw;
  }
  return taken.count() == 0 ? Kept::none : Kept::some;
}

void ExtremesThinner::flush(const Give &give) {
  if (held_.empty())
    return;
  std::memcpy(give(held_.size()), held_.data(), held_.size());
  held_.clear();
}

} // namespace structwire
