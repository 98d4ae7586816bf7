/* SPDX-License-Identifier: MIT
 *
 * The client's side of a WebSocket, as much as the benchmarks need: the handshake, frames that are sent, and
 * the headers of frames that come.
 */
#ifndef BENCH_WEBSOCKET_H
#define BENCH_WEBSOCKET_H

#include <stddef.h>
#include <stdint.h>

enum { WEBSOCKET_TEXT = 1, WEBSOCKET_BINARY = 2, WEBSOCKET_HEAD_BYTES = 10, WEBSOCKET_SEND_BYTES = 4096 };

/* Upgrades a connection; `protocol` may be NULL. Ends the program when it is refused. */
void websocket_upgrade(int fd, const char *path, const char *protocol);

/* Sends one message of at most WEBSOCKET_SEND_BYTES, masked as a client must. 0 when the peer is gone. */
int websocket_send(int fd, int opcode, const void *bytes, size_t count);

/* The length of the header that begins at `head`, of which the first two bytes are there. */
size_t websocket_head_bytes(const uint8_t *head);

/* The length of the payload behind a whole header. */
uint64_t websocket_payload_bytes(const uint8_t *head);

#endif
