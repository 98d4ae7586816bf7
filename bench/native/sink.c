/* SPDX-License-Identifier: MIT
 *
 * See sink.h.
 */
#include "sink.h"

#include "net.h"
#include "record.h"
#include "websocket.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  CHUNK_BYTES = 262144,
  STREAMS = 4096,
  EVENTS = 64,
  RECORD_ACK = 35,
  ACK_BYTES = 16,
  CLASSES_PER_OCTAVE = 64
};

typedef struct reading {
  sink *sinks;
  size_t count;
  uint8_t chunk[CHUNK_BYTES];
} reading;

static void add(_Atomic uint64_t *counter, uint64_t value) {
  /* One thread writes. */
  atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + value,
                        memory_order_release);
}

/* ---- What comes ---- */

double sink_latency_ns(size_t class) {
  return exp2((double)class / CLASSES_PER_OCTAVE);
}

static void count_latency(sink *sink, int64_t time, int64_t now, uint64_t samples) {
  const double delay = now > time ? (double)(now - time) : 1;
  const size_t class = (size_t)(log2(delay) * CLASSES_PER_OCTAVE);
  add(&sink->latencies[class < SINK_LATENCIES ? class : SINK_LATENCIES - 1], samples);
}

static void follow(sink *sink, uint32_t stream, uint64_t from, uint64_t to) {
  uint64_t *next = &sink->next[stream % STREAMS];
  if (*next != 0 && from != *next)
    add(&sink->unexplained, 1);
  *next = to + 1;
}

/* A record whose fixed part is in `head`. */
static void take_record(sink *sink, int64_t now) {
  const uint8_t *head = sink->head;
  if (head[4] == SW_RECORD_BATCH) {
    const uint64_t count = sw_get32(head + 32);
    const uint64_t first = sw_get64(head + 24);
    follow(sink, sw_get32(head + 8), first, first + count - 1);
    add(&sink->samples, count);
    count_latency(sink, (int64_t)sw_get64(head + 40), now, count);
  } else if (head[4] == SW_RECORD_GAP) {
    follow(sink, sw_get32(head + 8), sw_get64(head + 24), sw_get64(head + 32));
    add(&sink->lost, sw_get64(head + 40));
  }
}

/* How much of a record is looked at; the first 8 bytes are there. */
static size_t record_head_bytes(const uint8_t *head) {
  if (head[4] == SW_RECORD_BATCH)
    return SW_BATCH_HEADER_BYTES + 8; /* with the first time */
  return head[4] == SW_RECORD_GAP ? 40 + 8 : SW_PREFIX_BYTES;
}

/* Gathers the next `wanted` bytes in `head`; true when they are all there. */
static bool gather(sink *sink, const uint8_t **at, size_t *bytes, size_t wanted) {
  const size_t missing = wanted - sink->head_bytes;
  const size_t part = missing < *bytes ? missing : *bytes;
  memcpy(sink->head + sink->head_bytes, *at, part);
  sink->head_bytes += part;
  *at += part;
  *bytes -= part;
  return sink->head_bytes == wanted;
}

static bool gather_frame(sink *sink, const uint8_t **at, size_t *bytes) {
  if (sink->head_bytes < 2 && !gather(sink, at, bytes, 2))
    return false;
  const size_t head_bytes = websocket_head_bytes(sink->head);
  if (sink->head_bytes < head_bytes && !gather(sink, at, bytes, head_bytes))
    return false;
  sink->opcode = sink->head[0] & 0x0f;
  sink->frame_left = websocket_payload_bytes(sink->head);
  sink->head_bytes = 0;
  if (sink->opcode == WEBSOCKET_TEXT)
    sink->text_bytes = 0;
  if (sink->opcode == WEBSOCKET_BINARY) {
    add(&sink->messages, 1);
    add(&sink->bytes, sink->frame_left);
  }
  if (sink->opcode <= WEBSOCKET_BINARY)
    sink->taken += sink->frame_left;
  if (sink->opcode != WEBSOCKET_TEXT && (sink->form != SINK_BRIDGE || sink->opcode != WEBSOCKET_BINARY)) {
    sink->skip = sink->frame_left;
    sink->frame_left = 0;
  }
  return true;
}

