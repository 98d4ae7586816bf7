/* SPDX-License-Identifier: MIT
 *
 * Records as bytes: the constants of docs/batch-format.md and docs/driver-protocol.md, little-endian access,
 * and the reading, checking and writing of what all sides share (prefix, batch, gap). Pure: no allocation, no
 * I/O. C11 and C++17.
 */
#ifndef STRUCTWIRE_CORE_RECORD_H
#define STRUCTWIRE_CORE_RECORD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Types of records. */
#define SW_RECORD_BATCH 1u
#define SW_RECORD_GAP 2u
#define SW_RECORD_HELLO 16u
#define SW_RECORD_ATTACH 17u
#define SW_RECORD_ADVERTISE 18u
#define SW_RECORD_WITHDRAW 19u
#define SW_RECORD_PARAMETER 20u
#define SW_RECORD_SERVICE 21u
#define SW_RECORD_VALUE 22u
#define SW_RECORD_REFUSE 23u
#define SW_RECORD_REPLY 24u
#define SW_RECORD_LOG 25u
#define SW_RECORD_PING 26u
#define SW_RECORD_PONG 27u
#define SW_RECORD_COUNTERS 28u
#define SW_RECORD_END 29u
#define SW_RECORD_SUBSCRIBE 30u
#define SW_RECORD_UNSUBSCRIBE 31u
#define SW_RECORD_SET 32u
#define SW_RECORD_CALL 33u
#define SW_RECORD_CANCEL 34u
#define SW_RECORD_STREAM 36u
#define SW_RECORD_STREAM_END 37u
#define SW_RECORD_READY 38u

/* Flags of a batch. */
#define SW_FLAG_SEQUENCES 1u
#define SW_FLAG_VARIABLE 2u

/* Fixed sizes: what stands in front of the texts, values and samples of each record. */
#define SW_PREFIX_BYTES 8u
#define SW_BATCH_HEADER_BYTES 40u
#define SW_GAP_BYTES 48u
#define SW_HELLO_HEADER_BYTES 48u
#define SW_ATTACH_HEADER_BYTES 24u
#define SW_ADVERTISE_HEADER_BYTES 40u
#define SW_WITHDRAW_BYTES 16u
#define SW_PARAMETER_HEADER_BYTES 32u
#define SW_SERVICE_HEADER_BYTES 32u
#define SW_VALUE_HEADER_BYTES 48u
#define SW_REFUSE_HEADER_BYTES 24u
#define SW_REPLY_HEADER_BYTES 24u
#define SW_LOG_HEADER_BYTES 24u
#define SW_PING_BYTES 32u
#define SW_COUNTERS_HEADER_BYTES 16u
#define SW_COUNTERS_ENTRY_BYTES 32u
#define SW_END_HEADER_BYTES 16u
#define SW_SUBSCRIBE_HEADER_BYTES 24u
#define SW_UNSUBSCRIBE_BYTES 16u
#define SW_SET_HEADER_BYTES 24u
#define SW_CALL_HEADER_BYTES 24u
#define SW_CANCEL_BYTES 16u
#define SW_STREAM_HEADER_BYTES 48u
#define SW_STREAM_END_HEADER_BYTES 24u

/* Limits of the batch format. */
#define SW_MAX_RECORD_BYTES 16777216u
#define SW_MAX_SAMPLE_BYTES 1048576u
#define SW_MAX_BATCH_COUNT 1048576u
#define SW_MAX_SEQUENCE 9007199254740991u /* 2^53 - 1: every reader can hold it as a number */

/* Limits of the driver link. */
#define SW_MAX_HELLO_BYTES 4194304u
#define SW_MAX_CONTROL_BYTES 2097152u
#define SW_MAX_STREAMS 4096u
#define SW_MAX_PARAMETERS 1024u
#define SW_MAX_SERVICES 1024u
#define SW_MAX_SUBSCRIPTIONS 64u
#define SW_MAX_FEED_BYTES 2097152u
#define SW_MAX_PENDING 256u
#define SW_MAX_PENDING_BYTES 8388608u
#define SW_MAX_NAME_BYTES 255u
#define SW_MAX_DRIVER_NAME_BYTES 64u
#define SW_MAX_LOG_BYTES 4096u
#define SW_MAX_CONTENT_TYPE_BYTES 255u

/* HELLO and ATTACH. */
#define SW_MAGIC 0x57525453u /* the bytes S T R W */
#define SW_PROTOCOL_MAJOR 1u
#define SW_PROTOCOL_MINOR 2u
#define SW_MINOR_CHANNELS 1u /* from here on: shared channels and subscriptions */
#define SW_MINOR_READY 2u    /* from here on: READY */

/* Kinds of channels in ADVERTISE. */
#define SW_KIND_STRUCT 1u
#define SW_KIND_JSON 2u
#define SW_KIND_BYTES 3u

/* SUBSCRIBE: what samples are wanted as, and how. */
#define SW_WANTED_JSON 1u
#define SW_WANTED_PUBLISHED 2u
#define SW_FLAG_LATEST 1u
#define SW_FLAG_LAST 2u

