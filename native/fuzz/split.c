/* SPDX-License-Identifier: MIT
 *
 * What a driver sends to a bridge: any bytes in any chunks. Whatever comes out must be whole records, and the
 * same as in one chunk.
 */
#include "split.h"
#include "merge.h"

#include <stdlib.h>

static void *resize(void *context, void *memory, size_t bytes) {
  (void)context;
  if (bytes > 0)
    return realloc(memory, bytes);
  free(memory);
  return NULL;
}

static uint64_t samples;

/* Records and samples of what is ready, in the chunk where they can stay; every record must read as what it
 * says it is. */
static void take(sw_split *split, uint8_t *chunk) {
  const size_t ready = sw_split_ready(split);
  uint8_t *memory = malloc(ready + (ready == 0));
  const uint8_t *records = memory;
  if (memory == NULL)
    abort();
  if (chunk != NULL && sw_split_take_here(split, chunk))
    records = chunk;
  else
    sw_split_take(split, memory);
  for (size_t at = 0; at < ready;) {
    sw_prefix prefix;
    sw_batch batch;
    sw_gap gap;
    if (sw_prefix_read(records + at, ready - at, SW_MAX_RECORD_BYTES, &prefix) != SW_PARSE_RECORD)
      abort();
    if (prefix.type == SW_RECORD_BATCH && !sw_batch_read(records + at, &batch))
      abort();
    if (prefix.type == SW_RECORD_GAP && !sw_gap_read(records + at, &gap))
      abort();
    samples += prefix.type == SW_RECORD_BATCH ? batch.count : 1;
    at += prefix.bytes;
  }
  free(memory);
}

/* Returns what came out; up to `most` bytes of a chunk are left for the next one. */
static uint64_t run(const uint8_t *input, size_t count, size_t piece, size_t most) {
  sw_split split;
  sw_status status = SW_OK;
  samples = 0;
  sw_split_init(&split, resize, NULL);
  for (uint32_t from = 1; from <= 4; from++) {
    const sw_route route = {from, from, 1, from == 4 ? 0 : 8 * (from % 3)};
    (void)sw_split_route(&split, &route);
  }
  sw_split_offset(&split, 1);
  for (size_t at = 0; at < count && status == SW_OK; at += piece) {
    const size_t left = split.left;
    const size_t bytes = left + (count - at < piece ? count - at : piece);
    uint8_t *chunk = malloc(bytes); /* of its own, so that a read beyond it is found */
    if (chunk == NULL)
      abort();
    memcpy(chunk, input + at - left, bytes);
    status = sw_split_push_leaving(&split, chunk, bytes, most);
    if (split.left > most)
      abort();
    if (status == SW_OK)
      take(&split, most > 0 ? chunk : NULL);
    while (status == SW_OK && sw_split_more(&split)) {
      status = sw_split_push(&split, NULL, 0);
      if (status == SW_OK)
        take(&split, NULL);
    }
    free(chunk);
  }
  sw_split_fini(&split);
  return samples * 2u + (status == SW_OK ? 1u : 0u);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count) {
  if (count < 2)
    return 0;
  /* The first byte says how long the chunks are. */
  const uint64_t whole = run(input + 1, count - 1, count, 0);
  if (run(input + 1, count - 1, 1u + input[0], 0) != whole ||
      run(input + 1, count - 1, 1u + input[0], 64) != whole)
    abort();
  return 0;
}
