/* SPDX-License-Identifier: MIT
 *
 * Plan: arguments in, one call of the decode library, results out.
 */
#include "plan.h"
#include "admit.h"
#include "arguments.h"
#include "batch.h"
#include "description.h"
#include "encode.h"
#include "json.h"
#include "payloads.h"
#include "project.h"
#include "records.h"
#include "structs.h"

namespace structwire::addon {

static const napi_type_tag plan_tag = {0x7374727563747769, 0x7265706c616e0001};

Napi::Function Plan::define(Napi::Env env) {
  return DefineClass(env, "Plan",
                     {InstanceMethod("columns", &Plan::columns), InstanceMethod("json", &Plan::json),
                      InstanceMethod("valueJson", &Plan::value_json), InstanceMethod("encode", &Plan::encode),
                      InstanceMethod("project", &Plan::project), InstanceMethod("structs", &Plan::structs),
                      InstanceMethod("payloads", &Plan::payloads)});
}

Plan::Plan(const Napi::CallbackInfo &call)
    : Napi::ObjectWrap<Plan>(call), layout_(guarded(call.Env(), [&] { return read_layout(call[0]); })) {
  call.This().As<Napi::Object>().TypeTag(&plan_tag);
}

/* Latin-1 is the cheap way into a JavaScript string, and ASCII is Latin-1. */
static Napi::Value string_of(Napi::Env env, const Text &text) {
  napi_value value;
  const napi_status status = text.ascii()
                                 ? napi_create_string_latin1(env, text.chars(), text.length(), &value)
                                 : napi_create_string_utf8(env, text.chars(), text.length(), &value);
  if (status != napi_ok)
    throw coded(env, "out_of_memory", "the text does not fit a string");
  return Napi::Value(env, value);
}

Napi::Value Plan::columns(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const Napi::Env env = call.Env();
  const Bytes record = bytes_argument(call, 0);
  const Bytes indices = memory_of(call[1], napi_uint32_array);
  const Bytes out = bytes_argument(call, 2);
  return guarded(env, [&] {
    const sw_batch batch = read_structs(layout_, record.at, record.length);
    uint64_t at = 0;
    targets_.clear();
    for (size_t i = 0; i < indices.length; i++) {
      uint32_t index;
      std::memcpy(&index, indices.at + 4 * i, sizeof index);
      if (index >= layout_.leaves().size() || layout_.leaves()[index].kind == Kind::text)
        throw wrong(env, "a field that has no typed column");
      const Leaf &leaf = layout_.leaves()[index];
      const uint64_t bytes = uint64_t{batch.count} * leaf.count * leaf.width;
      if (at + bytes > out.length)
        throw wrong(env, "columns that are too short");
      targets_.push_back({&leaf, out.at + at});
      at += (bytes + 7) & ~uint64_t{7};
    }
    if (at != out.length || reinterpret_cast<uintptr_t>(out.at) % 8 != 0)
      throw wrong(env, "columns of another length");
    decode_columns(layout_, record.at + batch.payload, batch.count, targets_);
    return env.Undefined();
  });
}

/* Gives the pieces of a text to a list of JavaScript strings. */
static Flush flush_to(Napi::Env env, Napi::Array pieces) {
  return [env, pieces](Text &text) mutable {
    pieces.Set(pieces.Length(), string_of(env, text));
    text.clear();
  };
}

Napi::Value Plan::json(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Napi::Array pieces = Napi::Array::New(call.Env());
    text_.clear();
    write_batch(text_, layout_, record.at, record.length, flush_to(call.Env(), pieces));
    return pieces;
  });
}

Napi::Value Plan::value_json(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const Bytes bytes = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    if (bytes.length != layout_.size())
      throw Failure("bad_record", "record: is a struct of another size");
    text_.clear();
    write_struct(text_, layout_, bytes.at);
    return string_of(call.Env(), text_);
  });
}

Napi::Value Plan::encode(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const Bytes value = bytes_argument(call, 0);
  const Bytes mask = bytes_argument(call, 1);
  const Bytes indices = memory_of(call[2], napi_uint32_array);
  const Bytes elements = memory_of(call[3], napi_uint32_array);
  const Bytes bits = bytes_argument(call, 4);
  if (value.length != layout_.size() || mask.length != layout_.size() || indices.length != elements.length)
    throw wrong(call.Env(), "writes do not fit the layout");
  return guarded(call.Env(), [&] {
    const Writes writes{reinterpret_cast<const uint32_t *>(indices.at),
                        reinterpret_cast<const uint32_t *>(elements.at), indices.length, bits.at,
                        bits.length};
    const int64_t twice = write_elements(layout_, writes, value.at, mask.at);
    return Napi::Number::New(call.Env(), static_cast<double>(twice));
  });
}

