/* SPDX-License-Identifier: MIT
 *
 * One batch from several of one stream, schema and epoch. Pure: no allocation, no I/O; the caller gives the
 * memory. Any thread.
 */
#ifndef STRUCTWIRE_CORE_MERGE_H
#define STRUCTWIRE_CORE_MERGE_H

#include "record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sw_merge {
  SW_MERGE_OK,
  SW_MERGE_BAD_RECORD, /* one of them is no batch */
  SW_MERGE_STRANGERS,  /* of different streams, schemas, epochs or sizes, or none at all */
  SW_MERGE_DISORDER,   /* their sequences do not rise */
  SW_MERGE_TOO_LARGE   /* together they would break a limit of the format */
} sw_merge;

/* Whether samples of b could stand in one batch with those of a, as far as their headers say. */
int sw_merge_alike(const sw_batch *a, const sw_batch *b);

/* Lays out the batch that `count` whole batch records make together; it lists its sequences where those of
 * the parts jump. */
sw_merge sw_merge_plan(const uint8_t *const *records, size_t count, sw_batch *out);

/* Writes that batch: exactly plan->bytes bytes at `out`, which does not overlap the records. */
void sw_merge_write(const uint8_t *const *records, size_t count, const sw_batch *plan, uint8_t *out);

#ifdef __cplusplus
}
#endif
#endif
