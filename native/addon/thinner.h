/* SPDX-License-Identifier: MIT
 *
 * The class Thinner of the addon over decode/thin.h. The methods are those of NativeThinner in
 * bridge/layout/native/addon-module.ts.
 */
#ifndef STRUCTWIRE_ADDON_THINNER_H
#define STRUCTWIRE_ADDON_THINNER_H

#include "thin.h"

#include <memory>
#include <napi.h>

namespace structwire::addon {

class Thinner : public Napi::ObjectWrap<Thinner> {
public:
  static Napi::Function define(Napi::Env env);
  explicit Thinner(const Napi::CallbackInfo &call);

private:
  std::unique_ptr<structwire::Thinner> thinner_;

  Napi::Value push(const Napi::CallbackInfo &call);
  Napi::Value flush(const Napi::CallbackInfo &call);
};

} // namespace structwire::addon
#endif
