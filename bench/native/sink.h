/* SPDX-License-Identifier: MIT
 *
 * The receiving end of a benchmark: many clients in one thread, which read as fast as they can and count.
 * They do as little as possible with what comes, so that they are not what is measured.
 */
#ifndef BENCH_SINK_H
#define BENCH_SINK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sink_form {
  SINK_BRIDGE,    /* our client protocol */
  SINK_WEBSOCKET, /* frames without meaning */
  SINK_SOCKETIO,  /* socket.io 4 over a WebSocket */
  SINK_NATS,      /* subscribed to the subject x */
  SINK_RAW        /* bytes */
} sink_form;

enum { SINK_TEXT_BYTES = 2048, SINK_HEAD_BYTES = 64, SINK_LATENCIES = 4096 };

/* What a client got. Written by the reading thread, read by others. */
typedef struct sink {
  int fd;
  sink_form form;
  atomic_bool stopped;          /* does not read */
  atomic_bool gone;             /* the connection is over */
  _Atomic uint64_t messages;    /* binary ones */
  _Atomic uint64_t bytes;       /* of binary messages, or all where there are none */
  _Atomic uint64_t samples;     /* in batches */
  _Atomic uint64_t lost;        /* named by gaps */
  _Atomic uint64_t unexplained; /* jumps in the sequences that no gap named */
  _Atomic uint64_t *latencies;  /* samples by the logarithm of their delay, see sink_latency_ns */
  /* The reading thread's own. */
  uint64_t *next; /* the sequence that is due, by stream */
  uint64_t frame_left, skip, taken, acknowledged, window;
  uint8_t head[SINK_HEAD_BYTES];
  size_t head_bytes;
  int opcode;
  char text[SINK_TEXT_BYTES]; /* the last one, cut */
  size_t text_bytes;
  const char *awaited; /* in a text; kept apart, as others may follow in the same read */
  char found[SINK_TEXT_BYTES];
} sink;

/* How a sink finds what it reads. `token` for our bridge. */
typedef struct sink_place {
  sink_form form;
  int port;
  const char *token;
} sink_place;

/* Connects, shakes hands and subscribes to everything. Blocks. */
void sink_open(sink *sink, const sink_place *place);

/* Reads all sinks on a thread of its own, for the life of the program. They must stay where they are. */
void sinks_start(sink *sinks, size_t count);

/* The delay in ns that stands for a class of latencies: classes are 1/64 of an octave wide. */
double sink_latency_ns(size_t class);

#endif
