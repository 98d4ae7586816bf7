/* SPDX-License-Identifier: MIT
 *
 * Thinner: arguments in, one call of the decode library, records out.
 */
#include "thinner.h"
#include "arguments.h"
#include "description.h"
#include "records.h"

namespace structwire::addon {

static const napi_type_tag thinner_tag = {0x7374727563747769, 0x72657468696e0001};

Napi::Function Thinner::define(Napi::Env env) {
  return DefineClass(env, "Thinner",
                     {InstanceMethod("push", &Thinner::push), InstanceMethod("flush", &Thinner::flush)});
}

static std::unique_ptr<structwire::Thinner> make(const Napi::CallbackInfo &call) {
  const double ns = call[0].IsNumber() ? call[0].As<Napi::Number>().DoubleValue() : 0;
  if (!(ns >= 1 && ns <= 9007199254740991.0))
    throw wrong(call.Env(), "expected a whole number of nanoseconds");
  const auto whole = static_cast<uint64_t>(ns);
  if (call[1].IsUndefined())
    return std::make_unique<RateThinner>(whole);
  Layout layout = read_layout(call[1]);
  const Bytes leaves = memory_of(call[2], napi_uint32_array);
  std::vector<uint32_t> indices(leaves.length);
  if (leaves.length > 0)
    std::memcpy(indices.data(), leaves.at, leaves.length * sizeof(uint32_t));
  return std::make_unique<ExtremesThinner>(std::move(layout), indices, whole);
}

Thinner::Thinner(const Napi::CallbackInfo &call)
    : Napi::ObjectWrap<Thinner>(call), thinner_(guarded(call.Env(), [&] { return make(call); })) {
  call.This().As<Napi::Object>().TypeTag(&thinner_tag);
}

Napi::Value Thinner::push(const Napi::CallbackInfo &call) {
  check_receiver(call, thinner_tag);
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    return records.result(thinner_->push(record.at, record.length, records.give()));
  });
}

Napi::Value Thinner::flush(const Napi::CallbackInfo &call) {
  check_receiver(call, thinner_tag);
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    thinner_->flush(records.give());
    return records.result();
  });
}

} // namespace structwire::addon
