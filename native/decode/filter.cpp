/* SPDX-License-Identifier: MIT
 *
 * Each step runs over a block of samples before the next one does, without branches on what it finds: a test
 * costs a load and two comparisons a sample.
 */
#include "filter.h"
#include "batch.h"
#include "value.h"

#include <algorithm>

namespace structwire {

static void refuse() {
  throw Failure("invalid_argument", "filter: steps do not fit the layout");
}

Filter::Filter(Layout layout, std::vector<Test> steps, std::vector<Bounds> bounds,
               std::vector<std::string> texts)
    : layout_(std::move(layout)), steps_(std::move(steps)), bounds_(std::move(bounds)),
      texts_(std::move(texts)) {
  results_.resize(check() * block);
}

/* How many results wait at most. */
size_t Filter::check() const {
  size_t waiting = 0;
  size_t most = 1;
  if (steps_.size() > max_steps)
    refuse();
  for (const Test &step : steps_) {
    switch (step.operation) {
    case Test::range:
    case Test::text: {
      if (step.a >= layout_.leaves().size() || step.b >= layout_.leaves()[step.a].count)
        refuse();
      const Leaf &leaf = layout_.leaves()[step.a];
      if (step.operation == Test::range ? leaf.capacity != 0 || step.c >= bounds_.size()
                                        : step.c >= texts_.size() || texts_[step.c].size() > leaf.capacity)
        refuse();
      waiting++;
      break;
    }
    case Test::both:
    case Test::either:
      if (waiting < 2)
        refuse();
      waiting--;
      break;
    case Test::inverse:
      if (waiting < 1)
        refuse();
      break;
    case Test::constant:
      waiting++;
      break;
    default:
      refuse();
    }
    most = std::max(most, waiting);
  }
  if (waiting != 1 || most > max_waiting)
    refuse();
  return most;
}

void Filter::test_range(const Test &step, const uint8_t *structs, size_t count, uint8_t *out) const {
  const Leaf &leaf = layout_.leaves()[step.a];
  const Bounds &bounds = bounds_[step.c];
  const size_t stride = layout_.size();
  const uint8_t *const from = structs + element_offset(leaf, step.b);
  with_loader(leaf, layout_.little(), [&](auto loader) {
    typename decltype(loader)::type least;
    decltype(least) greatest;
    std::memcpy(&least, &bounds.least, sizeof least);
    std::memcpy(&greatest, &bounds.greatest, sizeof greatest);
    const uint8_t *at = from;
    for (size_t i = 0; i < count; i++, at += stride) {
      const auto value = loader(at);
      out[i] = static_cast<uint8_t>((value >= least) & (value <= greatest));
    }
  });
}

void Filter::test_text(const Test &step, const uint8_t *structs, size_t count, uint8_t *out) const {
  const Leaf &leaf = layout_.leaves()[step.a];
  const std::string &text = texts_[step.c];
  const uint8_t *at = structs + element_offset(leaf, step.b);
  for (size_t i = 0; i < count; i++, at += layout_.size())
    out[i] = std::memcmp(at, text.data(), text.size()) == 0 &&
             (text.size() == leaf.capacity || at[text.size()] == 0);
}

/* Leaves the results in the first block of results_. */
void Filter::run(const uint8_t *structs, size_t count) {
  uint8_t *top = results_.data(); /* where the next result goes */
  for (const Test &step : steps_) {
    uint8_t *const last = top == results_.data() ? top : top - block;
    uint8_t *const before = last == results_.data() ? last : last - block;
    switch (step.operation) {
    case Test::range:
      test_range(step, structs, count, top);
      top += block;
      break;
    case Test::text:
      test_text(step, structs, count, top);
      top += block;
      break;
    case Test::both:
      for (size_t i = 0; i < count; i++)
        before[i] &= last[i];
      top = last;
      break;
    case Test::either:
      for (size_t i = 0; i < count; i++)
        before[i] |= last[i];
      top = last;
      break;
    case Test::inverse:
      for (size_t i = 0; i < count; i++)
        last[i] ^= 1;
      break;
    default:
      std::memset(top, step.a != 0, count);
      top += block;
    }
  }
}

/* The first result from `at` on that is `wanted`, or `end`. Eight at a time: most neighbours are alike. */
static const uint8_t *find(const uint8_t *at, const uint8_t *end, uint8_t wanted) {
  const uint64_t others = wanted != 0 ? 0 : 0x0101010101010101;
  for (uint64_t results; end - at >= 8; at += 8) {
    std::memcpy(&results, at, sizeof results);
    if (results != others)
      break;
  }
  while (at < end && *at != wanted)
    at++;
  return at;
}

Kept Filter::select(const uint8_t *record, size_t length, const Give &give) {
  const Source source{record, read_structs(layout_, record, length)};
  const uint8_t *const structs = record + source.batch.payload;
  Taken taken;
  for (uint32_t done = 0; done < source.batch.count; done += block) {
    const auto count = static_cast<uint32_t>(std::min<size_t>(block, source.batch.count - done));
    run(structs + size_t{done} * layout_.size(), count);
    const uint8_t *const begin = results_.data();
    const uint8_t *const end = begin + count;
    for (const uint8_t *at = begin; at < end;) {
      const uint8_t *const from = find(at, end, 1);
      at = find(from, end, 0);
      taken.add(source, done + static_cast<uint32_t>(from - begin), static_cast<uint32_t>(at - from));
    }
  }
  if (taken.count() == source.batch.count)
    return Kept::all;
  taken.write(give);
  return taken.count() == 0 ? Kept::none : Kept::some;
}

} // namespace structwire
