/* SPDX-License-Identifier: MIT
 *
 * Filter: arguments in, one call of the decode library, records out.
 */
#include "filter_class.h"
#include "arguments.h"
#include "description.h"
#include "records.h"

namespace structwire::addon {

static const napi_type_tag filter_tag = {0x7374727563747769, 0x726566696c740001};

Napi::Function Filter::define(Napi::Env env) {
  return DefineClass(env, "Filter", {InstanceMethod("select", &Filter::select)});
}

static std::vector<std::string> read_texts(const Napi::Array &list) {
  std::vector<std::string> texts;
  for (uint32_t i = 0, length = list.Length(); i < length; i++) {
    const Bytes bytes = memory_of(list.Get(i), napi_uint8_array);
    texts.emplace_back(reinterpret_cast<const char *>(bytes.at), bytes.length);
  }
  return texts;
}

/* The numbers of a typed array as structs of such numbers. */
template <typename Struct, typename Number>
static std::vector<Struct> read_structs(const Napi::Value &value, napi_typedarray_type type) {
  constexpr size_t each = sizeof(Struct) / sizeof(Number);
  const Bytes numbers = memory_of(value, type);
  if (numbers.length % each != 0)
    throw wrong(value.Env(), "a step or a pair of bounds is not whole");
  std::vector<Struct> structs(numbers.length / each);
  if (!structs.empty())
    std::memcpy(structs.data(), numbers.at, structs.size() * sizeof(Struct));
  return structs;
}

static structwire::Filter make(const Napi::CallbackInfo &call) {
  Layout layout = read_layout(call[0]);
  std::vector<std::string> texts = read_texts(array_argument(call, 3));
  return structwire::Filter(std::move(layout), read_structs<Test, uint32_t>(call[1], napi_uint32_array),
                            read_structs<Bounds, uint64_t>(call[2], napi_biguint64_array), std::move(texts));
}

Filter::Filter(const Napi::CallbackInfo &call)
    : Napi::ObjectWrap<Filter>(call), filter_(guarded(call.Env(), [&] { return make(call); })) {
  call.This().As<Napi::Object>().TypeTag(&filter_tag);
}

Napi::Value Filter::select(const Napi::CallbackInfo &call) {
  check_receiver(call, filter_tag);
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    return records.result(filter_.select(record.at, record.length, records.give()));
  });
}

} // namespace structwire::addon