static void gather_text(sink *sink, const uint8_t **at, size_t *bytes) {
  const size_t part = sink->frame_left < *bytes ? (size_t)sink->frame_left : *bytes;
  const size_t room = SINK_TEXT_BYTES - 1 - sink->text_bytes;
  memcpy(sink->text + sink->text_bytes, *at, part < room ? part : room);
  sink->text_bytes += part < room ? part : room;
  sink->text[sink->text_bytes] = 0;
  sink->frame_left -= part;
  *at += part;
  *bytes -= part;
  if (sink->frame_left > 0 || sink->awaited == NULL)
    return;
  if (strstr(sink->text, "\"op\":\"error\"") != NULL)
    net_fail("refused: %s", sink->text);
  if (strstr(sink->text, sink->awaited) != NULL)
    memcpy(sink->found, sink->text, sizeof sink->found);
}

static void gather_record(sink *sink, const uint8_t **at, size_t *bytes, int64_t now) {
  if (sink->head_bytes < SW_PREFIX_BYTES && !gather(sink, at, bytes, SW_PREFIX_BYTES))
    return;
  const size_t head_bytes = record_head_bytes(sink->head);
  if (sink->head_bytes < head_bytes && !gather(sink, at, bytes, head_bytes))
    return;
  const uint32_t record_bytes = sw_get32(sink->head);
  if (record_bytes < head_bytes || record_bytes > sink->frame_left)
    net_fail("a record of %u bytes in a message with %llu", record_bytes,
             (unsigned long long)sink->frame_left);
  take_record(sink, now);
  sink->skip = record_bytes - head_bytes;
  sink->frame_left -= record_bytes;
  sink->head_bytes = 0;
}

static void take(sink *sink, const uint8_t *at, size_t bytes) {
  const int64_t now = net_now();
  while (bytes > 0) {
    if (sink->skip > 0) {
      const size_t part = sink->skip < bytes ? (size_t)sink->skip : bytes;
      sink->skip -= part;
      at += part;
      bytes -= part;
    } else if (sink->frame_left == 0) {
      (void)gather_frame(sink, &at, &bytes);
    } else if (sink->opcode == WEBSOCKET_TEXT) {
      gather_text(sink, &at, &bytes);
    } else {
      gather_record(sink, &at, &bytes, now);
    }
  }
}

static void acknowledge(sink *sink) {
  const uint64_t taken = sink->taken - sink->frame_left - sink->skip;
  uint8_t record[ACK_BYTES];
  if (sink->window == 0 || taken - sink->acknowledged < sink->window / 2)
    return;
  sw_prefix_write(record, sizeof record, RECORD_ACK, 0);
  sw_put64(record + 8, taken);
  sink->acknowledged = taken;
  (void)websocket_send(sink->fd, WEBSOCKET_BINARY, record, sizeof record);
}

static bool read_some(sink *sink, uint8_t *chunk, int flags) {
  const ssize_t got = recv(sink->fd, chunk, CHUNK_BYTES, flags);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return true;
  if (got <= 0)
    return false;
  if (sink->form == SINK_RAW || sink->form == SINK_NATS)
    add(&sink->bytes, (uint64_t)got);
  else
    take(sink, chunk, (size_t)got);
  acknowledge(sink);
  return true;
}

/* ---- Opening ---- */

static void await_text(sink *sink, const char *wanted) {
  static uint8_t chunk[CHUNK_BYTES];
  sink->awaited = wanted;
  sink->found[0] = 0;
  while (sink->found[0] == 0) {
    if (!read_some(sink, chunk, 0))
      net_fail("closed before %s came; the last was %s", wanted, sink->text);
  }
  sink->awaited = NULL;
}

