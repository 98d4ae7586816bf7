/* SPDX-License-Identifier: MIT
 *
 * See net.h.
 */
#include "net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void net_fail(const char *format, ...) {
  const int code = errno;
  va_list arguments;
  va_start(arguments, format);
  (void)vfprintf(stderr, format, arguments);
  va_end(arguments);
  (void)fprintf(stderr, code == 0 ? "\n" : ": %s\n", strerror(code));
  exit(1);
}

void net_end_with_parent(void) {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int64_t net_now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_REALTIME, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void net_sleep_until(int64_t time) {
  const struct timespec end = {.tv_sec = time / 1000000000, .tv_nsec = time % 1000000000};
  while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, NULL) == EINTR) {
  }
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static struct sockaddr_un unix_address(const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path)
    net_fail("%s is too long", path);
  memcpy(address.sun_path, path, strlen(path));
  return address;
}

static void without_delay(int fd) {
  const int on = 1;
  (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int net_connect_tcp(int port) {
  const struct sockaddr_in address = loopback(port);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
    net_fail("cannot connect to port %d", port);
  without_delay(fd);
  return fd;
}

int net_connect_unix(const char *path) {
  const struct sockaddr_un address = unix_address(path);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
    net_fail("cannot connect to %s", path);
  return fd;
}

int net_listen_unix(const char *path) {
  const struct sockaddr_un address = unix_address(path);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  (void)unlink(path);
  const mode_t mask = umask(0177);
  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0)
    net_fail("cannot listen at %s", path);
  (void)umask(mask);
  return fd;
}

int net_listen_tcp(int *port) {
  struct sockaddr_in address = loopback(0);
  socklen_t bytes = sizeof address;
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 128) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &bytes) != 0)
    net_fail("cannot listen");
  *port = ntohs(address.sin_port);
  return fd;
}

int net_accept(int listener) {
  const int fd = accept(listener, NULL, NULL);
  if (fd < 0)
    net_fail("cannot accept");
  without_delay(fd);
  return fd;
}

int net_write(int fd, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  while (count > 0) {
    const ssize_t written = send(fd, at, count, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return 0;
    at += written;
    count -= (size_t)written;
  }
  return 1;
}

int net_read(int fd, void *bytes, size_t count) {
  uint8_t *at = bytes;
  while (count > 0) {
    const ssize_t got = recv(fd, at, count, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return 0;
    at += got;
    count -= (size_t)got;
  }
  return 1;
}
