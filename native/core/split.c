/* SPDX-License-Identifier: MIT
 *
 * The splitter: a first pass over the chunk checks records and forms groups, a second one copies each byte
 * once.
 */
#include "split.h"
#include "merge.h"

#define FIRST_CONTROL 16u
#define LAST_CONTROL 63u
/* Memory for pieces of records that is given back once nothing is kept. */
#define KEPT_BYTES 1048576u
/* Two batches of so many bytes stay two. */
#define LARGE_BYTES 49152u

void sw_split_init(sw_split *split, sw_resize_fn resize, void *context) {
  memset(split, 0, sizeof *split);
  split->resize = resize;
  split->context = context;
  split->max_bytes = SW_MAX_RECORD_BYTES;
  split->failure = SW_OK;
}

void sw_split_fini(sw_split *split) {
  split->resize(split->context, split->kept, 0);
  split->resize(split->context, (void *)split->records, 0);
  split->resize(split->context, split->groups, 0);
  split->resize(split->context, split->routes, 0);
  memset(split, 0, sizeof *split);
  split->failure = SW_CLOSED;
}

/* Makes room for `wanted` items of `item` bytes, at least doubling. Returns the memory or NULL, then the old
 * one stays. */
static void *grow(sw_split *split, void *memory, size_t *room, size_t wanted, size_t item) {
  size_t more = *room * 2u;
  void *larger;
  if (wanted <= *room)
    return memory;
  if (more < wanted)
    more = wanted;
  if (more < 16u)
    more = 16u;
  if (more > SIZE_MAX / item)
    return NULL;
  larger = split->resize(split->context, memory, more * item);
  if (larger != NULL)
    *room = more;
  return larger;
}

/* ---- Routes ---- */

/* The index of the first route that is not below `from`. */
static size_t route_place(const sw_split *split, uint32_t from) {
  size_t low = 0;
  size_t high = split->route_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2u;
    if (split->routes[middle].from < from)
      low = middle + 1u;
    else
      high = middle;
  }
  return low;
}

static const sw_route *route_of(const sw_split *split, uint32_t from) {
  const size_t at = route_place(split, from);
  if (at == split->route_count || split->routes[at].from != from)
    return NULL;
  return &split->routes[at];
}

sw_status sw_split_route(sw_split *split, const sw_route *route) {
  const size_t at = route_place(split, route->from);
  if (at == split->route_count || split->routes[at].from != route->from) {
    void *larger;
    if (split->route_count >= SW_MAX_STREAMS)
      return SW_INVALID_ARGUMENT;
    larger = grow(split, split->routes, &split->route_room, split->route_count + 1u, sizeof *split->routes);
    if (larger == NULL)
      return SW_OUT_OF_MEMORY;
    split->routes = larger;
    memmove(split->routes + at + 1, split->routes + at, (split->route_count - at) * sizeof *split->routes);
    split->route_count++;
  }
  split->routes[at] = *route;
  return SW_OK;
}

void sw_split_unroute(sw_split *split, uint32_t from) {
  const size_t at = route_place(split, from);
  if (at == split->route_count || split->routes[at].from != from)
    return;
  split->route_count--;
  memmove(split->routes + at, split->routes + at + 1, (split->route_count - at) * sizeof *split->routes);
}

sw_status sw_split_limit(sw_split *split, uint32_t max_bytes) {
  if (max_bytes < SW_PREFIX_BYTES || max_bytes > SW_MAX_RECORD_BYTES)
    return SW_INVALID_ARGUMENT;
  split->max_bytes = max_bytes;
  return SW_OK;
}

void sw_split_offset(sw_split *split, int64_t ns) {
  split->offset = ns;
}

/* ---- Checking and grouping ---- */

/* Puts the batch into the last group if it goes on where that ends. Sequences that jump never merge here:
 * listing them could make the merged batch longer than its parts. Nor do large ones: a record more costs less
 * than to copy them. */
static int extend_group(sw_split *split, const sw_batch *batch) {
  sw_split_group *group;
  sw_batch merged;
  if (split->group_count == 0)
    return 0;
  group = &split->groups[split->group_count - 1u];
  if (group->batch.count == 0 || ((group->batch.flags | batch->flags) & SW_FLAG_SEQUENCES) != 0)
    return 0;
  if (group->batch.bytes >= LARGE_BYTES && batch->bytes >= LARGE_BYTES)
    return 0;
  if (!sw_merge_alike(&group->batch, batch) || batch->first != group->batch.first + group->batch.count)
    return 0;
  merged = group->batch;
  merged.count += batch->count;
  merged.payload_bytes += batch->payload_bytes;
  if (!sw_batch_layout(&merged))
    return 0;
  split->ready += merged.bytes - group->batch.bytes;
  group->batch = merged;
  group->count++;
  return 1;
}

