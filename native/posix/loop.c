/* SPDX-License-Identifier: MIT
 *
 * epoll for the descriptors and an eventfd for wake-ups. epoll_wait counts in milliseconds, so the wait
 * itself is a ppoll on the epoll descriptor.
 */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EVENTS = 32 };

static uint32_t to_epoll(uint32_t wanted) {
  return ((wanted & SW_LOOP_READ) != 0 ? (uint32_t)EPOLLIN : 0u) |
         ((wanted & SW_LOOP_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0u);
}

static uint32_t from_epoll(uint32_t ready) {
  return ((ready & EPOLLIN) != 0 ? SW_LOOP_READ : 0u) | ((ready & EPOLLOUT) != 0 ? SW_LOOP_WRITE : 0u) |
         ((ready & (EPOLLHUP | EPOLLERR)) != 0 ? SW_LOOP_HANGUP : 0u);
}

bool sw_loop_init(sw_loop *loop) {
  loop->wake_fd = -1;
  loop->fd = epoll_create1(EPOLL_CLOEXEC);
  if (loop->fd < 0)
    return false;
  loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  /* Edge-triggered: each write is reported once, so that nobody has to read. */
  struct epoll_event wake = {.events = EPOLLIN | EPOLLET, .data = {.ptr = NULL}};
  if (loop->wake_fd >= 0 && epoll_ctl(loop->fd, EPOLL_CTL_ADD, loop->wake_fd, &wake) == 0)
    return true;
  const int error = errno;
  sw_loop_fini(loop);
  errno = error;
  return false;
}

void sw_loop_fini(sw_loop *loop) {
  if (loop->wake_fd >= 0)
    (void)close(loop->wake_fd);
  if (loop->fd >= 0)
    (void)close(loop->fd);
  loop->wake_fd = -1;
  loop->fd = -1;
}

bool sw_loop_add(const sw_loop *loop, int fd, uint32_t wanted, void *tag) {
  struct epoll_event event = {.events = to_epoll(wanted), .data = {.ptr = tag}};
  return epoll_ctl(loop->fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void sw_loop_change(const sw_loop *loop, int fd, uint32_t wanted, void *tag) {
  struct epoll_event event = {.events = to_epoll(wanted), .data = {.ptr = tag}};
  (void)epoll_ctl(loop->fd, EPOLL_CTL_MOD, fd, &event);
}

void sw_loop_remove(const sw_loop *loop, int fd) {
  (void)epoll_ctl(loop->fd, EPOLL_CTL_DEL, fd, NULL);
}

int sw_loop_wait(const sw_loop *loop, int64_t timeout_ns, sw_event *events, int room, bool *interrupted) {
  *interrupted = false;
  if (timeout_ns != 0) {
    struct pollfd ready = {.fd = loop->fd, .events = POLLIN};
    const struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                                     .tv_nsec = (long)(timeout_ns % 1000000000)};
    const int count = ppoll(&ready, 1, timeout_ns < 0 ? NULL : &timeout, NULL);
    *interrupted = count < 0 && errno == EINTR;
    if (count <= 0)
      return count == 0 || *interrupted ? 0 : -1;
  }
  struct epoll_event found[MAX_EVENTS];
  const int count = epoll_wait(loop->fd, found, room < MAX_EVENTS ? room : MAX_EVENTS, 0);
  if (count < 0)
    return errno == EINTR ? 0 : -1;
  for (int i = 0; i < count; i++) {
    events[i].tag = found[i].data.ptr;
    events[i].ready = from_epoll(found[i].events);
  }
  return count;
}

void sw_loop_wake(const sw_loop *loop) {
  const uint64_t one = 1;
  /* It fails only when the counter is full, after 2^64 wake-ups. */
  const ssize_t written = write(loop->wake_fd, &one, sizeof one);
  (void)written;
}