static size_t triples(const Napi::CallbackInfo &call, const Bytes &numbers) {
  if (numbers.length % 3 != 0)
    throw wrong(call.Env(), "moves are three numbers each");
  return numbers.length / 3;
}

Napi::Value Plan::project(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const uint32_t size = number_argument(call, 1);
  const Bytes record = bytes_argument(call, 0);
  const Bytes moves = memory_of(call[2], napi_uint32_array);
  const Bytes widenings = memory_of(call[3], napi_uint32_array);
  const Projection projection{layout_,
                              size,
                              reinterpret_cast<const Move *>(moves.at),
                              triples(call, moves),
                              reinterpret_cast<const Widening *>(widenings.at),
                              triples(call, widenings)};
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    structwire::project(projection, record.at, record.length, records.give());
    return records.result();
  });
}

/* Columns may stand anywhere: each is given as its bytes. */
Napi::Value Plan::structs(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const Napi::Env env = call.Env();
  const Napi::Array list = array_argument(call, 2);
  const uint32_t count = number_argument(call, 0);
  const uint32_t length = list.Length();
  if (length > Layout::max_leaves)
    throw wrong(env, "too many columns");
  std::vector<Napi::Value> arrays;
  arrays.reserve(length);
  for (uint32_t i = 0; i < length; i++)
    arrays.push_back(list.Get(i));
  const Bytes indices = memory_of(call[1], napi_uint32_array);
  const Bytes out = bytes_argument(call, 3);
  if (indices.length != length || out.length != uint64_t{count} * layout_.size())
    throw wrong(env, "columns and fields, or structs and their memory, differ in number");
  return guarded(env, [&] {
    std::vector<Column> columns;
    for (uint32_t i = 0; i < length; i++) {
      uint32_t index;
      std::memcpy(&index, indices.at + size_t{4} * i, sizeof index);
      if (index >= layout_.leaves().size())
        throw wrong(env, "a field that is not there");
      const Leaf &leaf = layout_.leaves()[index];
      const Bytes in = memory_of(arrays[i], napi_uint8_array);
      if (in.length != uint64_t{count} * leaf.count * leaf.width)
        throw wrong(env, "a column of another length");
      columns.push_back({&leaf, in.at});
    }
    encode_structs(layout_, columns, count, out.at);
    return env.Undefined();
  });
}

Napi::Value payloads_json(const Napi::CallbackInfo &call) {
  if (!call[1].IsString())
    throw wrong(call.Env(), "expected json or bytes");
  const std::string variable = call[1].As<Napi::String>();
  if (variable != "json" && variable != "bytes")
    throw wrong(call.Env(), "expected json or bytes");
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Text text;
    Napi::Array pieces = Napi::Array::New(call.Env());
    write_payloads(text, variable == "json", record.at, record.length, flush_to(call.Env(), pieces));
    return pieces;
  });
}

/* Room for the largest payload, and not more than a record may have. */
static PayloadTarget target_arguments(const Napi::CallbackInfo &call, size_t index) {
  const PayloadTarget target{number_argument(call, index), number_argument(call, index + 1)};
  if (target.max_bytes > SW_MAX_RECORD_BYTES || target.max_bytes < SW_MAX_SAMPLE_BYTES + 64)
    throw wrong(call.Env(), "records cannot be of that size");
  return target;
}

Napi::Value Plan::payloads(const Napi::CallbackInfo &call) {
  check_receiver(call, plan_tag);
  const PayloadTarget target = target_arguments(call, 1);
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    structwire::payloads(&layout_, true, record.at, record.length, target, records.give());
    return records.result();
  });
}

Napi::Value payload_records(const Napi::CallbackInfo &call) {
  if (!call[3].IsBoolean())
    throw wrong(call.Env(), "expected whether it is JSON");
  const bool json = call[3].As<Napi::Boolean>();
  const PayloadTarget target = target_arguments(call, 1);
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    Records records(call.Env());
    structwire::payloads(nullptr, json, record.at, record.length, target, records.give());
    return records.result();
  });
}

Napi::Value admit_batch(const Napi::CallbackInfo &call) {
  if (!call[1].IsBoolean() || !call[2].IsNumber())
    throw wrong(call.Env(), "expected whether it is JSON, and a time");
  const bool json = call[1].As<Napi::Boolean>();
  const double now_ms = call[2].As<Napi::Number>();
  if (!(now_ms >= 0 && now_ms <= 9e12)) /* in ns it fits 63 bits */
    throw wrong(call.Env(), "expected a time in ms since 1970");
  const Bytes record = bytes_argument(call, 0);
  return guarded(call.Env(), [&] {
    admit(record.at, record.length, json, now_ms);
    return call.Env().Undefined();
  });
}

} // namespace structwire::addon
