/* SPDX-License-Identifier: MIT
 *
 * Waiting for several descriptors, for a time in nanoseconds and for a wake-up from another thread, behind
 * one descriptor.
 */
#ifndef STRUCTWIRE_POSIX_LOOP_H
#define STRUCTWIRE_POSIX_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#define SW_LOOP_READ 1u
#define SW_LOOP_WRITE 2u
#define SW_LOOP_HANGUP 4u /* only reported: the other side is gone, or the descriptor is broken */

typedef struct sw_loop {
  int fd;         /* readable when something is ready */
  int wake_fd;    /* made ready by sw_loop_wake */
  bool to_the_ns; /* whether the system has epoll_pwait2 */
} sw_loop;

typedef struct sw_event {
  void *tag; /* NULL: a wake-up */
  uint32_t ready;
} sw_event;

/* False with errno when the system refuses. */
bool sw_loop_init(sw_loop *loop);
void sw_loop_fini(sw_loop *loop);

/* Watches `fd` for `wanted` (SW_LOOP_READ | SW_LOOP_WRITE); its events carry `tag`, which is not NULL. */
bool sw_loop_add(const sw_loop *loop, int fd, uint32_t wanted, void *tag);
void sw_loop_change(const sw_loop *loop, int fd, uint32_t wanted, void *tag);
void sw_loop_remove(const sw_loop *loop, int fd);

/* Waits up to `timeout_ns` (negative: for ever) and reports up to `room` events. Returns their number, or -1
 * with errno. *interrupted: a signal came instead. */
int sw_loop_wait(const sw_loop *loop, int64_t timeout_ns, sw_event *events, int room, bool *interrupted);

/* Ends a wait from any thread, or the next one. One system call, which does not block. */
void sw_loop_wake(const sw_loop *loop);

#endif
