/* SPDX-License-Identifier: MIT
 *
 * Turns signals and the end of standard input into descriptors that a poll loop can watch.
 */
#include "stop.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool stop_init(struct stop *stop, bool stdin_eof) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
    return false;
  int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0)
    return false;
  stop->fds[0] = (struct pollfd){.fd = fd, .events = POLLIN};
  stop->fds[1] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
  stop->count = stdin_eof ? 2 : 1;
  return true;
}

bool stop_wanted(struct stop *stop) {
  if (poll(stop->fds, (nfds_t)stop->count, 0) <= 0)
    return false;
  if (stop->fds[0].revents != 0)
    return true;
  char forgotten[4096];
  ssize_t got = read(STDIN_FILENO, forgotten, sizeof forgotten);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void stop_wait(struct stop *stop, int fd, int timeout_ms) {
  struct pollfd fds[3] = {{.fd = fd, .events = POLLIN}, stop->fds[0], stop->fds[1]};
  (void)poll(fds, 1 + (nfds_t)stop->count, timeout_ms);
}
