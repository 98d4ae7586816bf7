/* SPDX-License-Identifier: MIT
 *
 * Any description of a layout, any structs of it, any writes into them. A layout that is taken must keep
 * every decoder and the encoder inside the struct and inside their own memory; what was written must read
 * back.
 */
#include "batch.h"
#include "columns.h"
#include "encode.h"
#include "filter.h"
#include "json.h"
#include "project.h"
#include "thin.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace structwire;

namespace {

/* Gives out the input; zeroes when it is used up. */
class Input {
public:
  Input(const uint8_t *at, size_t left) : at_(at), left_(left) {}
  uint32_t byte() {
    if (left_ == 0)
      return 0;
    left_--;
    return *at_++;
  }
  /* Small ones suffice, and are quicker. */
  uint32_t number() {
    const uint32_t low = byte();
    return low | byte() % 4 << 8;
  }
  size_t left() const { return left_; }

private:
  const uint8_t *at_;
  size_t left_;
};

} // namespace

static Leaf read_leaf(Input &input) {
  Leaf leaf;
  const uint32_t flags = input.byte();
  leaf.kind = static_cast<Kind>(flags % 6);
  leaf.scalar = static_cast<sw_scalar>(input.byte() % (SW_CHAR + 1));
  leaf.offset = input.number();
  if ((flags & 64) != 0)
    leaf.capacity = input.number();
  if ((flags & 128) != 0) {
    leaf.bit_bytes = static_cast<uint8_t>(input.byte() % 12);
    leaf.bit_shift = static_cast<uint8_t>(input.byte() % 80);
    leaf.bit_width = static_cast<uint8_t>(input.byte() % 70);
  }
  for (uint32_t i = input.byte() % 4; i > 0; i--) {
    const uint32_t length = input.byte() % 16; /* the fuzzer is to try many layouts, not large ones */
    leaf.dims.push_back({length, input.number()});
  }
  for (uint32_t i = input.byte() % 4; i > 0; i--) {
    Label label;
    label.value = input.byte();
    label.text = std::string("\"") + std::string(input.byte(), 'L') + "\"";
    leaf.labels.push_back(label);
  }
  return leaf;
}

static Layout read_layout(Input &input) {
  const uint32_t size = input.number();
  const bool little = (input.byte() & 1) != 0;
  std::vector<Leaf> leaves;
  for (uint32_t i = input.byte() % 8; i > 0; i--)
    leaves.push_back(read_leaf(input));
  std::vector<Step> steps;
  for (uint32_t i = input.byte() % 32; i > 0; i--) {
    const uint32_t operation = input.byte() % 5;
    const uint32_t a = input.byte() % 16;
    steps.push_back({operation, a, operation == Step::repeat ? input.number() : 0});
  }
  return Layout(size, little, std::move(leaves), std::move(steps), {"{", ",", "}"});
}

/* A batch of `count` structs whose bytes are the rest of the input, over and over. */
static std::vector<uint8_t> make_batch(const Layout &layout, Input &input, uint32_t count) {
  sw_batch batch = {};
  batch.stream = 1;
  batch.epoch = 1;
  batch.count = count;
  batch.size = layout.size();
  if (sw_batch_layout(&batch) == 0)
    throw Failure("bad_record", "the structs are too large");
  std::vector<uint8_t> record(batch.bytes);
  sw_batch_write(record.data(), &batch);
  const size_t payload = batch.payload;
  const size_t pattern = std::min<size_t>(input.left(), size_t{count} * layout.size());
  for (size_t i = 0; i < pattern; i++)
    record[payload + i] = static_cast<uint8_t>(input.byte());
  for (size_t i = pattern; pattern > 0 && i < size_t{count} * layout.size(); i++)
    record[payload + i] = record[payload + i - pattern];
  return record;
}

/* Columns of memory of their own, so that a write beyond one is found. */
static std::vector<std::vector<uint8_t>> read_columns(const Layout &layout, const uint8_t *structs,
                                                      size_t count) {
  std::vector<std::vector<uint8_t>> columns;
  std::vector<Target> targets;
  for (const Leaf &leaf : layout.leaves())
    columns.emplace_back(leaf.kind == Kind::text ? 0 : count * leaf.count * leaf.width);
  for (size_t i = 0; i < columns.size(); i++) {
    if (!columns[i].empty())
      targets.push_back({&layout.leaves()[i], columns[i].data()});
  }
  decode_columns(layout, structs, count, targets);
  return columns;
}

