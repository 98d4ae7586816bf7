/* SPDX-License-Identifier: MIT
 *
 * The class Plan of the addon: a layout, and what is done with struct bytes of it. The methods are those of
 * NativePlan in bridge/layout/native/addon-module.ts.
 */
#ifndef STRUCTWIRE_ADDON_PLAN_H
#define STRUCTWIRE_ADDON_PLAN_H

#include "columns.h"
#include "text.h"

#include <napi.h>

namespace structwire::addon {

class Plan : public Napi::ObjectWrap<Plan> {
public:
  static Napi::Function define(Napi::Env env);
  explicit Plan(const Napi::CallbackInfo &call);

private:
  Layout layout_;
  Text text_;                   /* its memory is used again by the next call, */
  std::vector<Target> targets_; /* and so is this */

  Napi::Value columns(const Napi::CallbackInfo &call);
  Napi::Value json(const Napi::CallbackInfo &call);
  Napi::Value value_json(const Napi::CallbackInfo &call);
  Napi::Value encode(const Napi::CallbackInfo &call);
  Napi::Value project(const Napi::CallbackInfo &call);
  Napi::Value structs(const Napi::CallbackInfo &call);
  Napi::Value payloads(const Napi::CallbackInfo &call);
};

/* The JSON text of a batch of payloads, in pieces. */
Napi::Value payloads_json(const Napi::CallbackInfo &call);
/* A batch of payloads in records for another stream. */
Napi::Value payload_records(const Napi::CallbackInfo &call);
Napi::Value admit_batch(const Napi::CallbackInfo &call);

} // namespace structwire::addon
#endif
