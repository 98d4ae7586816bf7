/* SPDX-License-Identifier: MIT
 *
 * Runs a layout's program over struct bytes.
 */
#include "json.h"
#include "batch.h"
#include "load.h"

#include <algorithm>

namespace structwire {

constexpr int64_t max_exact = int64_t{1} << 53;
constexpr int64_t ns_per_ms = 1000000;

static void write_integer(Text &text, const Leaf &leaf, uint64_t pattern) {
  if (!leaf.labels.empty()) {
    const auto found =
        std::lower_bound(leaf.labels.begin(), leaf.labels.end(), pattern,
                         [](const Label &label, uint64_t value) { return label.value < value; });
    if (found != leaf.labels.end() && found->value == pattern) {
      text.raw_utf8(found->text.data(), found->text.size());
      return;
    }
  }
  const bool is_signed = scalar_signed(leaf.scalar);
  const auto value = static_cast<int64_t>(pattern);
  const bool beyond = is_signed ? value > max_exact || value < -max_exact : pattern > uint64_t{max_exact};
  if (beyond)
    text.raw('"');
  if (is_signed)
    text.integer(value);
  else
    text.integer(pattern);
  if (beyond)
    text.raw('"');
}

static void write_leaf(Text &text, const Leaf &leaf, const uint8_t *at, bool little) {
  switch (leaf.kind) {
  case Kind::text:
    text.string(at, leaf.capacity);
    return;
  case Kind::bytes:
    text.base64(at, leaf.capacity);
    return;
  case Kind::boolean:
    if (load_integer(at, leaf, little) == 0)
      text.raw("false", 5);
    else
      text.raw("true", 4);
    return;
  default:
    break;
  }
  if (leaf.scalar == SW_F32) {
    const auto bits = load<uint32_t>(at, little);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    text.number(static_cast<double>(value));
  } else if (leaf.scalar == SW_F64) {
    const auto bits = load<uint64_t>(at, little);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    text.number(value);
  } else {
    write_integer(text, leaf, load_integer(at, leaf, little));
  }
}

void write_struct(Text &text, const Layout &layout, const uint8_t *bytes) {
  struct Loop {
    size_t body;
    uint32_t left, stride;
  };
  Loop loops[Layout::max_depth + 1];
  size_t depth = 0;
  const uint8_t *at = bytes;
  const std::vector<Step> &steps = layout.steps();
  for (size_t i = 0; i < steps.size(); i++) {
    const Step &step = steps[i];
    switch (step.operation) {
    case Step::text:
      text.raw_utf8(layout.texts()[step.a].data(), layout.texts()[step.a].size());
      break;
    case Step::leaf: {
      const Leaf &leaf = layout.leaves()[step.a];
      write_leaf(text, leaf, at + leaf.offset, layout.little());
      break;
    }
    case Step::repeat:
      loops[depth++] = {i, step.a, step.b};
      break;
    default: {
      Loop &loop = loops[depth - 1];
      const uint32_t count = steps[loop.body].a;
      if (--loop.left > 0) {
        text.raw(',');
        at += loop.stride;
        i = loop.body;
      } else {
        at -= static_cast<size_t>(count - 1) * loop.stride;
        depth--;
      }
    }
    }
  }
}

/* Whole milliseconds and the rest are each exact, so that only their sum is rounded; bridge/layout/record.ts
 * does the same. */
static double milliseconds(int64_t ns) {
  int64_t whole = ns / ns_per_ms;
  int64_t rest = ns % ns_per_ms;
  if (rest < 0) {
    rest += ns_per_ms;
    whole--;
  }
  return static_cast<double>(whole) + static_cast<double>(rest) / static_cast<double>(ns_per_ms);
}

template <typename WriteValue>
static void write_samples(Text &text, const sw_batch &batch, const uint8_t *record, WriteValue write_value) {
  text.raw('[');
  for (uint32_t i = 0; i < batch.count; i++) {
    if (i > 0)
      text.raw(',');
    text.raw("{\"seq\":", 7);
    text.integer(batch.sequences == 0 ? batch.first + i : sw_get64(record + batch.sequences + size_t{8} * i));
    text.raw(",\"time\":", 8);
    text.number(milliseconds(static_cast<int64_t>(sw_get64(record + batch.times + size_t{8} * i))));
    text.raw(",\"value\":", 9);
    write_value(i);
    text.raw('}');
  }
  text.raw(']');
}

void write_batch(Text &text, const Layout &layout, const uint8_t *record, size_t length) {
  const sw_batch batch = read_structs(layout, record, length);
  write_samples(text, batch, record, [&](uint32_t i) {
    write_struct(text, layout, record + batch.payload + size_t{i} * batch.size);
  });
}

void write_payloads(Text &text, bool json, const uint8_t *record, size_t length) {
  const sw_batch batch = read_batch(record, length);
  if (batch.lengths == 0)
    throw Failure("bad_record", "record: is a batch of structs, not of JSON or bytes");
  const uint8_t *at = record + batch.payload;
  write_samples(text, batch, record, [&](uint32_t i) {
    const uint32_t bytes = sw_get32(record + batch.lengths + size_t{4} * i);
    if (!json)
      text.base64(at, bytes);
    else if (is_json(at, bytes))
      text.raw_utf8(reinterpret_cast<const char *>(at), bytes);
    else
      throw Failure("bad_record", "record: holds a payload that is not JSON");
    at += bytes;
  });
}

} // namespace structwire
