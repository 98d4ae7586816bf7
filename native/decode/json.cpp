/* SPDX-License-Identifier: MIT
 *
 * Runs a layout's program over struct bytes.
 */
#include "json.h"
#include "batch.h"
#include "load.h"
#include "put.h"

#include <algorithm>

namespace structwire {

constexpr int64_t max_exact = int64_t{1} << 53;
constexpr int64_t ns_per_ms = 1000000;

static const Label *label_of(const Leaf &leaf, uint64_t pattern) {
  const auto found = std::lower_bound(leaf.labels.begin(), leaf.labels.end(), pattern,
                                      [](const Label &label, uint64_t value) { return label.value < value; });
  return found != leaf.labels.end() && found->value == pattern ? &*found : nullptr;
}

static char *put_integer_of(char *at, const Leaf &leaf, uint64_t pattern) {
  if (!leaf.labels.empty()) {
    const Label *const label = label_of(leaf, pattern);
    if (label != nullptr)
      return put_padded(at, label->text.data(), label->length);
  }
  const bool is_signed = scalar_signed(leaf.scalar);
  const auto value = static_cast<int64_t>(pattern);
  const bool beyond = is_signed ? value > max_exact || value < -max_exact : pattern > uint64_t{max_exact};
  if (beyond)
    *at++ = '"';
  at = is_signed ? put_integer(at, value) : put_integer(at, pattern);
  if (beyond)
    *at++ = '"';
  return at;
}

/* In leaf.text_room bytes. */
static char *put_leaf(char *at, const Leaf &leaf, const uint8_t *from, bool little, bool *ascii) {
  if (leaf.scalar == SW_F32) {
    const auto bits = load<uint32_t>(from, little);
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return put_double(at, static_cast<double>(value));
  }
  if (leaf.scalar == SW_F64) {
    const auto bits = load<uint64_t>(from, little);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return put_double(at, value);
  }
  switch (leaf.kind) {
  case Kind::text:
    return put_string(at, from, leaf.capacity, ascii);
  case Kind::bytes:
    return put_base64(at, from, leaf.capacity);
  case Kind::boolean:
    return load_integer(from, leaf, little) == 0 ? put_literal(at, "false") : put_literal(at, "true");
  default:
    return put_integer_of(at, leaf, load_integer(from, leaf, little));
  }
}

void write_struct(Text &text, const Layout &layout, const uint8_t *bytes) {
  struct Loop {
    size_t body;
    uint32_t left, stride;
  };
  Loop loops[Layout::max_depth + 1];
  size_t depth = 0;
  bool ascii = layout.ascii();
  const uint8_t *from = bytes;
  const std::vector<Step> &steps = layout.steps();
  /* Room for the whole struct at once, unless that could be much more than it needs. */
  const bool stepwise = layout.text_room() > piece_bytes;
  char *at = text.room(stepwise ? 0 : layout.text_room());
  for (size_t i = 0; i < steps.size(); i++) {
    const Step &step = steps[i];
    switch (step.operation) {
    case Step::text: {
      const Label &piece = layout.texts()[step.a];
      if (stepwise)
        at = text.room(at, padded_room(piece.length));
      at = put_padded(at, piece.text.data(), piece.length);
      break;
    }
    case Step::leaf: {
      const Leaf &leaf = layout.leaves()[step.a];
      if (stepwise)
        at = text.room(at, leaf.text_room);
      at = put_leaf(at, leaf, from + leaf.offset, layout.little(), &ascii);
      break;
    }
    case Step::repeat:
      loops[depth++] = {i, step.a, step.b};
      break;
    default: {
      Loop &loop = loops[depth - 1];
      if (--loop.left > 0) {
        if (stepwise)
          at = text.room(at, 1);
        *at++ = ',';
        from += loop.stride;
        i = loop.body;
      } else {
        from -= static_cast<size_t>(steps[loop.body].a - 1) * loop.stride;
        depth--;
      }
    }
    }
  }
  text.end(at);
  if (!ascii)
    text.mark_utf8();
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

/* Room for what stands around the value of a sample. */
constexpr size_t sample_room = 96 + max_number_bytes;

template <typename WriteValue>
static void write_samples(Text &text, const sw_batch &batch, const uint8_t *record, const Flush &flush,
                          WriteValue write_value) {
  const uint32_t sender = batch.lengths == 0 ? 0 : batch.schema; /* 0: of a driver */
  size_t given = 0;
  for (uint32_t i = 0; i < batch.count; i++) {
    char *at = text.room(sample_room);
    *at++ = i == 0 ? '[' : ',';
    at = put_literal(at, "{\"seq\":");
    at = put_integer(at, batch.sequences == 0 ? batch.first + i
                                              : sw_get64(record + batch.sequences + size_t{8} * i));
    at = put_literal(at, ",\"time\":");
    at = put_double(at, milliseconds(static_cast<int64_t>(sw_get64(record + batch.times + size_t{8} * i))));
    if (sender != 0) {
      at = put_literal(at, ",\"sender\":");
      at = put_integer(at, uint64_t{sender});
    }
    at = put_literal(at, ",\"value\":");
    text.end(at);
    write_value(i);
    text.append("}]", i + 1 == batch.count ? 2 : 1);
    if (given + text.length() > Text::max_bytes)
      throw Failure("message_too_large", "a batch makes more than 256 MiB of JSON");
    if (text.length() >= piece_bytes || i + 1 == batch.count) {
      given += text.length();
      flush(text);
    }
  }
}

void write_batch(Text &text, const Layout &layout, const uint8_t *record, size_t length, const Flush &flush) {
  const sw_batch batch = read_structs(layout, record, length);
  write_samples(text, batch, record, flush, [&](uint32_t i) {
    write_struct(text, layout, record + batch.payload + size_t{i} * batch.size);
  });
}

void write_payloads(Text &text, bool json, const uint8_t *record, size_t length, const Flush &flush) {
  const sw_batch batch = read_batch(record, length);
  if (batch.lengths == 0)
    throw Failure("bad_record", "record: is a batch of structs, not of JSON or bytes");
  const uint8_t *from = record + batch.payload;
  size_t depth = 0;
  write_samples(text, batch, record, flush, [&](uint32_t i) {
    const uint32_t bytes = sw_get32(record + batch.lengths + size_t{4} * i);
    if (!json)
      text.end(put_base64(text.room(base64_room(bytes)), from, bytes));
    else if (is_json(from, bytes, &depth))
      text.append(reinterpret_cast<const char *>(from), bytes);
    else
      throw Failure("bad_record", "record: holds a payload that is not JSON");
    from += bytes;
  });
}

} // namespace structwire