static void say(const sink *sink, const char *text) {
  if (!websocket_send(sink->fd, WEBSOCKET_TEXT, text, strlen(text)))
    net_fail("closed before %s was sent", text);
}

static void open_bridge(sink *sink, const char *token) {
  char text[NET_TEXT_BYTES];
  websocket_upgrade(sink->fd, "/ws", "structwire.v1");
  (void)snprintf(text, sizeof text, "{\"op\":\"hello\",\"version\":1,\"token\":\"%s\",\"acks\":true}", token);
  say(sink, text);
  await_text(sink, "\"welcome\"");
  const char *window = strstr(sink->found, "\"windowBytes\":");
  sink->window = window == NULL ? 0 : strtoull(window + strlen("\"windowBytes\":"), NULL, 10);
  say(sink, "{\"op\":\"subscribe\",\"id\":1,\"channels\":[\"*/load/**\"]}");
  await_text(sink, "\"result\"");
}

static void open_socketio(sink *sink) {
  websocket_upgrade(sink->fd, "/socket.io/?EIO=4&transport=websocket", NULL);
  await_text(sink, "0{");
  say(sink, "40");
  await_text(sink, "40{");
}

static void open_nats(sink *sink) {
  static const char hello[] = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB x 1\r\nPING\r\n";
  char answer[NET_TEXT_BYTES] = {0};
  size_t got = 0;
  if (!net_write(sink->fd, hello, sizeof hello - 1))
    net_fail("closed by nats");
  while (strstr(answer, "PONG\r\n") == NULL) {
    if (got + 1 >= sizeof answer || !net_read(sink->fd, answer + got, 1))
      net_fail("nats said %s", answer);
    got++;
  }
}

void sink_open(sink *sink, const sink_place *place) {
  memset(sink, 0, sizeof *sink);
  sink->form = place->form;
  sink->fd = net_connect_tcp(place->port);
  sink->next = calloc(STREAMS, sizeof *sink->next);
  sink->latencies = calloc(SINK_LATENCIES, sizeof *sink->latencies);
  if (sink->next == NULL || sink->latencies == NULL)
    net_fail("out of memory");
  if (place->form == SINK_BRIDGE)
    open_bridge(sink, place->token);
  else if (place->form == SINK_SOCKETIO)
    open_socketio(sink);
  else if (place->form == SINK_NATS)
    open_nats(sink);
  else if (place->form == SINK_WEBSOCKET)
    websocket_upgrade(sink->fd, "/ws", NULL);
}

/* ---- Reading ---- */

static void *read_all(void *context) {
  reading *reading = context;
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  for (size_t at = 0; at < reading->count; at++) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &reading->sinks[at]};
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, reading->sinks[at].fd, &event) != 0)
      net_fail("cannot wait for %zu clients", reading->count);
  }
  for (;;) {
    struct epoll_event events[EVENTS];
    const int count = epoll_wait(poll, events, EVENTS, -1);
    bool all_stopped = count > 0;
    for (int at = 0; at < count; at++) {
      sink *sink = events[at].data.ptr;
      if (sink->stopped)
        continue;
      all_stopped = false;
      if (!read_some(sink, reading->chunk, MSG_DONTWAIT)) {
        (void)epoll_ctl(poll, EPOLL_CTL_DEL, sink->fd, NULL);
        sink->gone = true;
      }
    }
    if (all_stopped)
      net_sleep_until(net_now() + 5000000);
  }
  return NULL;
}

void sinks_start(sink *sinks, size_t count) {
  pthread_t thread;
  reading *reading = calloc(1, sizeof *reading);
  if (reading == NULL)
    net_fail("out of memory");
  reading->sinks = sinks;
  reading->count = count;
  if (pthread_create(&thread, NULL, read_all, reading) != 0 || pthread_detach(thread) != 0)
    net_fail("no thread");
}
