/* SPDX-License-Identifier: MIT
 *
 * Checks of arguments.
 */
#include "arguments.h"

namespace structwire::addon {

Napi::Error coded(Napi::Env env, const char *code, const std::string &message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Napi::Error wrong(Napi::Env env, const char *message) {
  Napi::Error error = Napi::TypeError::New(env, message);
  error.Set("code", Napi::String::New(env, "invalid_argument"));
  return error;
}

Bytes memory_of(const Napi::Value &value, napi_typedarray_type type) {
  const Napi::Env env = value.Env();
  napi_typedarray_type found;
  size_t length;
  size_t offset;
  void *memory;
  napi_value buffer;
  bool own = false;
  if (!value.IsTypedArray())
    throw wrong(env, "expected a typed array");
  napi_status status = napi_get_typedarray_info(env, value, &found, &length, &memory, &buffer, &offset);
  if (status == napi_ok)
    status = napi_is_arraybuffer(env, buffer, &own);
  if (status != napi_ok || !own || found != type)
    throw wrong(env, "expected a typed array of another type, not over shared memory");
  return {static_cast<uint8_t *>(memory), length};
}

Bytes bytes_argument(const Napi::CallbackInfo &call, size_t index) {
  return memory_of(call[index], napi_uint8_array);
}

static uint32_t whole_number(const Napi::Value &value, uint32_t most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
  if (!(number >= 0 && number <= most) || number != static_cast<double>(static_cast<uint32_t>(number)))
    throw wrong(value.Env(), "expected a whole number in its range");
  return static_cast<uint32_t>(number);
}

uint32_t number_argument(const Napi::CallbackInfo &call, size_t index) {
  return whole_number(call[index], UINT32_MAX);
}

static Napi::Array array_of(const Napi::Value &value) {
  if (!value.IsArray())
    throw wrong(value.Env(), "expected a list");
  return value.As<Napi::Array>();
}

Napi::Array array_argument(const Napi::CallbackInfo &call, size_t index) {
  return array_of(call[index]);
}

uint32_t number_property(const Napi::Object &object, const char *name, uint32_t most) {
  return whole_number(object.Get(name), most);
}

Napi::Array array_property(const Napi::Object &object, const char *name) {
  return array_of(object.Get(name));
}

void check_receiver(const Napi::CallbackInfo &call, const napi_type_tag &tag) {
  const Napi::Value self = call.This();
  if (!self.IsObject() || !self.As<Napi::Object>().CheckTypeTag(&tag))
    throw wrong(call.Env(), "called on another object");
}

} // namespace structwire::addon
