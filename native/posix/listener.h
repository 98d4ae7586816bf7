/* SPDX-License-Identifier: MIT
 *
 * A driver's listening socket and the lock beside it, which says that the driver lives.
 */
#ifndef STRUCTWIRE_POSIX_LISTENER_H
#define STRUCTWIRE_POSIX_LISTENER_H

#include "folder.h"

#include <structwire/structwire.h>

typedef struct sw_listener {
  int fd; /* non-blocking; -1: not open */
  int lock_fd;
  char path[SW_SOCKET_PATH_BYTES];
  char lock_path[SW_SOCKET_PATH_BYTES + 8];
} sw_listener;

/* Listens at `path`, mode 0600. The lock is the file NAME.lock for a path NAME.sock, else PATH.lock. A socket
 * whose lock is free is stale and replaced. SW_NAME_IN_USE, SW_PATH_TOO_LONG, SW_SYSTEM_ERROR (errno EEXIST:
 * the path is no socket). On failure nothing stays open. */
sw_status sw_listener_open(sw_listener *listener, const char *path);

/* Removes the socket and the lock. Nothing when it is not open. */
void sw_listener_close(sw_listener *listener);

/* A waiting connection as a non-blocking descriptor with a send buffer of `send_bytes`, or -1 with errno
 * (EAGAIN: none). */
int sw_listener_accept(const sw_listener *listener, int send_bytes);

#endif
