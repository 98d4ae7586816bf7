/* SPDX-License-Identifier: MIT
 *
 * Opens the loopback connection and keeps it busy.
 */
#include "loopback.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OPEN_WAIT_MS = 10, READS = 64, GUESTS = 8 };

static void close_fd(int *fd) {
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

/* Closes without losing errno. */
static void disconnect(struct loopback *loopback) {
  int why = errno;
  close_fd(&loopback->near_fd);
  close_fd(&loopback->far_fd);
  errno = why;
}

void loopback_init(struct loopback *loopback) {
  *loopback = (struct loopback){.near_fd = -1, .far_fd = -1};
}

void loopback_fini(struct loopback *loopback) {
  disconnect(loopback);
}

static int open_socket(void) {
  return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
}

static bool own_address(int fd, struct sockaddr_in *out) {
  socklen_t bytes = sizeof *out;
  return getsockname(fd, (struct sockaddr *)out, &bytes) == 0;
}

static bool wait_for(int fd, short events) {
  struct pollfd waited = {.fd = fd, .events = events};
  int ready = poll(&waited, 1, OPEN_WAIT_MS);
  if (ready == 0)
    errno = ETIMEDOUT;
  return ready > 0;
}

/* Takes our own connection from the listener; any other program's is closed again. */
static int accept_own(int listener, const struct sockaddr_in *near) {
  for (int guest = 0; guest < GUESTS && wait_for(listener, POLLIN); guest++) {
    struct sockaddr_in peer = {0};
    socklen_t bytes = sizeof peer;
    int fd = accept4(listener, (struct sockaddr *)&peer, &bytes, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
      return -1;
    if (peer.sin_port == near->sin_port && peer.sin_addr.s_addr == near->sin_addr.s_addr)
      return fd;
    close(fd);
  }
  return -1;
}

static bool connect_ends(struct loopback *loopback, int listener) {
  struct sockaddr_in far = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in near = {0};
  if (bind(listener, (const struct sockaddr *)&far, sizeof far) != 0 || listen(listener, 4) != 0 ||
      !own_address(listener, &far))
    return false;
  loopback->near_fd = open_socket();
  if (loopback->near_fd < 0)
    return false;
  if (connect(loopback->near_fd, (const struct sockaddr *)&far, sizeof far) != 0 && errno != EINPROGRESS)
    return false;
  if (!own_address(loopback->near_fd, &near))
    return false;
  loopback->far_fd = accept_own(listener, &near);
  loopback->near_port = ntohs(near.sin_port);
  loopback->far_port = ntohs(far.sin_port);
  return loopback->far_fd >= 0 && wait_for(loopback->near_fd, POLLOUT);
}

bool loopback_open(struct loopback *loopback) {
  if (loopback->near_fd >= 0)
    return true;
  int listener = open_socket();
  if (listener < 0)
    return false;
  bool connected = connect_ends(loopback, listener);
  int why = errno;
  close(listener);
  errno = why;
  if (!connected) {
    disconnect(loopback);
    return false;
  }
  loopback->connections++;
  loopback->sent = loopback->received = 0;
  return true;
}

bool loopback_read_state(const struct loopback *loopback, struct tcp_info *out, uint32_t *valid) {
  memset(out, 0, sizeof *out);
  *valid = 0;
  socklen_t bytes = sizeof *out;
  if (getsockopt(loopback->near_fd, IPPROTO_TCP, TCP_INFO, out, &bytes) != 0)
    return false;
  *valid = (uint32_t)bytes;
  return true;
}

/* True when the connection is not to be used any more. */
static bool broken(ssize_t moved) {
  return moved < 0 && errno != EAGAIN && errno != EINTR;
}

void loopback_send(struct loopback *loopback) {
  static const char block[LOOPBACK_BLOCK_BYTES];
  if (loopback->near_fd < 0)
    return;
  ssize_t sent = send(loopback->near_fd, block, sizeof block, MSG_NOSIGNAL);
  if (broken(sent))
    disconnect(loopback);
  else if (sent > 0)
    loopback->sent += (uint64_t)sent;
}

void loopback_pump(struct loopback *loopback) {
  char bytes[LOOPBACK_BLOCK_BYTES];
  for (int turn = 0; turn < READS && loopback->near_fd >= 0; turn++) {
    ssize_t far = recv(loopback->far_fd, bytes, sizeof bytes, 0);
    ssize_t near = far < 4 ? 0 : send(loopback->far_fd, bytes, (size_t)far / 4, MSG_NOSIGNAL);
    if (far == 0 || broken(far) || broken(near)) {
      disconnect(loopback);
      return;
    }
    ssize_t got = recv(loopback->near_fd, bytes, sizeof bytes, 0);
    if (got > 0)
      loopback->received += (uint64_t)got;
    else if (got == 0 || broken(got))
      disconnect(loopback);
    if (far < 0 && got < 0)
      return;
  }
}
