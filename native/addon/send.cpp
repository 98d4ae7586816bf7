/* SPDX-License-Identifier: MIT
 *
 * One system call for each socket, and one call from JavaScript for all of them.
 */
#include "send.h"
#include "arguments.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <sys/socket.h>
#include <sys/uio.h>

/* Where it is missing (macOS), Node has seen to it that a broken socket raises no signal. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

namespace structwire::addon {

/* Every system takes so many pieces in one call (POSIX asks for 16, Linux and macOS take 1024). */
static const size_t MOST_PIECES = 1024;

static size_t send_some(int descriptor, iovec *pieces, size_t count) {
  msghdr message = {};
  message.msg_iov = pieces;
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(count);
  ssize_t sent;
  do
    /* A single piece is so frequent that it is worth the shorter way through the system. */
    sent = count == 1 ? ::send(descriptor, pieces->iov_base, pieces->iov_len, MSG_DONTWAIT | MSG_NOSIGNAL)
                      : sendmsg(descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? 0 : static_cast<size_t>(sent);
}

/* As many calls as it takes, until one of them takes less than it was offered. */
static size_t send_all(int descriptor, std::vector<iovec> &pieces) {
  size_t total = 0;
  for (size_t from = 0; from < pieces.size(); from += MOST_PIECES) {
    const size_t count = std::min(MOST_PIECES, pieces.size() - from);
    size_t offered = 0;
    for (size_t i = from; i < from + count; i++)
      offered += pieces[i].iov_len;
    const size_t sent = send_some(descriptor, &pieces[from], count);
    total += sent;
    if (sent < offered)
      break;
  }
  return total;
}

Napi::Value send(const Napi::CallbackInfo &call) {
  return guarded(call.Env(), [&] {
    const Napi::Array list = array_argument(call, 0);
    const uint32_t count = number_argument(call, 2);
    std::vector<Napi::Value> parts(list.Length());
    for (uint32_t i = 0; i < parts.size(); i++)
      parts[i] = list[i];
    const Bytes descriptors = memory_of(call[1], napi_int32_array);
    const Bytes taken = memory_of(call[3], napi_float64_array);
    if (count > descriptors.length || count > taken.length)
      throw wrong(call.Env(), "there are fewer sockets than that");
    std::vector<iovec> pieces(parts.size());
    for (size_t i = 0; i < parts.size(); i++) {
      const Bytes bytes = memory_of(parts[i], napi_uint8_array);
      pieces[i] = {bytes.at, bytes.length};
    }
    for (uint32_t i = 0; i < count; i++) {
      const int descriptor = reinterpret_cast<const int32_t *>(descriptors.at)[i];
      reinterpret_cast<double *>(taken.at)[i] = static_cast<double>(send_all(descriptor, pieces));
    }
    return call.Env().Undefined();
  });
}

} // namespace structwire::addon
