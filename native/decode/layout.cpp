/* SPDX-License-Identifier: MIT
 *
 * Checks of a layout's parts. They come from a schema that was checked already; here they are held against
 * what the decoders rely on, so that no caller can make them read outside a struct.
 */
#include "layout.h"
#include "put.h"

#include <algorithm>

namespace structwire {

static void refuse(const char *what) {
  throw Failure("invalid_argument", std::string("layout: ") + what);
}

uint32_t scalar_bytes(sw_scalar scalar) {
  switch (scalar) {
  case SW_U16:
  case SW_I16:
    return 2;
  case SW_U32:
  case SW_I32:
  case SW_F32:
    return 4;
  case SW_U64:
  case SW_I64:
  case SW_F64:
    return 8;
  default:
    return 1;
  }
}

uint32_t element_offset(const Leaf &leaf, uint32_t element) {
  if (!leaf.offsets.empty())
    return leaf.offsets[element];
  const uint32_t bytes = leaf.bit_bytes != 0 ? leaf.bit_bytes : leaf.width;
  return leaf.offset + element * bytes;
}

static void check_bits(const Leaf &leaf) {
  if (leaf.bit_bytes > 9 || leaf.bit_width < 1 || leaf.bit_width > scalar_bytes(leaf.scalar) * 8)
    refuse("a bitfield that cannot be");
  if (leaf.bit_shift + leaf.bit_width > leaf.bit_bytes * 8)
    refuse("a bitfield outside its bytes");
  if (leaf.scalar > SW_I64 && leaf.scalar != SW_BOOL)
    refuse("a bitfield of a type that cannot be one");
  if (leaf.kind == Kind::text || leaf.kind == Kind::bytes)
    refuse("a text that is a bitfield");
}

static void check_kind(const Leaf &leaf) {
  const bool wide = leaf.kind == Kind::text || leaf.kind == Kind::bytes;
  const bool integer = leaf.scalar <= SW_I64;
  if (wide ? leaf.capacity == 0 || leaf.capacity > Layout::max_size : leaf.capacity != 0)
    refuse("a capacity that does not fit the kind");
  if (wide && scalar_bytes(leaf.scalar) != 1)
    refuse("a text of something else than bytes");
  if (leaf.kind == Kind::boolean ? leaf.scalar != SW_BOOL : !wide && leaf.scalar >= SW_BOOL)
    refuse("a kind that does not fit the type");
  if (leaf.kind == Kind::enumeration && !integer)
    refuse("an enum that is no integer");
}

/* Fills in width, count and offsets; returns the elements. */
static uint64_t measure(Leaf &leaf, uint32_t size) {
  const uint32_t bytes = leaf.bit_bytes != 0  ? leaf.bit_bytes
                         : leaf.capacity != 0 ? leaf.capacity
                                              : scalar_bytes(leaf.scalar);
  uint64_t count = 1;
  uint64_t last = leaf.offset;
  bool contiguous = true;
  if (leaf.dims.size() > 8)
    refuse("more than 8 dimensions");
  for (size_t i = leaf.dims.size(); i-- > 0;) {
    const Dimension &dimension = leaf.dims[i];
    if (dimension.length == 0 || dimension.length > Layout::max_size || dimension.stride > Layout::max_size)
      refuse("a dimension that cannot be");
    contiguous = contiguous && dimension.stride == count * bytes;
    count *= dimension.length;
    last += static_cast<uint64_t>(dimension.length - 1) * dimension.stride;
    if (count > Layout::max_elements || last > size)
      refuse("an array outside the struct");
  }
  if (last + bytes > size)
    refuse("a field outside the struct");
  leaf.width = leaf.capacity != 0 ? leaf.capacity : scalar_bytes(leaf.scalar);
  leaf.count = static_cast<uint32_t>(count);
  leaf.offsets.clear();
  if (contiguous)
    return count;
  leaf.offsets.reserve(count);
  for (uint32_t element = 0; element < leaf.count; element++) {
    uint32_t offset = leaf.offset;
    uint32_t rest = element;
    for (size_t i = leaf.dims.size(); i-- > 0;) {
      offset += (rest % leaf.dims[i].length) * leaf.dims[i].stride;
      rest /= leaf.dims[i].length;
    }
    leaf.offsets.push_back(offset);
  }
  return count;
}

/* Sorted, and of several labels of one value only the first. */
static void sort_labels(std::vector<Label> &labels) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const Label &a, const Label &b) { return a.value < b.value; });
  labels.erase(std::unique(labels.begin(), labels.end(),
                           [](const Label &a, const Label &b) { return a.value == b.value; }),
               labels.end());
}

