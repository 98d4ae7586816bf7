/* SPDX-License-Identifier: MIT
 *
 * A struct's layout as the decoders work from it: primitive leaves, and the JSON text of one struct as a flat
 * program. A Layout can only be made from parts that stay inside the struct, so decoders need not check
 * again.
 */
#ifndef STRUCTWIRE_DECODE_LAYOUT_H
#define STRUCTWIRE_DECODE_LAYOUT_H

#include "structwire/structwire.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace structwire {

/* What goes wrong here, with a code of docs/errors.md. */
class Failure : public std::runtime_error {
public:
  Failure(const char *code, const std::string &what) : std::runtime_error(what), code_(code) {}
  const char *code() const { return code_; }

private:
  const char *code_; /* static storage */
};

/* In the order of KINDS in bridge/layout/native/plan.ts. */
enum class Kind : uint8_t { number, bigint, boolean, enumeration, text, bytes };

struct Dimension {
  uint32_t length, stride;
};

/* An enum's value as its 64-bit pattern, and its label as JSON text. Layout adds 16 bytes to the text that do
 * not belong to it, so that it can be copied in blocks; `length` is that of the text itself. */
struct Label {
  uint64_t value = 0;
  std::string text;
  size_t length = 0;
};

struct Leaf {
  Kind kind = Kind::number;
  sw_scalar scalar = SW_U8;
  uint32_t offset = 0;
  uint32_t capacity = 0; /* bytes of a text or bytes leaf */
  uint8_t bit_bytes = 0; /* 0: no bitfield */
  uint8_t bit_shift = 0;
  uint8_t bit_width = 0;
  std::vector<Dimension> dims; /* outermost first */
  std::vector<Label> labels;

  /* Set by Layout. */
  uint32_t width = 0;     /* bytes of one element in a column; `capacity` for text and bytes */
  uint32_t count = 0;     /* elements of one sample */
  uint32_t text_room = 0; /* for one element as JSON text */
  std::vector<uint32_t>
      offsets; /* of the elements; empty when they stand one behind the other from `offset` */
};

/* In the order of STEPS in bridge/layout/native/plan.ts. */
struct Step {
  enum Operation : uint32_t {
    text,   /* write texts[a] */
    leaf,   /* write the element of leaf a */
    repeat, /* to the matching end a times, b bytes further each time, with commas between */
    end
  };
  uint32_t operation, a, b;
};

class Layout {
public:
  static constexpr uint32_t max_size = 1048576;
  static constexpr size_t max_leaves = 65536;
  static constexpr size_t max_depth = 64;
  static constexpr uint64_t max_elements = 4194304;

  /* Throws Failure("invalid_argument") for parts that do not fit together. */
  Layout(uint32_t size, bool little, std::vector<Leaf> leaves, std::vector<Step> steps,
         std::vector<std::string> texts);

  uint32_t size() const { return size_; }
  bool little() const { return little_; }
  const std::vector<Leaf> &leaves() const { return leaves_; }
  const std::vector<Step> &steps() const { return steps_; }
  /* Padded as the text of a Label. */
  const std::vector<Label> &texts() const { return texts_; }
  /* Whether all texts and labels are ASCII. */
  bool ascii() const { return ascii_; }
  /* Room for the JSON text of a whole struct. */
  uint64_t text_room() const { return text_room_; }

private:
  uint32_t size_;
  bool little_;
  std::vector<Leaf> leaves_;
  std::vector<Step> steps_;
  std::vector<Label> texts_;
  bool ascii_ = true;
  uint64_t text_room_ = 0;

  void pad(Label &label);
  void check_steps();
};

/* Bytes of a scalar in memory. */
uint32_t scalar_bytes(sw_scalar scalar);
inline bool scalar_signed(sw_scalar scalar) {
  return scalar >= SW_I8 && scalar <= SW_I64;
}

/* The offset of an element of a leaf; `element` is below leaf.count. */
uint32_t element_offset(const Leaf &leaf, uint32_t element);

} // namespace structwire
#endif
