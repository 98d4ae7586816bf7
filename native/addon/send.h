/* SPDX-License-Identifier: MIT
 *
 * Writing to sockets past Node's streams.
 */
#ifndef STRUCTWIRE_ADDON_SEND_H
#define STRUCTWIRE_ADDON_SEND_H

#include <napi.h>

namespace structwire::addon {

/* send(pieces, descriptors, count, taken): offers the same bytes to each of `count` sockets, which must not
 * block, and says how many each of them took: none where it takes none now or is broken. */
Napi::Value send(const Napi::CallbackInfo &call);

} // namespace structwire::addon
#endif
