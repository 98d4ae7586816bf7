/* SPDX-License-Identifier: MIT
 *
 * See source.h.
 */
#include "source.h"

#include "message.schema.h"
#include "net.h"
#include "record.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for as many batches of one sample. */
enum { BUFFER_BYTES = SOURCE_BATCH_SAMPLES * 256, SEND_BUFFER_BYTES = 1048576 };

uint32_t source_batch_bytes(uint32_t samples) {
  return SW_BATCH_HEADER_BYTES + samples * (8u + SOURCE_SAMPLE_BYTES);
}

uint32_t source_write_bytes(source_form form, uint32_t samples) {
  if (form == SOURCE_FRAMES)
    return samples * SOURCE_FRAME_BYTES;
  if (form == SOURCE_NATS)
    return (uint32_t)snprintf(NULL, 0, "MSG x 1 %u\r\n\r\n", source_batch_bytes(samples)) +
           source_batch_bytes(samples);
  return source_batch_bytes(samples);
}

/* ---- The driver's side of a link ---- */

static void write_whole(source *source, const void *bytes, size_t count) {
  (void)pthread_mutex_lock(&source->writing);
  (void)net_write(source->fd, bytes, count);
  (void)pthread_mutex_unlock(&source->writing);
}

/* Waits for something to read as the SDK does. Who waits in a read itself is woken each time that the bridge
 * has read, too, which costs the bridge several microseconds. */
