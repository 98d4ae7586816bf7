/* SPDX-License-Identifier: MIT
 *
 * Reading of layout descriptions.
 */
#include "description.h"

#include <cstring>

namespace structwire::addon {

static std::vector<uint32_t> read_numbers(const Napi::Array &list, uint32_t most_entries) {
  std::vector<uint32_t> numbers;
  const uint32_t length = list.Length();
  if (length > most_entries)
    throw wrong(list.Env(), "a list is too long");
  for (uint32_t i = 0; i < length; i++) {
    const Napi::Value value = list.Get(i);
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
    if (!(number >= 0 && number <= UINT32_MAX))
      throw wrong(list.Env(), "expected a list of whole numbers");
    numbers.push_back(static_cast<uint32_t>(number));
  }
  return numbers;
}

static std::vector<std::string> read_texts(const Napi::Array &list) {
  std::vector<std::string> texts;
  const uint32_t length = list.Length();
  for (uint32_t i = 0; i < length; i++) {
    const Napi::Value value = list.Get(i);
    if (!value.IsString())
      throw wrong(list.Env(), "expected a list of texts");
    texts.push_back(value.As<Napi::String>().Utf8Value());
  }
  return texts;
}

static std::vector<Label> read_labels(const Napi::Object &object) {
  std::vector<std::string> texts = read_texts(array_property(object, "labelTexts"));
  const Napi::Value list = object.Get("labelValues");
  const Bytes values = memory_of(list, napi_biguint64_array);
  if (values.length != texts.size())
    throw wrong(object.Env(), "labels and their values differ in number");
  std::vector<Label> labels(texts.size());
  for (size_t i = 0; i < texts.size(); i++) {
    std::memcpy(&labels[i].value, values.at + i * 8, 8);
    labels[i].text = std::move(texts[i]);
  }
  return labels;
}

static Leaf read_leaf(const Napi::Value &value) {
  if (!value.IsObject())
    throw wrong(value.Env(), "expected a leaf");
  const Napi::Object object = value.As<Napi::Object>();
  Leaf leaf;
  leaf.kind = static_cast<Kind>(number_property(object, "kind", static_cast<uint32_t>(Kind::bytes)));
  leaf.scalar = static_cast<sw_scalar>(number_property(object, "scalar", SW_CHAR));
  leaf.offset = number_property(object, "offset", Layout::max_size);
  leaf.capacity = number_property(object, "capacity", Layout::max_size);
  const std::vector<uint32_t> bits = read_numbers(array_property(object, "bits"), 3);
  if (bits.size() == 3 && bits[0] > 0 && bits[0] <= 9 && bits[1] < 72 && bits[2] <= 64) {
    leaf.bit_bytes = static_cast<uint8_t>(bits[0]);
    leaf.bit_shift = static_cast<uint8_t>(bits[1]);
    leaf.bit_width = static_cast<uint8_t>(bits[2]);
  } else if (!bits.empty()) {
    throw wrong(value.Env(), "a bitfield that cannot be");
  }
  const std::vector<uint32_t> dims = read_numbers(array_property(object, "dims"), 32);
  for (size_t i = 0; i + 1 < dims.size(); i += 2)
    leaf.dims.push_back({dims[i], dims[i + 1]});
  leaf.labels = read_labels(object);
  return leaf;
}

static std::vector<Step> read_steps(const Napi::Value &value) {
  const Bytes numbers = memory_of(value, napi_uint32_array);
  if (numbers.length % 3 != 0)
    throw wrong(value.Env(), "steps are three numbers each");
  std::vector<Step> steps(numbers.length / 3);
  if (!steps.empty())
    std::memcpy(steps.data(), numbers.at, steps.size() * sizeof(Step));
  return steps;
}

Layout read_layout(const Napi::Value &description) {
  if (!description.IsObject())
    throw wrong(description.Env(), "expected a layout's description");
  const Napi::Object object = description.As<Napi::Object>();
  const uint32_t size = number_property(object, "size", Layout::max_size);
  const bool little = object.Get("little").ToBoolean();
  const Napi::Array list = array_property(object, "leaves");
  const uint32_t count = list.Length();
  if (count > Layout::max_leaves)
    throw wrong(object.Env(), "too many leaves");
  std::vector<Leaf> leaves;
  for (uint32_t i = 0; i < count; i++) {
    const Napi::HandleScope scope(
        object.Env()); /* a large layout has more values than handles are kept for one call */
    leaves.push_back(read_leaf(list.Get(i)));
  }
  std::vector<std::string> texts = read_texts(array_property(object, "texts"));
  return Layout(size, little, std::move(leaves), read_steps(object.Get("steps")), std::move(texts));
}

} // namespace structwire::addon
