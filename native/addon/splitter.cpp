/* SPDX-License-Identifier: MIT
 *
 * Splitter and merge: one call for each chunk, one ArrayBuffer for the records it completes. JavaScript cuts
 * that into views itself, which costs a fraction of making them here.
 */
#include "splitter.h"
#include "arguments.h"
#include "merge.h"

#include <cstdlib>

namespace structwire::addon {

static const napi_type_tag splitter_tag = {0x7374727563747769, 0x726573706c697401};

/* Numbers of SPLIT_STATE in bridge/layout/splitter.ts. */
static const size_t STATE_LENGTH = 8;

static void *resize(void *, void *memory, size_t bytes) {
  if (bytes > 0)
    return std::realloc(memory, bytes);
  std::free(memory);
  return nullptr;
}

/* For records that the caller writes whole. The memory of ArrayBuffer::New is set to zero first, which takes
 * as long as writing them; that of a buffer is not. */
static Napi::ArrayBuffer unwritten(Napi::Env env, size_t bytes) {
  return Napi::Buffer<uint8_t>::New(env, bytes).ArrayBuffer();
}

static void check(Napi::Env env, sw_status status) {
  switch (status) {
  case SW_OK:
    return;
  case SW_BAD_RECORD:
    throw coded(env, "bad_record",
                "record: does not fit the format, or is of a stream or size that was not advertised");
  case SW_OUT_OF_MEMORY:
    throw coded(env, "out_of_memory", "there was not enough memory");
  default:
    throw wrong(env, "a splitter cannot do this");
  }
}

Napi::Function Splitter::define(Napi::Env env) {
  return DefineClass(env, "Splitter",
                     {InstanceMethod("push", &Splitter::push), InstanceMethod("limit", &Splitter::limit),
                      InstanceMethod("route", &Splitter::route),
                      InstanceMethod("unroute", &Splitter::unroute),
                      InstanceMethod("offset", &Splitter::offset)});
}

Splitter::Splitter(const Napi::CallbackInfo &call) : Napi::ObjectWrap<Splitter>(call) {
  sw_split_init(&split_, resize, nullptr);
  Napi::Object self = call.This().As<Napi::Object>();
  self.TypeTag(&splitter_tag);
  const Napi::Float64Array state = Napi::Float64Array::New(call.Env(), STATE_LENGTH);
  state_ = Napi::Persistent(state);
  self.DefineProperty(Napi::PropertyDescriptor::Value("state", state, napi_enumerable));
}

Splitter::~Splitter() {
  sw_split_fini(&split_);
}

void Splitter::show_state() {
  const Bytes state = memory_of(state_.Value(), napi_float64_array);
  const double numbers[STATE_LENGTH] = {static_cast<double>(split_.more),
                                        static_cast<double>(split_.chunks),
                                        static_cast<double>(split_.record_total),
                                        static_cast<double>(split_.batch_total),
                                        static_cast<double>(split_.sample_total),
                                        static_cast<double>(sw_split_ready(&split_)),
                                        static_cast<double>(split_.tail - split_.head),
                                        static_cast<double>(split_.left)};
  if (state.length == STATE_LENGTH)
    std::memcpy(state.at, numbers, sizeof numbers);
}

/* The memory that the caller lends, if the records fit into it, else new memory. */
static Napi::ArrayBuffer memory_for(const Napi::CallbackInfo &call, size_t ready) {
  if (call.Length() > 1 && call[1].IsArrayBuffer()) {
    Napi::ArrayBuffer lent = call[1].As<Napi::ArrayBuffer>();
    if (lent.ByteLength() >= ready)
      return lent;
  }
  return unwritten(call.Env(), ready);
}

/* The memory of the chunk, if the records are worth keeping all of it and can stay where they were read. */
static bool stays(const Napi::CallbackInfo &call, sw_split *split, uint8_t *chunk, size_t ready) {
  const Napi::Uint8Array bytes = call[0].As<Napi::Uint8Array>();
  return bytes.ByteOffset() == 0 && 2 * ready >= bytes.ArrayBuffer().ByteLength() &&
         sw_split_take_here(split, chunk) != 0;
}

Napi::Value Splitter::push(const Napi::CallbackInfo &call) {
  check_receiver(call, splitter_tag);
  const Napi::Env env = call.Env();
  const uint32_t most = call.Length() > 2 ? number_argument(call, 2) : 0;
  const Bytes chunk = bytes_argument(call, 0);
  const sw_status status = sw_split_push_leaving(&split_, chunk.at, chunk.length, most);
  show_state();
  check(env, status);
  const size_t ready = sw_split_ready(&split_);
  if (ready == 0)
    return env.Null();
  if (most > 0 && stays(call, &split_, chunk.at, ready))
    return call[0].As<Napi::Uint8Array>().ArrayBuffer();
  Napi::ArrayBuffer records = memory_for(call, ready);
  sw_split_take(&split_, static_cast<uint8_t *>(records.Data()));
  return records;
}

Napi::Value Splitter::limit(const Napi::CallbackInfo &call) {
  check_receiver(call, splitter_tag);
  check(call.Env(), sw_split_limit(&split_, number_argument(call, 0)));
  return call.Env().Undefined();
}

Napi::Value Splitter::route(const Napi::CallbackInfo &call) {
  check_receiver(call, splitter_tag);
  const sw_route route = {number_argument(call, 0), number_argument(call, 1), number_argument(call, 2),
                          number_argument(call, 3)};
  check(call.Env(), sw_split_route(&split_, &route));
  return call.Env().Undefined();
}

Napi::Value Splitter::unroute(const Napi::CallbackInfo &call) {
  check_receiver(call, splitter_tag);
  sw_split_unroute(&split_, number_argument(call, 0));
  return call.Env().Undefined();
}

Napi::Value Splitter::offset(const Napi::CallbackInfo &call) {
  check_receiver(call, splitter_tag);
  bool lossless = false;
  if (!call[0].IsBigInt())
    throw wrong(call.Env(), "expected a bigint");
  const int64_t ns = call[0].As<Napi::BigInt>().Int64Value(&lossless);
  if (!lossless)
    throw wrong(call.Env(), "an offset of more than 64 bits");
  sw_split_offset(&split_, ns);
  return call.Env().Undefined();
}

static void check_merge(Napi::Env env, sw_merge fit) {
  switch (fit) {
  case SW_MERGE_OK:
    return;
  case SW_MERGE_BAD_RECORD:
    throw coded(env, "bad_record", "record: is not a whole batch");
  case SW_MERGE_STRANGERS:
    throw coded(env, "invalid_argument", "batches of different streams, layouts or epochs do not merge");
  case SW_MERGE_DISORDER:
    throw coded(env, "invalid_argument", "batches merge in order of their sequences");
  default:
    throw coded(env, "message_too_large", "the merged batch would be larger than a batch may be");
  }
}

Napi::Value merge(const Napi::CallbackInfo &call) {
  const Napi::Env env = call.Env();
  const Napi::Array list = array_argument(call, 0);
  std::vector<Napi::Value> batches;
  for (uint32_t i = 0, length = list.Length(); i < length; i++)
    batches.push_back(list.Get(i));
  std::vector<const uint8_t *> records;
  for (const Napi::Value &batch : batches) {
    const Bytes bytes = memory_of(batch, napi_uint8_array);
    sw_prefix prefix;
    if (sw_prefix_read(bytes.at, bytes.length, SW_MAX_RECORD_BYTES, &prefix) != SW_PARSE_RECORD ||
        prefix.bytes != bytes.length)
      check_merge(env, SW_MERGE_BAD_RECORD);
    records.push_back(bytes.at);
  }
  sw_batch plan;
  check_merge(env, sw_merge_plan(records.data(), records.size(), &plan));
  Napi::ArrayBuffer merged = unwritten(env, plan.bytes);
  sw_merge_write(records.data(), records.size(), &plan, static_cast<uint8_t *>(merged.Data()));
  return merged;
}

} // namespace structwire::addon