static bool wait_readable(int fd) {
  struct pollfd waiting = {.fd = fd, .events = POLLIN};
  int ready;
  do
    ready = poll(&waiting, 1, -1);
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

/* Reads what the bridge says, and answers its pings. */
static void *answer(void *context) {
  source *source = context;
  static _Thread_local uint8_t record[65536];
  while (wait_readable(source->fd) && net_read(source->fd, record, SW_PREFIX_BYTES)) {
    const uint32_t bytes = sw_get32(record);
    if (bytes < SW_PREFIX_BYTES || bytes > sizeof record ||
        !net_read(source->fd, record + SW_PREFIX_BYTES, bytes - SW_PREFIX_BYTES))
      break;
    if (record[4] != SW_RECORD_PING)
      continue;
    record[4] = SW_RECORD_PONG;
    sw_put64(record + 16, (uint64_t)net_now());
    sw_put64(record + 24, 0);
    write_whole(source, record, SW_PING_BYTES);
  }
  return NULL;
}

static size_t put_text(uint8_t *record, size_t at, const char *text) {
  memcpy(record + at, text, strlen(text));
  return at + strlen(text);
}

static void say_preamble(source *source, const char *name) {
  const uint32_t blob = message_schema.blob_size;
  uint8_t *record = calloc(1, blob + 1024u);
  if (record == NULL)
    net_fail("out of memory");
  size_t at = put_text(record, SW_HELLO_HEADER_BYTES, name);
  memcpy(record + at, message_schema.blob, blob);
  at = sw_pad8(at + blob);
  sw_prefix_write(record, (uint32_t)at, SW_RECORD_HELLO, 0);
  sw_put32(record + 8, SW_MAGIC);
  sw_put16(record + 12, SW_PROTOCOL_MAJOR);
  sw_put16(record + 14, SW_PROTOCOL_MINOR);
  sw_put64(record + 16, source->epoch);
  sw_put32(record + 32, (uint32_t)strlen(name));
  sw_put32(record + 36, blob);
  sw_put32(record + 40, (uint32_t)getpid());
  write_whole(source, record, at);
  for (uint32_t channel = 0; channel < source->channels; channel++) {
    char text[64];
    (void)snprintf(text, sizeof text, "load/c%u", channel);
    memset(record, 0, 1024);
    at = put_text(record, SW_ADVERTISE_HEADER_BYTES, text);
    at = sw_pad8(put_text(record, at, bench_sample_type.name));
    sw_prefix_write(record, (uint32_t)at, SW_RECORD_ADVERTISE, 0);
    sw_put32(record + 8, channel + 1);
    sw_put32(record + 12, SW_KIND_STRUCT);
    sw_put32(record + 16, SOURCE_SAMPLE_BYTES);
    sw_put32(record + 20, (uint32_t)strlen(text));
    sw_put32(record + 24, (uint32_t)strlen(bench_sample_type.name));
    write_whole(source, record, at);
  }
  free(record);
}

/* ---- Sending ---- */

void source_open(source *source, source_form form, uint32_t channels, const char *name, int fd) {
  const int bytes = SEND_BUFFER_BYTES;
  memset(source, 0, sizeof *source);
  source->form = form;
  source->channels = channels;
  source->fd = fd;
  source->epoch = (uint64_t)net_now();
  source->next = calloc(channels, sizeof *source->next);
  source->buffer = calloc(1, BUFFER_BYTES);
  (void)pthread_mutex_init(&source->writing, NULL);
  if (source->next == NULL || source->buffer == NULL)
    net_fail("out of memory");
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  if (form == SOURCE_DRIVER) {
    say_preamble(source, name);
    if (pthread_create(&source->reader, NULL, answer, source) != 0)
      net_fail("no thread");
  }
}

static size_t write_batch(source *source, uint8_t *at, uint32_t samples) {
  const uint32_t channel = source->turn;
  const uint64_t time = (uint64_t)net_now();
  const sw_batch batch = {.bytes = source_batch_bytes(samples),
                          .stream = channel + 1,
                          .count = samples,
                          .size = SOURCE_SAMPLE_BYTES,
                          .epoch = source->epoch,
                          .first = source->next[channel]};
  sw_batch_write(at, &batch);
  for (uint32_t sample = 0; sample < samples; sample++)
    sw_put64(at + SW_BATCH_HEADER_BYTES + 8u * (size_t)sample, time);
  source->next[channel] += samples;
  source->turn = (channel + 1) % source->channels;
  return batch.bytes;
}

static size_t write_frames(source *source, uint8_t *at, uint32_t samples) {
  for (uint32_t sample = 0; sample < samples; sample++) {
    uint8_t *frame = at + (size_t)sample * SOURCE_FRAME_BYTES;
    sw_put32(frame, SW_MAGIC);
    sw_put32(frame + 4, SOURCE_SAMPLE_BYTES);
    sw_put32(frame + 12, (uint32_t)source->next[0]++);
  }
  return (size_t)samples * SOURCE_FRAME_BYTES;
}

/* One batch in the source's form; returns its bytes. */
static size_t write_one(source *source, uint8_t *at, uint32_t samples) {
  const uint32_t batch_bytes = source_batch_bytes(samples);
  size_t bytes = 0;
  if (source->form == SOURCE_FRAMES)
    return write_frames(source, at, samples);
  if (source->form == SOURCE_BLOBS) {
    sw_put32(at, batch_bytes);
    bytes = 4;
  } else if (source->form == SOURCE_NATS) {
    bytes = (size_t)snprintf((char *)at, 64, "PUB x %u\r\n", batch_bytes);
  }
  bytes += write_batch(source, at + bytes, samples);
  if (source->form == SOURCE_NATS) {
    memcpy(at + bytes, "\r\n", 2);
    bytes += 2;
  }
  return bytes;
}

bool source_send(source *source, uint32_t records, uint32_t samples) {
  size_t bytes = 0;
  for (uint32_t record = 0; record < records; record++)
    bytes += write_one(source, source->buffer + bytes, samples);
  (void)pthread_mutex_lock(&source->writing);
  const bool sent = net_write(source->fd, source->buffer, bytes);
  (void)pthread_mutex_unlock(&source->writing);
  source->samples += (uint64_t)records * samples;
  return sent;
}

bool source_drained(const source *source, int64_t timeout_ns) {
  const int64_t end = net_now() + timeout_ns;
  int left = 1;
  while (ioctl(source->fd, SIOCOUTQ, &left) == 0 && left > 0) {
    if (net_now() > end)
      return false;
    net_sleep_until(net_now() + 50000);
  }
  return true;
}
