/* SPDX-License-Identifier: MIT
 *
 * The sending end of a benchmark: a socket at which whoever is measured fetches samples. What it sends are
 * the bytes that the SDK would send, or what a peer understands instead.
 */
#ifndef BENCH_SOURCE_H
#define BENCH_SOURCE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum source_form {
  SOURCE_DRIVER,  /* the driver protocol: a preamble with the schema, then batches; pings are answered */
  SOURCE_RECORDS, /* the same batches without anything else */
  SOURCE_FRAMES,  /* each sample behind a header of 16 bytes: magic, length, type, flags, number */
  SOURCE_BLOBS,   /* u32 length, then a batch */
  SOURCE_NATS     /* publishes batches to the subject x of a nats-server */
} source_form;

typedef struct source {
  source_form form;
  uint32_t channels;
  int fd;
  uint64_t epoch;
  uint64_t *next; /* sequence of each channel */
  uint32_t turn;  /* the channel whose turn it is */
  uint8_t *buffer;
  uint64_t samples; /* sent in all */
  pthread_mutex_t writing;
  pthread_t reader;
} source;

/* A record of the SDK holds at most so many samples of 64 bytes: 64 KiB. */
enum { SOURCE_BATCH_SAMPLES = 904, SOURCE_SAMPLE_BYTES = 64, SOURCE_FRAME_BYTES = 80 };

/* Bytes of a batch of so many samples. */
uint32_t source_batch_bytes(uint32_t samples);

/* What one batch of so many samples of so many samples brings to a client, in bytes, where nobody changes it.
 */
uint32_t source_write_bytes(source_form form, uint32_t samples);

/* A source; `fd` is that of the peer who connected, or of the connection to the nats-server. A driver says
 * its preamble and answers pings from then on, on a thread of its own. */
void source_open(source *source, source_form form, uint32_t channels, const char *name, int fd);

/* Sends `samples` of each of the next `records` channels in one write; together at most SOURCE_BATCH_SAMPLES.
 * Blocks; false when the peer is gone. */
bool source_send(source *source, uint32_t records, uint32_t samples);

/* Waits until the peer has read everything, at most so long; false when it has not. */
bool source_drained(const source *source, int64_t timeout_ns);

#endif
