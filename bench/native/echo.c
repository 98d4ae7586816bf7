/* SPDX-License-Identifier: MIT
 *
 * echo PATH: the driver of the round trips through others: what comes on the Unix socket goes back.
 */
#include "net.h"

#include <stdio.h>
#include <unistd.h>

static void serve(int fd) {
  uint8_t bytes[65536];
  ssize_t got;
  while ((got = read(fd, bytes, sizeof bytes)) > 0 && net_write(fd, bytes, (size_t)got)) {
  }
  (void)close(fd);
}

int main(int argc, char **argv) {
  net_end_with_parent();
  if (argc != 2)
    net_fail("echo PATH");
  const int listener = net_listen_unix(argv[1]);
  (void)printf("listening\n");
  (void)fflush(stdout);
  for (;;)
    serve(net_accept(listener));
}
