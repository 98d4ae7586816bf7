/* SPDX-License-Identifier: MIT
 *
 * Sockets as byte streams; never SIGPIPE.
 */
#include "stream.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

ssize_t sw_stream_send(int fd, struct iovec *pieces, size_t count) {
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
  for (;;) {
    const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0)
      return sent;
    if (errno == EINTR)
      continue;
    /* ENOBUFS is the kernel's passing lack of memory. */
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? 0 : -1;
  }
}

ssize_t sw_stream_receive(int fd, void *buffer, size_t room) {
  for (;;) {
    const ssize_t got = recv(fd, buffer, room, MSG_DONTWAIT);
    if (got > 0)
      return got;
    if (got == 0) {
      errno = 0;
      return -1;
    }
    if (errno == EINTR)
      continue;
    return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
  }
}

void sw_stream_finish(int fd) {
  (void)shutdown(fd, SHUT_WR);
}

void sw_stream_close(int fd) {
  (void)close(fd);
}
