/* SPDX-License-Identifier: MIT
 *
 * The class Filter of the addon over decode/filter.h. The methods are those of NativeFilter in
 * bridge/layout/native/addon-module.ts.
 */
#ifndef STRUCTWIRE_ADDON_FILTER_CLASS_H
#define STRUCTWIRE_ADDON_FILTER_CLASS_H

#include "filter.h"

#include <napi.h>

namespace structwire::addon {

class Filter : public Napi::ObjectWrap<Filter> {
public:
  static Napi::Function define(Napi::Env env);
  explicit Filter(const Napi::CallbackInfo &call);

private:
  structwire::Filter filter_;

  Napi::Value select(const Napi::CallbackInfo &call);
};

} // namespace structwire::addon
#endif
