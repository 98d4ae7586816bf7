/* SPDX-License-Identifier: MIT
 *
 * See websocket.h.
 */
#include "websocket.h"

#include "net.h"

#include <stdio.h>
#include <string.h>

void websocket_upgrade(int fd, const char *path, const char *protocol) {
  char text[NET_TEXT_BYTES];
  const int length =
      snprintf(text, sizeof text,
               "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: c3RydWN0d2lyZSBiZW5jaA==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
               path, protocol == NULL ? "" : "Sec-WebSocket-Protocol: ", protocol == NULL ? "" : protocol,
               protocol == NULL ? "" : "\r\n");
  if (!net_write(fd, text, (size_t)length))
    net_fail("no upgrade");
  /* Byte by byte: what stands behind the empty line is the first frame. */
  size_t got = 0;
  while (got < 4 || memcmp(text + got - 4, "\r\n\r\n", 4) != 0) {
    if (got + 1 >= sizeof text || !net_read(fd, text + got, 1))
      net_fail("no answer to the upgrade");
    got++;
  }
  text[got] = 0;
  if (strncmp(text, "HTTP/1.1 101", 12) != 0)
    net_fail("the upgrade was refused: %.60s", text);
}

int websocket_send(int fd, int opcode, const void *bytes, size_t count) {
  /* A mask of zeroes: the bytes stay as they are. */
  uint8_t frame[8 + WEBSOCKET_SEND_BYTES] = {(uint8_t)(0x80 | opcode)};
  size_t at = 2;
  if (count > WEBSOCKET_SEND_BYTES)
    net_fail("a message of %zu bytes", count);
  if (count < 126) {
    frame[1] = (uint8_t)(0x80 | count);
  } else {
    frame[1] = 0x80 | 126;
    frame[2] = (uint8_t)(count >> 8);
    frame[3] = (uint8_t)count;
    at = 4;
  }
  memcpy(frame + at + 4, bytes, count);
  return net_write(fd, frame, at + 4 + count);
}

size_t websocket_head_bytes(const uint8_t *head) {
  const unsigned length = head[1] & 0x7fu;
  return length < 126 ? 2 : length == 126 ? 4 : 10;
}

uint64_t websocket_payload_bytes(const uint8_t *head) {
  const size_t bytes = websocket_head_bytes(head);
  uint64_t length = bytes == 2 ? head[1] & 0x7fu : 0;
  for (size_t at = 2; at < bytes; at++)
    length = length << 8 | head[at];
  return length;
}