/* Reasons of a gap. */
#define SW_GAP_UNKNOWN 0u
#define SW_GAP_RING_FULL 1u
#define SW_GAP_LINK_FULL 2u
#define SW_GAP_SLOW_READER 3u
#define SW_GAP_DISCONNECTED 4u

/* ---- Little-endian access, at any alignment ---- */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define SW_LE16(v) __builtin_bswap16(v)
#define SW_LE32(v) __builtin_bswap32(v)
#define SW_LE64(v) __builtin_bswap64(v)
#else
#define SW_LE16(v) (v)
#define SW_LE32(v) (v)
#define SW_LE64(v) (v)
#endif

static inline uint16_t sw_get16(const uint8_t *at) {
  uint16_t v;
  memcpy(&v, at, sizeof v);
  return SW_LE16(v);
}

static inline uint32_t sw_get32(const uint8_t *at) {
  uint32_t v;
  memcpy(&v, at, sizeof v);
  return SW_LE32(v);
}

static inline uint64_t sw_get64(const uint8_t *at) {
  uint64_t v;
  memcpy(&v, at, sizeof v);
  return SW_LE64(v);
}

static inline void sw_put16(uint8_t *at, uint16_t v) {
  v = SW_LE16(v);
  memcpy(at, &v, sizeof v);
}

static inline void sw_put32(uint8_t *at, uint32_t v) {
  v = SW_LE32(v);
  memcpy(at, &v, sizeof v);
}

static inline void sw_put64(uint8_t *at, uint64_t v) {
  v = SW_LE64(v);
  memcpy(at, &v, sizeof v);
}

/* `bytes` rounded up to a multiple of 8. For what is at most SIZE_MAX - 7. */
static inline size_t sw_pad8(size_t bytes) {
  return (bytes + 7u) & ~(size_t)7u;
}

/* ---- Prefix: the 8 bytes that every record begins with ---- */

typedef enum sw_parse {
  SW_PARSE_RECORD, /* a whole record is there */
  SW_PARSE_MORE,   /* its beginning is, and it may be good */
  SW_PARSE_BAD     /* the stream cannot be read any further */
} sw_parse;

typedef struct sw_prefix {
  uint32_t
      bytes; /* of the whole record; valid also with SW_PARSE_MORE when at least 8 bytes were there, else 0 */
  uint8_t type;
  uint8_t flags;
} sw_prefix;

/* Looks at the record that begins at `at`, of which `available` bytes are there. `max_bytes` is the longest
 * record that the caller takes here, at most SW_MAX_RECORD_BYTES. */
static inline sw_parse sw_prefix_read(const uint8_t *at, size_t available, uint32_t max_bytes,
                                      sw_prefix *out) {
  out->bytes = 0;
  out->type = 0;
  out->flags = 0;
  if (available < SW_PREFIX_BYTES)
    return SW_PARSE_MORE;
  out->bytes = sw_get32(at);
  out->type = at[4];
  out->flags = at[5];
  if (out->bytes < SW_PREFIX_BYTES || out->bytes % 8u != 0 || out->bytes > max_bytes)
    return SW_PARSE_BAD;
  return available < out->bytes ? SW_PARSE_MORE : SW_PARSE_RECORD;
}

static inline void sw_prefix_write(uint8_t *at, uint32_t bytes, uint32_t type, uint32_t flags) {
  sw_put32(at, bytes);
  at[4] = (uint8_t)type;
  at[5] = (uint8_t)flags;
  sw_put16(at + 6, 0);
}

/* ---- Batch ---- */

/* A batch's header and where its parts stand, as offsets from the start of the record. */
typedef struct sw_batch {
  uint32_t bytes; /* of the whole record */
  uint32_t stream;
  uint32_t schema;
  uint32_t count;
  uint32_t size; /* of one struct; 0 with SW_FLAG_VARIABLE */
  uint32_t flags;
  uint64_t epoch;
  uint64_t first;
  uint32_t times;         /* i64[count] */
  uint32_t sequences;     /* u64[count]; 0: consecutive from `first` */
  uint32_t lengths;       /* u32[count]; 0: structs */
  uint32_t payload;       /* the structs, or the payloads one behind the other */
  uint32_t payload_bytes; /* without the padding at the end */
} sw_batch;

/* Lays out the parts of a batch from `count`, `size`, `flags` and, for variable samples, `payload_bytes`;
 * sets `bytes` and the offsets. Returns 0 when it would break a limit of the format. */
