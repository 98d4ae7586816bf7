/* SPDX-License-Identifier: MIT
 *
 * What the addon exports: AddonModule in bridge/layout/native/addon-module.ts. It keeps nothing outside its
 * objects, so it works in any number of worker threads.
 */
#include "filter_class.h"
#include "plan.h"
#include "send.h"
#include "splitter.h"
#include "thinner.h"

static Napi::Object start(Napi::Env env, Napi::Object exports) {
  namespace addon = structwire::addon;
  exports.Set("Filter", addon::Filter::define(env));
  exports.Set("Plan", addon::Plan::define(env));
  exports.Set("Splitter", addon::Splitter::define(env));
  exports.Set("Thinner", addon::Thinner::define(env));
  exports.Set("admit", Napi::Function::New(env, addon::admit_batch, "admit"));
  exports.Set("merge", Napi::Function::New(env, addon::merge, "merge"));
  exports.Set("payloads", Napi::Function::New(env, addon::payload_records, "payloads"));
  exports.Set("payloadsJson", Napi::Function::New(env, addon::payloads_json, "payloadsJson"));
  exports.Set("send", Napi::Function::New(env, addon::send, "send"));
  return exports;
}

NODE_API_MODULE(structwire_addon, start)
