/* SPDX-License-Identifier: MIT
 *
 * Records that the decode library makes, as one ArrayBuffer; JavaScript cuts it into views.
 */
#ifndef STRUCTWIRE_ADDON_RECORDS_H
#define STRUCTWIRE_ADDON_RECORDS_H

#include "take.h"

#include <napi.h>

namespace structwire::addon {

class Records {
public:
  explicit Records(Napi::Env env) : env_(env) {}

  /* For one call, which may ask for memory once; the memory is zero. */
  Give give() {
    return [this](size_t bytes) {
      buffer_ = Napi::ArrayBuffer::New(env_, bytes);
      return static_cast<uint8_t *>(buffer_.As<Napi::ArrayBuffer>().Data());
    };
  }

  /* The ArrayBuffer; false where nothing was asked for. */
  Napi::Value result() const {
    return buffer_.IsEmpty() ? Napi::Boolean::New(env_, false).As<Napi::Value>() : buffer_;
  }
  /* The same, and true where a batch was kept as it is. */
  Napi::Value result(Kept kept) const {
    return kept == Kept::all ? Napi::Boolean::New(env_, true).As<Napi::Value>() : result();
  }

private:
  Napi::Env env_;
  Napi::Value buffer_;
};

} // namespace structwire::addon
#endif
