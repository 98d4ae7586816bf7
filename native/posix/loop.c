/* SPDX-License-Identifier: MIT
 *
 * epoll for the descriptors and an eventfd for wake-ups. epoll_wait counts in milliseconds, so the wait
 * itself is an epoll_pwait2, or a ppoll on the epoll descriptor where there is none: that costs a system call
 * more, and the scheduler does not learn who woke whom.
 */
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
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

#if defined SYS_epoll_pwait2 && defined __LP64__
static int wait_to_the_ns(int fd, struct epoll_event *found, int room, const struct timespec *timeout) {
  return (int)syscall(SYS_epoll_pwait2, fd, found, room, timeout, NULL, (size_t)0);
}
#else
static int wait_to_the_ns(int fd, struct epoll_event *found, int room, const struct timespec *timeout) {
  (void)fd, (void)found, (void)room, (void)timeout;
  errno = ENOSYS;
  return -1;
}
#endif

/* Linux has it since 5.11; some sandboxes refuse what they do not know. */
static bool can_wait_to_the_ns(int fd) {
  const struct timespec at_once = {0, 0};
  struct epoll_event found;
  return wait_to_the_ns(fd, &found, 1, &at_once) >= 0;
}

bool sw_loop_init(sw_loop *loop) {
  loop->wake_fd = -1;
  loop->to_the_ns = false;
  loop->fd = epoll_create1(EPOLL_CLOEXEC);
  if (loop->fd < 0)
    return false;
  loop->to_the_ns = can_wait_to_the_ns(loop->fd);
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

/* True when something is ready; false with errno when nothing is, 0 after the time. */
static bool wait_roughly(int fd, const struct timespec *timeout) {
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  errno = 0;
  return ppoll(&ready, 1, timeout, NULL) > 0;
}

static int wait_for_events(const sw_loop *loop, int64_t timeout_ns, struct epoll_event *found, int room) {
  const struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000),
                                   .tv_nsec = (long)(timeout_ns % 1000000000)};
  const struct timespec *limit = timeout_ns < 0 ? NULL : &timeout;
  if (timeout_ns != 0 && loop->to_the_ns)
    return wait_to_the_ns(loop->fd, found, room, limit);
  if (timeout_ns != 0 && !wait_roughly(loop->fd, limit))
    return errno == 0 ? 0 : -1;
  return epoll_wait(loop->fd, found, room, 0);
}

int sw_loop_wait(const sw_loop *loop, int64_t timeout_ns, sw_event *events, int room, bool *interrupted) {
  struct epoll_event found[MAX_EVENTS];
  const int count = wait_for_events(loop, timeout_ns, found, room < MAX_EVENTS ? room : MAX_EVENTS);
  *interrupted = count < 0 && errno == EINTR;
  if (count < 0)
    return *interrupted ? 0 : -1;
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