/* Room for one element of a leaf whose labels are padded. */
static uint32_t room_of(const Leaf &leaf) {
  size_t room = integer_room;
  if (leaf.kind == Kind::text)
    room = string_room(leaf.capacity);
  else if (leaf.kind == Kind::bytes)
    room = base64_room(leaf.capacity);
  else if (leaf.scalar == SW_F32 || leaf.scalar == SW_F64)
    room = max_number_bytes;
  for (const Label &label : leaf.labels)
    room = std::max(room, padded_room(label.length));
  return static_cast<uint32_t>(std::min<size_t>(room, UINT32_MAX));
}

Layout::Layout(uint32_t size, bool little, std::vector<Leaf> leaves, std::vector<Step> steps,
               std::vector<std::string> texts)
    : size_(size), little_(little), leaves_(std::move(leaves)), steps_(std::move(steps)) {
  uint64_t elements = 0;
  if (size_ == 0 || size_ > max_size)
    refuse("a size that cannot be");
  if (leaves_.size() > max_leaves)
    refuse("too many fields");
  for (Leaf &leaf : leaves_) {
    check_kind(leaf);
    if (leaf.bit_bytes != 0)
      check_bits(leaf);
    elements += measure(leaf, size_);
    if (elements > max_elements)
      refuse("too many elements");
    sort_labels(leaf.labels);
    for (Label &label : leaf.labels)
      pad(label);
    leaf.text_room = room_of(leaf);
  }
  for (std::string &text : texts) {
    texts_.emplace_back();
    texts_.back().text = std::move(text);
    pad(texts_.back());
  }
  check_steps();
}

void Layout::pad(Label &label) {
  for (const char c : label.text)
    ascii_ = ascii_ && static_cast<unsigned char>(c) < 0x80;
  label.length = label.text.size();
  label.text.append(16, '\0');
}

void Layout::check_steps() {
  struct Around {
    uint64_t moved; /* how far the loops around a step move at most */
    uint64_t times; /* how often they run it */
  };
  std::vector<Around> around{{0, 1}};
  for (const Step &step : steps_) {
    const Around &here = around.back();
    switch (step.operation) {
    case Step::text:
      if (step.a >= texts_.size())
        refuse("a step to a text that is not there");
      text_room_ += here.times * padded_room(texts_[step.a].length);
      break;
    case Step::leaf: {
      if (step.a >= leaves_.size())
        refuse("a step to a field that is not there");
      const Leaf &leaf = leaves_[step.a];
      const uint32_t bytes = leaf.bit_bytes != 0 ? leaf.bit_bytes : leaf.width;
      if (leaf.offset + here.moved + bytes > size_)
        refuse("a step outside the struct");
      text_room_ += here.times * leaf.text_room;
      break;
    }
    case Step::repeat: {
      if (step.a == 0 || step.a > max_size || step.b == 0 || step.b > max_size || around.size() > max_depth)
        refuse("a loop that cannot be");
      const Around inner{here.moved + static_cast<uint64_t>(step.a - 1) * step.b, here.times * step.a};
      if (inner.moved > size_ || inner.times > max_elements)
        refuse("a loop outside the struct");
      text_room_ += inner.times; /* commas */
      around.push_back(inner);
      break;
    }
    case Step::end:
      around.pop_back();
      if (around.empty())
        refuse("an end without a beginning");
      break;
    default:
      refuse("an unknown step");
    }
  }
  if (around.size() != 1)
    refuse("a loop without an end");
}

} // namespace structwire
