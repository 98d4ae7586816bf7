/* SPDX-License-Identifier: MIT
 *
 * The work is cut into blocks of samples that stay in the first cache, and in each block into runs:
 * neighbouring fields that are turned together, arrays that are copied, and the rest element by element.
 */
#include "columns.h"
#include "load.h"
#include "transpose.h"

namespace structwire {

/* Of struct bytes: half of a first-level cache, so that the columns' lines have room beside them. */
constexpr size_t block_bytes = 16384;
constexpr size_t max_block = 256;

/* Structs of one block. */
struct Block {
  const uint8_t *structs;
  size_t stride, count;
  size_t done; /* samples of the blocks before */
  bool little;
};

template <typename T> static void copy_swapped(const Block &block, const Leaf &leaf, uint8_t *out) {
  const bool plain = block.little == host_little;
  for (size_t i = 0; i < block.count; i++) {
    const uint8_t *const at = block.structs + i * block.stride;
    for (uint32_t k = 0; k < leaf.count; k++, out += sizeof(T)) {
      T value;
      std::memcpy(&value, at + element_offset(leaf, k), sizeof value);
      if (!plain)
        value = swapped(value);
      std::memcpy(out, &value, sizeof value);
    }
  }
}

template <typename T> static void copy_single(const Block &block, const Leaf &leaf, uint8_t *out) {
  const uint8_t *at = block.structs + leaf.offset;
  for (size_t i = 0; i < block.count; i++, at += block.stride, out += sizeof(T))
    std::memcpy(out, at, sizeof(T));
}

/* A length that the compiler knows is a few loads and stores; one that it does not is a call for each sample.
 */
template <size_t bytes> static void copy_run(const Block &block, const Leaf &leaf, uint8_t *out) {
  const uint8_t *at = block.structs + leaf.offset;
  for (size_t i = 0; i < block.count; i++, at += block.stride, out += bytes)
    std::memcpy(out, at, bytes);
}

static void copy_runs(const Block &block, const Leaf &leaf, uint8_t *out) {
  const size_t bytes = size_t{leaf.count} * leaf.width;
  switch (bytes) {
  case 8:
    return copy_run<8>(block, leaf, out);
  case 12:
    return copy_run<12>(block, leaf, out);
  case 16:
    return copy_run<16>(block, leaf, out);
  case 24:
    return copy_run<24>(block, leaf, out);
  case 32:
    return copy_run<32>(block, leaf, out);
  case 48:
    return copy_run<48>(block, leaf, out);
  case 64:
    return copy_run<64>(block, leaf, out);
  default:
    break;
  }
  const uint8_t *at = block.structs + leaf.offset;
  for (size_t i = 0; i < block.count; i++, at += block.stride, out += bytes)
    std::memcpy(out, at, bytes);
}

static void copy_bytes(const Block &block, const Leaf &leaf, uint8_t *out) {
  for (size_t i = 0; i < block.count; i++) {
    const uint8_t *const at = block.structs + i * block.stride;
    for (uint32_t k = 0; k < leaf.count; k++, out += leaf.capacity)
      std::memcpy(out, at + element_offset(leaf, k), leaf.capacity);
  }
}

/* Calls `each` with the place of every element, in order. */
template <typename Each> static void for_elements(const Block &block, const Leaf &leaf, Each each) {
  const uint8_t *at = block.structs;
  if (leaf.count == 1) {
    at += element_offset(leaf, 0);
    for (size_t i = 0; i < block.count; i++, at += block.stride)
      each(at);
    return;
  }
  for (size_t i = 0; i < block.count; i++, at += block.stride) {
    for (uint32_t k = 0; k < leaf.count; k++)
      each(at + element_offset(leaf, k));
  }
}

/* Bitfields that are loaded as one Word, into integers of the type Out. */
template <typename Word, typename Out>
static void convert_bits(const Block &block, const Leaf &leaf, uint8_t *out) {
  const unsigned shift = leaf.bit_shift;
  const unsigned width = leaf.bit_width;
  const uint64_t mask = width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1;
  const uint64_t sign = scalar_signed(leaf.scalar) ? uint64_t{1} << (width - 1) : 0;
  const bool little = block.little;
  for_elements(block, leaf, [&](const uint8_t *at) {
    const uint64_t pattern = static_cast<uint64_t>(load<Word>(at, little)) >> shift & mask;
    const auto value = static_cast<Out>((pattern ^ sign) - sign);
    std::memcpy(out, &value, sizeof value);
    out += sizeof value;
  });
}

template <typename Out> static bool convert_word(const Block &block, const Leaf &leaf, uint8_t *out) {
  if (leaf.kind == Kind::boolean)
    return false;
  switch (leaf.bit_bytes) {
  case 1:
    convert_bits<uint8_t, Out>(block, leaf, out);
    return true;
  case 2:
    convert_bits<uint16_t, Out>(block, leaf, out);
    return true;
  case 4:
    convert_bits<uint32_t, Out>(block, leaf, out);
    return true;
  case 8:
    convert_bits<uint64_t, Out>(block, leaf, out);
    return true;
  default:
    return false;
  }
}

static bool convert_words(const Block &block, const Leaf &leaf, uint8_t *out) {
  switch (leaf.width) {
  case 1:
    return convert_word<uint8_t>(block, leaf, out);
  case 2:
    return convert_word<uint16_t>(block, leaf, out);
  case 4:
    return convert_word<uint32_t>(block, leaf, out);
  default:
    return convert_word<uint64_t>(block, leaf, out);
  }
}

static void convert(const Block &block, const Leaf &leaf, uint8_t *out) {
  if (leaf.bit_bytes == 0) { /* bool */
    for_elements(block, leaf, [&](const uint8_t *at) { *out++ = *at != 0; });
    return;
  }
  if (convert_words(block, leaf, out))
    return;
  for_elements(block, leaf, [&](const uint8_t *at) {
    uint64_t value = load_integer(at, leaf, block.little);
    if (leaf.kind == Kind::boolean)
      value = value != 0;
    if (!host_little)
      value <<= (8 - leaf.width) * 8;
    std::memcpy(out, &value, leaf.width);
    out += leaf.width;
  });
}

static void decode_one(const Block &block, const Target &target) {
  const Leaf &leaf = *target.leaf;
  uint8_t *const out = target.out + block.done * leaf.count * leaf.width;
  if (leaf.capacity != 0)
    return copy_bytes(block, leaf, out);
  if (leaf.bit_bytes != 0 || leaf.kind == Kind::boolean)
    return convert(block, leaf, out);
  const bool as_is = leaf.width == 1 || block.little == host_little;
  if (as_is && leaf.count > 1 && leaf.offsets.empty())
    return copy_runs(block, leaf, out);
  const bool single = as_is && leaf.count == 1;
  switch (leaf.width) {
  case 1:
    return single ? copy_single<uint8_t>(block, leaf, out) : copy_swapped<uint8_t>(block, leaf, out);
  case 2:
    return single ? copy_single<uint16_t>(block, leaf, out) : copy_swapped<uint16_t>(block, leaf, out);
  case 4:
    return single ? copy_single<uint32_t>(block, leaf, out) : copy_swapped<uint32_t>(block, leaf, out);
  default:
    return single ? copy_single<uint64_t>(block, leaf, out) : copy_swapped<uint64_t>(block, leaf, out);
  }
}

/* How many targets from `at` on are plain neighbours of one width, at most `most`. */
static size_t neighbours(const std::vector<Target> &targets, size_t at, size_t most, bool little) {
  const Leaf &first = *targets[at].leaf;
  size_t count = 0;
  while (count < most && at + count < targets.size()) {
    const Leaf &leaf = *targets[at + count].leaf;
    if (!is_plain(leaf, little) || leaf.width != first.width ||
        leaf.offset != first.offset + count * first.width)
      break;
    count++;
  }
  return count;
}

/* Decodes the targets from `at` on that go together and returns how many they were. */
static size_t decode_run(const Block &block, const std::vector<Target> &targets, size_t at) {
  const Leaf &leaf = *targets[at].leaf;
  uint8_t *outs[4];
  size_t run = 1;
  if (leaf.width == 4)
    run = neighbours(targets, at, 4, block.little);
  else if (leaf.width == 8)
    run = neighbours(targets, at, 2, block.little);
  if (run < 2) {
    decode_one(block, targets[at]);
    return 1;
  }
  if (run == 3)
    run = 2;
  for (size_t k = 0; k < run; k++)
    outs[k] = targets[at + k].out + block.done * leaf.width;
  const uint8_t *const from = block.structs + leaf.offset;
  if (leaf.width == 8)
    transpose_8x2(from, block.stride, block.count, outs);
  else if (run == 4)
    transpose_4x4(from, block.stride, block.count, outs);
  else
    transpose_4x2(from, block.stride, block.count, outs);
  return run;
}

void decode_columns(const Layout &layout, const uint8_t *structs, size_t count,
                    const std::vector<Target> &targets) {
  size_t size = block_bytes / layout.size() / 4 * 4;
  if (size > max_block)
    size = max_block;
  if (size < 16)
    size = 16;
  for (size_t done = 0; done < count; done += size) {
    const size_t left = count - done;
    const Block block{structs + done * layout.size(), layout.size(), left < size ? left : size, done,
                      layout.little()};
    for (size_t at = 0; at < targets.size();)
      at += decode_run(block, targets, at);
  }
}

} // namespace structwire
