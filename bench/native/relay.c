/* SPDX-License-Identifier: MIT
 *
 * relay PATH: the floor of every bridge. Listens on a TCP port, which it prints, connects each client to the
 * Unix socket and copies bytes both ways, one process and one thread for all.
 */
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { CHUNK_BYTES = 262144, MAX_ENDS = 66 };

static uint8_t chunk[CHUNK_BYTES];

/* Ends stand in pairs behind the listener: what comes on one goes to the other. */
static int copy(struct pollfd *ends, int at) {
  const int other = (at - 1) % 2 == 0 ? at + 1 : at - 1;
  const ssize_t got = read(ends[at].fd, chunk, sizeof chunk);
  if (got < 0 && errno == EINTR)
    return 1;
  return got > 0 && net_write(ends[other].fd, chunk, (size_t)got);
}

static void hang_up(struct pollfd *ends, int at) {
  const int first = (at - 1) % 2 == 0 ? at : at - 1;
  for (int each = first; each < first + 2; each++) {
    (void)close(ends[each].fd);
    ends[each].fd = -1;
  }
}

int main(int argc, char **argv) {
  struct pollfd ends[MAX_ENDS];
  int port;
  net_end_with_parent();
  if (argc != 2)
    net_fail("relay PATH");
  for (int at = 0; at < MAX_ENDS; at++)
    ends[at] = (struct pollfd){.fd = -1, .events = POLLIN};
  ends[0].fd = net_listen_tcp(&port);
  (void)printf("%d\n", port);
  (void)fflush(stdout);
  while (poll(ends, MAX_ENDS, -1) > 0 || errno == EINTR) {
    for (int at = 1; at < MAX_ENDS; at++) {
      if (ends[at].fd >= 0 && ends[at].revents != 0 && !copy(ends, at))
        hang_up(ends, at);
    }
    if (ends[0].revents == 0)
      continue;
    int at = 1;
    while (at + 1 < MAX_ENDS && ends[at].fd >= 0)
      at += 2;
    if (at + 1 >= MAX_ENDS)
      net_fail("too many clients");
    ends[at].fd = net_accept(ends[0].fd);
    ends[at + 1].fd = net_connect_unix(argv[1]);
    ends[at].revents = ends[at + 1].revents = 0;
  }
  return 0;
}
