/* SPDX-License-Identifier: MIT
 *
 * When a driver should end: on SIGINT, on SIGTERM, or when standard input closes.
 */
#ifndef DRIVERS_STOP_H
#define DRIVERS_STOP_H

#include <poll.h>
#include <stdbool.h>

/* `fds` may stand in the program's own poll set; one of them is readable when stop_wanted is worth asking. */
struct stop {
  struct pollfd fds[2];
  int count;
};

/* Takes over SIGINT and SIGTERM, which from then on interrupt nothing. Call it before threads are started,
 * because they inherit it. Returns false when the system refuses; errno says why. */
bool stop_init(struct stop *stop, bool stdin_eof);

/* Whether to end now. Does not wait. With stdin_eof it reads and forgets what came on standard input. */
bool stop_wanted(struct stop *stop);

/* Waits until `fd` is readable, at most timeout_ms (-1: for ever); ends early when stop_wanted is worth
 * asking. */
void stop_wait(struct stop *stop, int fd, int timeout_ms);

#endif
