/* SPDX-License-Identifier: MIT
 *
 * The lock is taken before the path is touched, so that a second driver of a name changes nothing, and given
 * up after the socket is removed.
 */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOCK_ATTEMPTS = 16, BACKLOG = 16 };

static void lock_path_of(const char *path, char *out, size_t bytes) {
  const size_t length = strlen(path);
  const bool named = length > 5 && strcmp(path + length - 5, ".sock") == 0;
  (void)snprintf(out, bytes, "%.*s.lock", (int)(named ? length - 5 : length), path);
}

/* The last owner removes the file while it holds it: a lock on a file that is no longer at the path is worth
 * nothing. */
static bool is_still_there(int fd, const char *path) {
  struct stat held;
  struct stat named;
  if (fstat(fd, &held) != 0 || stat(path, &named) != 0)
    return false;
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static sw_status take_lock(sw_listener *listener) {
  for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
    const int fd = open(listener->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
      return SW_SYSTEM_ERROR;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      (void)close(fd);
      errno = error;
      if (error == EINTR)
        continue;
      return error == EWOULDBLOCK ? SW_NAME_IN_USE : SW_SYSTEM_ERROR;
    }
    if (is_still_there(fd, listener->lock_path)) {
      listener->lock_fd = fd;
      return SW_OK;
    }
    (void)close(fd);
  }
  return SW_NAME_IN_USE;
}

static sw_status remove_stale(const char *path) {
  struct stat found;
  if (lstat(path, &found) != 0)
    return errno == ENOENT ? SW_OK : SW_SYSTEM_ERROR;
  if (!S_ISSOCK(found.st_mode)) {
    errno = EEXIST;
    return SW_SYSTEM_ERROR;
  }
  return unlink(path) == 0 ? SW_OK : SW_SYSTEM_ERROR;
}

static sw_status listen_at(sw_listener *listener) {
  const sw_status status = remove_stale(listener->path);
  if (status != SW_OK)
    return status;
  listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener->fd < 0)
    return SW_SYSTEM_ERROR;
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, listener->path, strlen(listener->path) + 1u);
  /* The mode before bind is the mode that the path gets, at no moment another; chmod is for systems that do
   * not do so. */
  if (fchmod(listener->fd, 0600) != 0)
    return SW_SYSTEM_ERROR;
  if (bind(listener->fd, (const struct sockaddr *)&address, sizeof address) != 0)
    return SW_SYSTEM_ERROR;
  if (chmod(listener->path, 0600) != 0)
    return SW_SYSTEM_ERROR;
  return listen(listener->fd, BACKLOG) == 0 ? SW_OK : SW_SYSTEM_ERROR;
}

sw_status sw_listener_open(sw_listener *listener, const char *path) {
  listener->fd = -1;
  listener->lock_fd = -1;
  const size_t bytes = strlen(path);
  if (bytes == 0)
    return SW_INVALID_ARGUMENT;
  if (bytes >= sizeof((struct sockaddr_un *)NULL)->sun_path || bytes >= sizeof listener->path)
    return SW_PATH_TOO_LONG;
  memcpy(listener->path, path, bytes + 1u);
  lock_path_of(path, listener->lock_path, sizeof listener->lock_path);
  sw_status status = take_lock(listener);
  if (status != SW_OK)
    return status;
  status = listen_at(listener);
  if (status != SW_OK) {
    const int error = errno;
    if (listener->fd >= 0)
      (void)close(listener->fd);
    listener->fd = -1;
    (void)unlink(listener->lock_path);
    (void)close(listener->lock_fd);
    listener->lock_fd = -1;
    errno = error;
  }
  return status;
}

void sw_listener_close(sw_listener *listener) {
  if (listener->fd < 0)
    return;
  (void)unlink(listener->path);
  (void)close(listener->fd);
  (void)unlink(listener->lock_path);
  (void)close(listener->lock_fd);
  listener->fd = -1;
  listener->lock_fd = -1;
}

int sw_listener_accept(const sw_listener *listener, int send_bytes) {
  const int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0)
    return -1;
  /* A smaller buffer than wished for still works. */
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes);
  return fd;
}