/* `batch` has a count of 0 for other kinds of records. */
static sw_status add_record(sw_split *split, const uint8_t *record, const sw_batch *batch) {
  sw_split_group *group;
  void *larger = grow(split, (void *)split->records, &split->record_room, split->record_count + 1u,
                      sizeof *split->records);
  if (larger == NULL)
    return SW_OUT_OF_MEMORY;
  split->records = larger;
  split->records[split->record_count++] = record;
  if (batch->count > 0 && extend_group(split, batch))
    return SW_OK;
  larger = grow(split, split->groups, &split->group_room, split->group_count + 1u, sizeof *split->groups);
  if (larger == NULL) {
    split->record_count--;
    return SW_OUT_OF_MEMORY;
  }
  split->groups = larger;
  group = &split->groups[split->group_count++];
  group->first = split->record_count - 1u;
  group->count = 1;
  group->batch = *batch;
  split->ready += batch->bytes;
  return SW_OK;
}

static sw_status accept(sw_split *split, const uint8_t *record, const sw_prefix *prefix) {
  sw_batch batch;
  sw_status status;
  memset(&batch, 0, sizeof batch);
  if (prefix->type == SW_RECORD_BATCH) {
    const sw_route *route;
    if (!sw_batch_read(record, &batch))
      return SW_BAD_RECORD;
    route = route_of(split, batch.stream);
    if (route == NULL || route->size != batch.size)
      return SW_BAD_RECORD;
  } else if (prefix->type == SW_RECORD_GAP) {
    sw_gap gap;
    if (!sw_gap_read(record, &gap) || route_of(split, gap.stream) == NULL)
      return SW_BAD_RECORD;
  } else if (prefix->type < FIRST_CONTROL || prefix->type > LAST_CONTROL) {
    return SW_BAD_RECORD;
  }
  batch.bytes = prefix->bytes;
  status = add_record(split, record, &batch);
  if (status != SW_OK)
    return status;
  split->record_total++;
  split->batch_total += batch.count > 0 ? 1u : 0u;
  split->sample_total += batch.count;
  return SW_OK;
}

/* ---- Bytes ---- */

static int is_stop(uint8_t type) {
  return type == SW_RECORD_HELLO || type == SW_RECORD_ADVERTISE || type == SW_RECORD_WITHDRAW;
}

/* Makes room to keep so many bytes more. */
static sw_status reserve(sw_split *split, size_t count) {
  void *larger = grow(split, split->kept, &split->kept_bytes, split->tail + count, 1);
  if (larger == NULL)
    return SW_OUT_OF_MEMORY;
  split->kept = larger;
  return SW_OK;
}

/* Keeps the next bytes of the chunk. */
static sw_status keep(sw_split *split, const uint8_t **chunk, size_t *left, size_t count) {
  const sw_status status = reserve(split, count);
  if (status != SW_OK)
    return status;
  memcpy(split->kept + split->tail, *chunk, count);
  split->tail += count;
  *chunk += count;
  *left -= count;
  return SW_OK;
}

/* Reads the next whole record, from `kept` while anything is there. SW_OK with *found 0: more bytes are
 * needed than there are, or than can be left to the caller. */
static sw_status next_record(sw_split *split, const uint8_t **chunk, size_t *left, size_t most, int *found,
                             int *stop) {
  sw_prefix prefix;
  sw_status status;
  const uint8_t *record;
  *found = 0;
  for (;;) {
    const int from_kept = split->tail > split->head;
    const size_t have = from_kept ? split->tail - split->head : *left;
    sw_parse parse;
    record = from_kept ? split->kept + split->head : *chunk;
    parse = sw_prefix_read(record, have, split->max_bytes, &prefix);
    if (parse == SW_PARSE_BAD)
      return SW_BAD_RECORD;
    if (parse == SW_PARSE_MORE) {
      const size_t wanted = prefix.bytes == 0 ? SW_PREFIX_BYTES : prefix.bytes;
      if (*left == 0 || (!from_kept && *left <= most))
        return SW_OK;
      status = keep(split, chunk, left, wanted - have < *left ? wanted - have : *left);
      if (status != SW_OK)
        return status;
      continue;
    }
    status = accept(split, record, &prefix);
    if (status != SW_OK)
      return status;
    if (from_kept) {
      split->head += prefix.bytes;
    } else {
      *chunk += prefix.bytes;
      *left -= prefix.bytes;
    }
    *found = 1;
    *stop = is_stop(prefix.type);
    return SW_OK;
  }
}

