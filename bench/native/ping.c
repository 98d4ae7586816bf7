/* SPDX-License-Identifier: MIT
 *
 * ping PEER PORT [TOKEN]: a client that calls, waits for the answer, and calls again; the delays of all calls
 * are its result. PEER is bridge (binary frames), bridge-json, websocket, or raw. Each line of standard input
 * is a number of calls; each is answered by one line of JSON.
 */
#include "message.h"
#include "net.h"
#include "record.h"
#include "websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 65536, MAX_CALLS = 1000000 };

typedef enum peer { PEER_BRIDGE, PEER_BRIDGE_JSON, PEER_WEBSOCKET, PEER_RAW } peer;

typedef struct caller {
  peer peer;
  int fd;
  uint32_t handle;
  uint64_t calls;
  uint8_t answer[ANSWER_BYTES];
} caller;

/* The next message, ended by a 0; its opcode. */
static int receive(caller *caller) {
  uint8_t head[WEBSOCKET_HEAD_BYTES];
  if (!net_read(caller->fd, head, 2) || !net_read(caller->fd, head + 2, websocket_head_bytes(head) - 2))
    net_fail("closed");
  const uint64_t bytes = websocket_payload_bytes(head);
  if (bytes >= sizeof caller->answer || !net_read(caller->fd, caller->answer, bytes))
    net_fail("an answer of %llu bytes", (unsigned long long)bytes);
  caller->answer[bytes] = 0;
  return head[0] & 0x0f;
}

static void say(caller *caller, const char *text) {
  if (!websocket_send(caller->fd, WEBSOCKET_TEXT, text, strlen(text)))
    net_fail("closed");
}

static void await_text(caller *caller, const char *wanted) {
  while (receive(caller) != WEBSOCKET_TEXT || strstr((char *)caller->answer, wanted) == NULL) {
    if (strstr((char *)caller->answer, "\"op\":\"error\"") != NULL)
      net_fail("refused: %.200s", (char *)caller->answer);
  }
}

/* A call by JSON takes its fields by name; the numbers are short, which is as easy as it gets. */
static void call_by_json(caller *caller) {
  char text[512];
  const unsigned long long id = 100 + caller->calls;
  (void)snprintf(text, sizeof text,
                 "{\"op\":\"call\",\"id\":%llu,\"service\":\"echo/echo\",\"args\":{\"number\":%llu,"
                 "\"values\":[1,2,3,4,5,6,7,8,9]}}",
                 id, id);
  say(caller, text);
  (void)snprintf(text, sizeof text, "\"id\":%llu", id);
  await_text(caller, text);
}

static void call_by_record(caller *caller) {
  uint8_t record[SW_CALL_HEADER_BYTES + sizeof(struct bench_call)] = {0};
  const uint64_t id = 100 + caller->calls;
  sw_prefix_write(record, sizeof record, SW_RECORD_CALL, 0);
  sw_put64(record + 8, id);
  sw_put32(record + 16, caller->handle);
  sw_put32(record + 20, sizeof(struct bench_call));
  sw_put64(record + SW_CALL_HEADER_BYTES, id);
  if (!websocket_send(caller->fd, WEBSOCKET_BINARY, record, sizeof record))
    net_fail("closed");
  while (receive(caller) != WEBSOCKET_BINARY || caller->answer[4] != SW_RECORD_REPLY ||
         sw_get64(caller->answer + 8) != id) {
    if (strstr((char *)caller->answer, "\"op\":\"error\"") != NULL)
      net_fail("refused: %.200s", (char *)caller->answer);
  }
}

static void call(caller *caller) {
  const struct bench_call message = {.number = caller->calls};
  struct bench_call reply;
  caller->calls++;
  if (caller->peer == PEER_BRIDGE) {
    call_by_record(caller);
  } else if (caller->peer == PEER_BRIDGE_JSON) {
    call_by_json(caller);
  } else if (caller->peer == PEER_WEBSOCKET) {
    if (!websocket_send(caller->fd, WEBSOCKET_BINARY, &message, sizeof message))
      net_fail("closed");
    while (receive(caller) != WEBSOCKET_BINARY) {
    }
  } else if (!net_write(caller->fd, &message, sizeof message) ||
             !net_read(caller->fd, &reply, sizeof reply)) {
    net_fail("closed");
  }
}

static void open_bridge(caller *caller, const char *token) {
  char text[NET_TEXT_BYTES];
  websocket_upgrade(caller->fd, "/ws", "structwire.v1");
  (void)snprintf(text, sizeof text, "{\"op\":\"hello\",\"version\":1,\"token\":\"%s\"}", token);
  say(caller, text);
  await_text(caller, "\"welcome\"");
  if (caller->peer == PEER_BRIDGE_JSON)
    return;
  say(caller, "{\"op\":\"bind\",\"id\":1,\"service\":\"echo/echo\"}");
  await_text(caller, "\"id\":1");
  const char *handle = strstr((char *)caller->answer, "\"handle\":");
  if (handle == NULL)
    net_fail("no handle: %.200s", (char *)caller->answer);
  caller->handle = (uint32_t)strtoul(handle + strlen("\"handle\":"), NULL, 10);
}

static int by_time(const void *a, const void *b) {
  const int64_t *x = a;
  const int64_t *y = b;
  return (*x > *y) - (*x < *y);
}

static void measure(caller *caller, size_t calls, int64_t *delays) {
  for (size_t at = 0; at < calls; at++) {
    const int64_t start = net_now();
    call(caller);
    delays[at] = net_now() - start;
  }
  qsort(delays, calls, sizeof *delays, by_time);
  (void)printf("{\"p50us\":%.2f,\"p99us\":%.2f,\"maxus\":%.2f}\n", (double)delays[calls / 2] / 1e3,
               (double)delays[calls * 99 / 100] / 1e3, (double)delays[calls - 1] / 1e3);
  (void)fflush(stdout);
}

int main(int argc, char **argv) {
  static const char *const names[] = {"bridge", "bridge-json", "websocket", "raw"};
  static caller caller;
  static int64_t delays[MAX_CALLS];
  char line[64];
  if (argc < 3)
    net_fail("ping PEER PORT [TOKEN]");
  while (caller.peer < PEER_RAW && strcmp(argv[1], names[caller.peer]) != 0)
    caller.peer++;
  caller.fd = net_connect_tcp((int)strtol(argv[2], NULL, 10));
  if (caller.peer == PEER_WEBSOCKET)
    websocket_upgrade(caller.fd, "/ws", NULL);
  else if (caller.peer != PEER_RAW)
    open_bridge(&caller, argc > 3 ? argv[3] : "");
  (void)printf("{}\n");
  (void)fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    const size_t calls = strtoul(line, NULL, 10);
    if (calls == 0 || calls > MAX_CALLS)
      net_fail("how many calls are %s", line);
    measure(&caller, calls, delays);
  }
  return 0;
}