/* Writes one element and looks for it where the columns say it is. */
static void write_and_read(const Layout &layout, Input &input) {
  if (layout.leaves().empty())
    return;
  const uint32_t choice = input.byte();
  const bool fits = choice % 8 != 0;
  const uint32_t index = fits ? choice / 8 % static_cast<uint32_t>(layout.leaves().size()) : choice;
  const Leaf &leaf = layout.leaves()[index % layout.leaves().size()];
  const uint32_t element = fits ? input.number() % leaf.count : input.number();
  std::vector<uint8_t> bits(fits ? std::max(leaf.capacity, 8u) : input.byte());
  for (uint8_t &byte : bits)
    byte = static_cast<uint8_t>(input.byte());
  std::vector<uint8_t> value(layout.size());
  std::vector<uint8_t> mask(layout.size());
  const Writes writes{&index, &element, 1, bits.data(), bits.size()};
  if (write_elements(layout, writes, value.data(), mask.data()) >= 0)
    std::abort(); /* nothing was there before */
  for (size_t i = 0; i < value.size(); i++) {
    if ((value[i] & ~mask[i]) != 0)
      std::abort();
  }
  const auto columns = read_columns(layout, value.data(), 1);
  if (leaf.kind == Kind::text || leaf.kind == Kind::boolean || leaf.kind == Kind::bytes)
    return;
  uint64_t read = 0;
  std::memcpy(&read, columns[index].data() + size_t{element} * leaf.width, leaf.width);
  const unsigned width = leaf.bit_bytes != 0 ? leaf.bit_width : leaf.width * 8;
  const uint64_t all = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  uint64_t wanted = 0;
  std::memcpy(&wanted, bits.data(), 8);
  if ((read & all) != (wanted & all))
    std::abort();
}

/* Any filter; what passes is a batch of the same structs. */
static void select(const Layout &layout, Input &input, const std::vector<uint8_t> &record) {
  std::vector<Test> steps;
  for (uint32_t i = input.byte() % 12; i > 0; i--) {
    const uint32_t operation = input.byte() % 7;
    const uint32_t leaf = input.byte() % 16;
    const uint32_t element = input.byte();
    steps.push_back({operation, leaf, element, input.byte() % 4});
  }
  std::vector<Bounds> bounds;
  for (int i = 0; i < 3; i++) {
    const uint64_t least = input.number();
    bounds.push_back({least << (input.byte() % 64), uint64_t{input.number()} << (input.byte() % 64)});
  }
  Filter filter(layout, steps, bounds, {"", "a", "a text that is longer"});
  std::vector<std::vector<uint8_t>> given;
  filter.select(record.data(), record.size(), [&](size_t bytes) { return given.emplace_back(bytes).data(); });
  for (const std::vector<uint8_t> &kept : given)
    read_structs(layout, kept.data(), kept.size());
}

/* Any projection. */
static void cut_down(const Layout &layout, Input &input, const std::vector<uint8_t> &record) {
  const uint32_t size = input.number();
  std::vector<Move> moves;
  for (uint32_t i = input.byte() % 8; i > 0; i--) {
    const uint32_t from = input.number();
    const uint32_t to = input.number();
    moves.push_back({from, to, input.number()});
  }
  std::vector<Widening> widenings;
  for (uint32_t i = input.byte() % 4; i > 0; i--) {
    const uint32_t leaf = input.byte() % 8;
    const uint32_t element = input.byte() % 16;
    widenings.push_back({leaf, element, input.number()});
  }
  const Projection projection{layout, size, moves.data(), moves.size(), widenings.data(), widenings.size()};
  std::vector<std::vector<uint8_t>> given;
  project(projection, record.data(), record.size(),
          [&](size_t bytes) { return given.emplace_back(bytes).data(); });
}

static void thin(const Layout &layout, const std::vector<uint8_t> &record) {
  std::vector<std::vector<uint8_t>> given;
  const Give give = [&](size_t bytes) { return given.emplace_back(bytes).data(); };
  std::vector<uint32_t> leaves;
  for (uint32_t i = 0; i < layout.leaves().size(); i++)
    leaves.push_back(i);
  ExtremesThinner thinner(layout, leaves, 1000);
  thinner.push(record.data(), record.size(), give);
  thinner.flush(give);
  for (const std::vector<uint8_t> &kept : given) {
    if (!kept.empty())
      read_structs(layout, kept.data(), kept.size());
  }
}

/* What does not fit the layout is refused, and that is all. */
template <typename Work> static bool attempt(Work work) {
  try {
    work();
    return true;
  } catch (const Failure &) {
    return false;
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  Input input(bytes, count);
  try {
    const Layout layout = read_layout(input);
    if (layout.text_room() > 1 << 20)
      return 0;
    attempt([&] { write_and_read(layout, input); });
    const uint32_t structs = 1 + input.byte() % 70; /* more than a block of a transpose */
    const uint32_t choice = input.byte();
    Input others = input; /* the bytes of the structs are also what follows */
    const std::vector<uint8_t> record = make_batch(layout, input, structs);
    if (choice % 2 == 0)
      attempt([&] { select(layout, others, record); });
    else
      attempt([&] { cut_down(layout, others, record); });
    Text text;
    write_batch(text, layout, record.data(), record.size(), [](Text &piece) { piece.clear(); });
    const sw_batch batch = read_structs(layout, record.data(), record.size());
    text.clear();
    write_struct(text, layout, record.data() + batch.payload);
    (void)read_columns(layout, record.data() + batch.payload, batch.count);
    thin(layout, record);
  } catch (const Failure &) {
    return 0;
  }
  return 0;
}
