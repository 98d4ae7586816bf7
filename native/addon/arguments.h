/* SPDX-License-Identifier: MIT
 *
 * Arguments of JavaScript calls, checked, and failures as JavaScript errors with a `code`.
 *
 * Order matters: reading a property may run JavaScript, which may detach an ArrayBuffer. So everything that
 * can run it comes first, and pointers into typed arrays are taken last.
 */
#ifndef STRUCTWIRE_ADDON_ARGUMENTS_H
#define STRUCTWIRE_ADDON_ARGUMENTS_H

#include "layout.h"

#include <napi.h>

namespace structwire::addon {

/* Bytes of a typed array; valid until JavaScript runs again. */
struct Bytes {
  uint8_t *at;
  size_t length;
};

/* A JavaScript error with that code. */
Napi::Error coded(Napi::Env env, const char *code, const std::string &message);

/* A TypeError of the code invalid_argument. */
Napi::Error wrong(Napi::Env env, const char *message);

/* The memory of a typed array of that type. Throws `wrong` for anything else, also over shared memory, which
 * others could change between check and use. */
Bytes memory_of(const Napi::Value &value, napi_typedarray_type type);

Bytes bytes_argument(const Napi::CallbackInfo &call, size_t index);
uint32_t number_argument(const Napi::CallbackInfo &call, size_t index);
Napi::Array array_argument(const Napi::CallbackInfo &call, size_t index);

/* A property that is a number from 0 to `most`. */
uint32_t number_property(const Napi::Object &object, const char *name, uint32_t most);
Napi::Array array_property(const Napi::Object &object, const char *name);

/* Throws `wrong` unless the call's `this` carries the tag, so that a method never meets another object's
 * memory. */
void check_receiver(const Napi::CallbackInfo &call, const napi_type_tag &tag);

/* Runs `work`; what it throws reaches JavaScript as an error with a code. */
template <typename Work> auto guarded(Napi::Env env, Work work) {
  try {
    return work();
  } catch (const Failure &failure) {
    throw coded(env, failure.code(), failure.what());
  } catch (const std::bad_alloc &) {
    throw coded(env, "out_of_memory", "there was not enough memory");
  }
}

} // namespace structwire::addon
#endif