sw_status sw_split_push(sw_split *split, const uint8_t *chunk, size_t bytes) {
  return sw_split_push_leaving(split, chunk, bytes, 0);
}

sw_status sw_split_push_leaving(sw_split *split, const uint8_t *chunk, size_t bytes, size_t most) {
  int found = 1;
  int stop = 0;
  split->record_count = 0;
  split->group_count = 0;
  split->ready = 0;
  split->left = 0;
  split->more = 0;
  if (split->failure != SW_OK)
    return split->failure;
  if (bytes > 0)
    split->chunks++;
  /* Only once half of it is read: a stop behind each of many small records must not move all the rest each
   * time. */
  if (split->head > split->tail / 2u) {
    memmove(split->kept, split->kept + split->head, split->tail - split->head);
    split->tail -= split->head;
    split->head = 0;
  }
  /* Records that are found in what is kept must not move before they are taken: no growing after this. */
  if (split->tail > split->head && bytes > 0)
    split->failure = reserve(split, bytes);
  while (found && !stop && split->failure == SW_OK)
    split->failure = next_record(split, &chunk, &bytes, most, &found, &stop);
  if (split->failure == SW_OK && !stop && bytes <= most)
    split->left = bytes;
  else if (split->failure == SW_OK && bytes > 0)
    split->failure = keep(split, &chunk, &bytes, bytes);
  split->more = stop || split->failure != SW_OK;
  return split->ready > 0 ? SW_OK : split->failure;
}

int sw_split_more(const sw_split *split) {
  return split->more;
}

size_t sw_split_ready(const sw_split *split) {
  return split->ready;
}

/* ---- Writing ---- */

static void add_offset(uint8_t *times, size_t count, int64_t offset) {
  for (size_t i = 0; i < count; i++) /* unsigned: a hostile time may wrap, but that is defined */
    sw_put64(times + 8u * i, sw_get64(times + 8u * i) + (uint64_t)offset);
}

/* Writes the ids of its route and the times of UTC into a record. */
static void translate(const sw_split *split, const sw_split_group *group, uint8_t *record) {
  const sw_route *route;
  if (record[4] != SW_RECORD_BATCH && record[4] != SW_RECORD_GAP)
    return;
  route = route_of(split, sw_get32(record + 8));
  if (route == NULL)
    return;
  sw_put32(record + 8, route->stream);
  if (record[4] != SW_RECORD_BATCH)
    return;
  sw_put32(record + 12, route->schema);
  if (split->offset != 0)
    add_offset(record + group->batch.times, group->batch.count, split->offset);
}

static void write_group(const sw_split *split, const sw_split_group *group, uint8_t *out) {
  const uint8_t *const *records = split->records + group->first;
  if (group->count > 1)
    sw_merge_write(records, group->count, &group->batch, out);
  else
    memcpy(out, records[0], group->batch.bytes);
  translate(split, group, out);
}

/* All is taken: memory for pieces of records goes back. */
static void taken(sw_split *split) {
  split->record_count = 0;
  split->group_count = 0;
  split->ready = 0;
  if (split->head == split->tail) {
    split->head = 0;
    split->tail = 0;
    if (split->kept_bytes > KEPT_BYTES) {
      split->resize(split->context, split->kept, 0);
      split->kept = NULL;
      split->kept_bytes = 0;
    }
  }
}

void sw_split_take(sw_split *split, uint8_t *out) {
  for (size_t i = 0; i < split->group_count; i++) {
    write_group(split, &split->groups[i], out);
    out += split->groups[i].batch.bytes;
  }
  taken(split);
}

int sw_split_take_here(sw_split *split, uint8_t *chunk) {
  /* They are read in the order in which they stand: when the first one is the chunk's, all are. */
  if (split->record_count == 0 || split->records[0] != chunk || split->group_count != split->record_count)
    return 0;
  for (size_t i = 0; i < split->group_count; i++) {
    translate(split, &split->groups[i], chunk);
    chunk += split->groups[i].batch.bytes;
  }
  taken(split);
  return 1;
}