static inline int sw_batch_layout(sw_batch *batch) {
  const uint32_t variable = batch->flags & SW_FLAG_VARIABLE;
  uint64_t at = SW_BATCH_HEADER_BYTES;
  uint64_t payload;
  if (batch->count == 0 || batch->count > SW_MAX_BATCH_COUNT)
    return 0;
  if ((batch->flags & ~(SW_FLAG_SEQUENCES | SW_FLAG_VARIABLE)) != 0)
    return 0;
  if (variable ? batch->size != 0 : batch->size == 0 || batch->size > SW_MAX_SAMPLE_BYTES)
    return 0;
  batch->times = (uint32_t)at;
  at += 8u * (uint64_t)batch->count;
  batch->sequences = 0;
  if (batch->flags & SW_FLAG_SEQUENCES) {
    batch->sequences = (uint32_t)at;
    at += 8u * (uint64_t)batch->count;
  }
  batch->lengths = 0;
  if (variable) {
    batch->lengths = (uint32_t)at;
    at += (4u * (uint64_t)batch->count + 7u) & ~(uint64_t)7u;
    payload = batch->payload_bytes;
  } else {
    payload = (uint64_t)batch->count * batch->size;
  }
  batch->payload = (uint32_t)at;
  at = (at + payload + 7u) & ~(uint64_t)7u;
  if (at > SW_MAX_RECORD_BYTES)
    return 0;
  batch->payload_bytes = (uint32_t)payload;
  batch->bytes = (uint32_t)at;
  return 1;
}

/* Writes the 40 bytes of the header of a batch that sw_batch_layout accepted. */
static inline void sw_batch_write(uint8_t *at, const sw_batch *batch) {
  sw_prefix_write(at, batch->bytes, SW_RECORD_BATCH, batch->flags);
  sw_put32(at + 8, batch->stream);
  sw_put32(at + 12, batch->schema);
  sw_put64(at + 16, batch->epoch);
  sw_put64(at + 24, batch->first);
  sw_put32(at + 32, batch->count);
  sw_put32(at + 36, batch->size);
}

/* Reads and checks a batch of which all `bytes` bytes (as its prefix says) are there: sizes, rising
 * sequences, lengths that add up. Returns 0 when it breaks the format. Constant time for consecutive structs,
 * else linear in `count`. */
static inline int sw_batch_read(const uint8_t *record, sw_batch *out) {
  const uint32_t bytes = sw_get32(record);
  if (bytes < SW_BATCH_HEADER_BYTES || record[4] != SW_RECORD_BATCH)
    return 0;
  out->flags = record[5];
  out->stream = sw_get32(record + 8);
  out->schema = sw_get32(record + 12);
  out->epoch = sw_get64(record + 16);
  out->first = sw_get64(record + 24);
  out->count = sw_get32(record + 32);
  out->size = sw_get32(record + 36);
  out->payload_bytes = 0;
  if (!sw_batch_layout(out) || out->bytes > bytes)
    return 0;
  if (out->first > SW_MAX_SEQUENCE || SW_MAX_SEQUENCE - out->first < out->count - 1u)
    return 0;
  if (out->sequences != 0) {
    const uint8_t *at = record + out->sequences;
    uint64_t before = sw_get64(at);
    if (before != out->first)
      return 0;
    for (uint32_t i = 1; i < out->count; i++) {
      const uint64_t sequence = sw_get64(at + 8u * (size_t)i);
      if (sequence <= before || sequence > SW_MAX_SEQUENCE)
        return 0;
      before = sequence;
    }
  }
  if (out->lengths != 0) {
    const uint8_t *at = record + out->lengths;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < out->count; i++) {
      const uint32_t length = sw_get32(at + 4u * (size_t)i);
      if (length > SW_MAX_SAMPLE_BYTES)
        return 0;
      sum += length;
    }
    if (sum > bytes)
      return 0;
    out->payload_bytes = (uint32_t)sum;
    if (!sw_batch_layout(out))
      return 0;
  }
  return out->bytes == bytes;
}

/* ---- Gap ---- */

typedef struct sw_gap {
  uint32_t stream;
  uint32_t reason; /* SW_GAP_… */
  uint64_t epoch;
  uint64_t from; /* first and last lost sequence */
  uint64_t to;
  uint64_t count; /* at most to - from + 1 */
} sw_gap;

/* Writes the 48 bytes of a gap record. */
static inline void sw_gap_write(uint8_t *at, const sw_gap *gap) {
  sw_prefix_write(at, SW_GAP_BYTES, SW_RECORD_GAP, 0);
  sw_put32(at + 8, gap->stream);
  sw_put32(at + 12, gap->reason);
  sw_put64(at + 16, gap->epoch);
  sw_put64(at + 24, gap->from);
  sw_put64(at + 32, gap->to);
  sw_put64(at + 40, gap->count);
}

/* Reads and checks a gap of which all `bytes` bytes are there. Returns 0 when it breaks the format. A reason
 * that this version does not know is passed on as it is. */
static inline int sw_gap_read(const uint8_t *record, sw_gap *out) {
  if (sw_get32(record) != SW_GAP_BYTES || record[4] != SW_RECORD_GAP)
    return 0;
  out->stream = sw_get32(record + 8);
  out->reason = sw_get32(record + 12);
  out->epoch = sw_get64(record + 16);
  out->from = sw_get64(record + 24);
  out->to = sw_get64(record + 32);
  out->count = sw_get64(record + 40);
  if (out->from > out->to || out->to > SW_MAX_SEQUENCE)
    return 0;
  return out->count >= 1 && out->count <= out->to - out->from + 1u;
}

#ifdef __cplusplus
}
#endif
#endif
