/* SPDX-License-Identifier: MIT
 *
 * Cuts the byte stream of a driver link into checked records. Bytes come in chunks of any length; whole
 * records go out, batches of one stream that follow each other as one. Pure: no I/O, memory only through the
 * caller's function, at most about twice the record limit and a chunk. One thread at a time.
 *
 *   sw_split_push(split, chunk, bytes)     reads; the chunk must stay until sw_split_take
 *   sw_split_ready(split)                  bytes that are ready
 *   sw_split_take(split, out)              writes them: records one behind the other
 *
 * Or, where the chunk is memory that may be written:
 *
 *   sw_split_push_leaving(split, chunk, bytes, most)
 *   sw_split_take_here(split, chunk)       the same without copying, when it can be
 */
#ifndef STRUCTWIRE_CORE_SPLIT_H
#define STRUCTWIRE_CORE_SPLIT_H

#include "record.h"
#include "structwire/structwire.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As realloc: a NULL `memory` allocates, 0 `bytes` frees. NULL when there is none. */
typedef void *(*sw_resize_fn)(void *context, void *memory, size_t bytes);

/* Batches and gaps of the stream `from` get these ids; `size` is that of its structs, 0 for JSON and bytes.
 */
typedef struct sw_route {
  uint32_t from, stream, schema, size;
} sw_route;

/* Consecutive batches that become one, or one record of another kind. */
typedef struct sw_split_group {
  size_t first, count; /* in `records` */
  sw_batch batch;      /* what they become; `bytes` also of other kinds */
} sw_split_group;

typedef struct sw_split {
  sw_resize_fn resize;
  void *context;
  uint8_t *kept; /* bytes of earlier chunks from `head` to `tail` */
  size_t head, tail, kept_bytes;
  const uint8_t **records; /* whole ones of this push, in `kept` or the chunk */
  size_t record_count, record_room;
  sw_split_group *groups;
  size_t group_count, group_room;
  sw_route *routes; /* by rising `from` */
  size_t route_count, route_room;
  size_t ready;
  size_t left; /* bytes at the end of the chunk that the caller has to bring again */
  int64_t offset;
  uint32_t max_bytes;
  int more;
  sw_status failure; /* sticky */
  uint64_t chunks, record_total, batch_total, sample_total;
} sw_split;

void sw_split_init(sw_split *split, sw_resize_fn resize, void *context);
void sw_split_fini(sw_split *split);

/* The longest record that is taken from now on, 8 to SW_MAX_RECORD_BYTES (which it is at first). */
sw_status sw_split_limit(sw_split *split, uint32_t max_bytes);

/* SW_INVALID_ARGUMENT for more than SW_MAX_STREAMS of them, SW_OUT_OF_MEMORY. */
sw_status sw_split_route(sw_split *split, const sw_route *route);
void sw_split_unroute(sw_split *split, uint32_t from);

/* Nanoseconds that are added to all times of batches from now on. */
void sw_split_offset(sw_split *split, int64_t ns);

/* Reads a chunk (also an empty one). SW_BAD_RECORD and SW_OUT_OF_MEMORY are sticky; good records before a bad
 * one are given out first. */
sw_status sw_split_push(sw_split *split, const uint8_t *chunk, size_t bytes);

/* The same, but up to `most` bytes at the end of the chunk, the beginning of a record, are not kept:
 * split->left says how many, and they have to come again at the front of the next chunk. */
sw_status sw_split_push_leaving(sw_split *split, const uint8_t *chunk, size_t bytes, size_t most);

/* Whether to push once more with no bytes after taking: reading stopped behind a record that may change
 * routes (HELLO, ADVERTISE, WITHDRAW), or before a bad one. */
int sw_split_more(const sw_split *split);

size_t sw_split_ready(const sw_split *split);
void sw_split_take(sw_split *split, uint8_t *out);

/* Takes them where they stand, from the first byte of the chunk on, which is the one that was pushed. Returns
 * 0, and they are still to be taken, when some of them do not stand there or become one. */
int sw_split_take_here(sw_split *split, uint8_t *chunk);

#ifdef __cplusplus
}
#endif
#endif
