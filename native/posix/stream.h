/* SPDX-License-Identifier: MIT
 *
 * Bytes out of and into a connected descriptor that does not block.
 */
#ifndef STRUCTWIRE_POSIX_STREAM_H
#define STRUCTWIRE_POSIX_STREAM_H

#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/* Sends what the pieces hold, as much as the kernel takes. Returns the bytes; 0: it takes none now; -1: the
 * connection is gone (errno). */
ssize_t sw_stream_send(int fd, struct iovec *pieces, size_t count);

/* Reads up to `room` bytes. Returns them; 0: there are none now; -1: the connection is gone (errno 0: closed
 * by the other side). */
ssize_t sw_stream_receive(int fd, void *buffer, size_t room);

/* Says that nothing more will be sent; what was sent still arrives. */
void sw_stream_finish(int fd);

void sw_stream_close(int fd);

#endif
