/* SPDX-License-Identifier: MIT
 *
 * A TCP connection of this program with itself over 127.0.0.1, with traffic on it.
 */
#ifndef HOST_LOOPBACK_H
#define HOST_LOOPBACK_H

#include <linux/tcp.h>
#include <stdbool.h>
#include <stdint.h>

/* What loopback_send gives to the connection each time; the other end answers with a quarter of what it gets.
 */
#define LOOPBACK_BLOCK_BYTES 16384

struct loopback {
  int near_fd; /* the end that is watched; -1: no connection */
  int far_fd;
  uint16_t near_port, far_port;
  uint32_t connections; /* opened until now */
  uint64_t sent;        /* B, by the near end of this connection */
  uint64_t received;    /* B */
};

/* No connection yet. */
void loopback_init(struct loopback *loopback);

void loopback_fini(struct loopback *loopback);

/* Opens the connection if there is none; waits at most 20 ms. False with errno when it cannot be had now. */
bool loopback_open(struct loopback *loopback);

/* What the kernel says of the near end. `valid` gets the bytes that this kernel filled in; the rest of `out`
 * is 0. False with errno when there is no connection. */
bool loopback_read_state(const struct loopback *loopback, struct tcp_info *out, uint32_t *valid);

/* Sends a block from the near end, as much of it as there is room for. Does not wait. */
void loopback_send(struct loopback *loopback);

/* Takes what has arrived at either end and answers it. Does not wait; closes the connection when it broke. */
void loopback_pump(struct loopback *loopback);

#endif
