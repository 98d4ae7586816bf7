/* SPDX-License-Identifier: MIT
 *
 * receiver PATH: the floor of reading a driver's link. Reads what the bridge reads and does to it what the
 * bridge must: cuts it into records, checks each, and copies it with its stream and its times changed.
 * Prints `reading` when it is connected.
 */
#include "net.h"
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_BYTES = 262144, STREAM = 7, SCHEMA = 3, OFFSET_NS = 1000 };

/* Where a splitter would keep its batches: used again and again, as the bridge's memory is. */
static uint8_t chunk[2 * CHUNK_BYTES];
static uint8_t copy[2 * CHUNK_BYTES];

static size_t copy_record(uint8_t *out, const uint8_t *record, uint32_t bytes) {
  sw_batch batch;
  if (record[4] != SW_RECORD_BATCH)
    return 0;
  if (!sw_batch_read(record, &batch))
    net_fail("a batch that is none");
  memcpy(out, record, bytes);
  sw_put32(out + 8, STREAM);
  sw_put32(out + 12, SCHEMA);
  for (uint32_t at = 0; at < batch.count; at++) {
    uint8_t *time = out + batch.times + 8u * (size_t)at;
    sw_put64(time, sw_get64(time) + OFFSET_NS);
  }
  return bytes;
}

/* Copies all whole records of the chunk and returns how many bytes they had. */
static size_t split(const uint8_t *bytes, size_t count) {
  size_t at = 0;
  size_t out = 0;
  sw_prefix prefix;
  while (sw_prefix_read(bytes + at, count - at, CHUNK_BYTES, &prefix) == SW_PARSE_RECORD) {
    out += copy_record(copy + out, bytes + at, prefix.bytes);
    at += prefix.bytes;
  }
  return at;
}

int main(int argc, char **argv) {
  net_end_with_parent();
  if (argc != 2)
    net_fail("receiver PATH");
  const int fd = net_connect_unix(argv[1]);
  uint8_t attach[SW_ATTACH_HEADER_BYTES] = {0};
  sw_prefix_write(attach, sizeof attach, SW_RECORD_ATTACH, 0);
  sw_put32(attach + 8, SW_MAGIC);
  sw_put16(attach + 12, SW_PROTOCOL_MAJOR);
  (void)net_write(fd, attach, sizeof attach);
  (void)printf("reading\n");
  (void)fflush(stdout);
  size_t kept = 0;
  for (;;) {
    const ssize_t got = read(fd, chunk + kept, CHUNK_BYTES);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return 0;
    const size_t count = kept + (size_t)got;
    const size_t whole = split(chunk, count);
    kept = count - whole;
    memmove(chunk, chunk + whole, kept);
  }
}
