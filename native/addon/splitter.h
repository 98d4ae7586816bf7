/* SPDX-License-Identifier: MIT
 *
 * The class Splitter of the addon over core/split.h. The methods are those of RawSplitter in
 * bridge/layout/splitter.ts.
 */
#ifndef STRUCTWIRE_ADDON_SPLITTER_H
#define STRUCTWIRE_ADDON_SPLITTER_H

#include "split.h"

#include <napi.h>

namespace structwire::addon {

class Splitter : public Napi::ObjectWrap<Splitter> {
public:
  static Napi::Function define(Napi::Env env);
  explicit Splitter(const Napi::CallbackInfo &call);
  ~Splitter() override;

private:
  sw_split split_;
  Napi::Reference<Napi::Float64Array> state_;

  Napi::Value push(const Napi::CallbackInfo &call);
  Napi::Value limit(const Napi::CallbackInfo &call);
  Napi::Value route(const Napi::CallbackInfo &call);
  Napi::Value unroute(const Napi::CallbackInfo &call);
  Napi::Value offset(const Napi::CallbackInfo &call);
  void show_state();
};

/* One batch from a list of several. */
Napi::Value merge(const Napi::CallbackInfo &call);

} // namespace structwire::addon
#endif
