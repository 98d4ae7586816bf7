/* SPDX-License-Identifier: MIT
 *
 * Channels: advertised by any thread, published by one, drained by the I/O side.
 */
#include "channel.h"
#include "driver.h"
#include "name.h"
#include "platform.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

enum {
  DEFAULT_RING_SAMPLES = 4096,
  LEAST_RING_SAMPLES = 8,
  DEFAULT_RING_BYTES = 1 << 20,
  LEAST_RING_BYTES = 256,
  MAX_RING_BYTES = 1 << 30
};

static uint32_t power_of_two(uint32_t at_least) {
  uint32_t power = 1;
  while (power < at_least)
    power *= 2u;
  return power;
}

/* How many samples the ring gets, or 0 when it would be too large. */
static uint32_t ring_capacity(uint32_t wanted, uint32_t size) {
  if (wanted == 0) {
    uint32_t capacity = DEFAULT_RING_SAMPLES;
    while (capacity > LEAST_RING_SAMPLES && (uint64_t)capacity * size > DEFAULT_RING_BYTES)
      capacity /= 2u;
    return capacity;
  }
  if (wanted > MAX_RING_BYTES / 16u)
    return 0;
  const uint32_t capacity = power_of_two(wanted);
  return sw_ring_bytes(capacity, size) > MAX_RING_BYTES ? 0 : capacity;
}

void sw_channel_free(sw_channel *channel) {
  sw_platform_unmap(channel->ring_memory, channel->ring_bytes);
  free(channel->content_type);
  free(channel->name);
  free(channel);
}

/* What a channel is to be, beside its name. */
typedef struct plan {
  const sw_type *type; /* NULL: JSON or bytes */
  const char *content_type;
  uint32_t kind;
  uint32_t capacity; /* samples in the ring */
  uint32_t room;     /* bytes for payloads */
} plan;

static sw_status create_channel(sw_driver *driver, const char *name, const plan *wanted, sw_channel **out) {
  const size_t bytes = sizeof(sw_channel) + driver->max_bridges * sizeof(sw_lane);
  const size_t alignment = _Alignof(sw_channel);
  sw_channel *channel = aligned_alloc(alignment, (bytes + alignment - 1u) / alignment * alignment);
  if (channel == NULL)
    return SW_OUT_OF_MEMORY;
  memset(channel, 0, bytes);
  channel->driver = driver;
  channel->type = wanted->type;
  channel->kind = wanted->kind;
  channel->name = sw_text_copy(name);
  channel->content_type = sw_text_copy(wanted->content_type);
  channel->ring_bytes = wanted->type != NULL ? sw_ring_bytes(wanted->capacity, wanted->type->size)
                                             : sw_ring_payload_memory(wanted->capacity, wanted->room);
  channel->ring_memory = sw_platform_map(channel->ring_bytes);
  if (channel->name == NULL || channel->content_type == NULL || channel->ring_memory == NULL) {
    sw_channel_free(channel);
    return SW_OUT_OF_MEMORY;
  }
  if (wanted->type != NULL)
    sw_ring_init(&channel->ring, channel->ring_memory, wanted->capacity, wanted->type->size);
  else
    sw_ring_init_payloads(&channel->ring, channel->ring_memory, wanted->capacity, wanted->room);
  channel->advertised = (sw_change){.channel = channel};
  channel->withdrawn = (sw_change){.channel = channel, .withdrawn = true};
  for (uint32_t i = 0; i < driver->max_bridges; i++)
    channel->lanes[i].dropped_total = &channel->link_dropped;
  *out = channel;
  return SW_OK;
}

/* Under the lock. */
static void post_change(sw_driver *driver, sw_change *change) {
  change->next = NULL;
  if (driver->changes == NULL)
    driver->changes = change;
  else
    driver->last_change->next = change;
  driver->last_change = change;
  atomic_store(&driver->changed, true);
}

static sw_status enter_name(sw_driver *driver, sw_channel *channel) {
  sw_status status = SW_OK;
  sw_lock_take(&driver->lock);
  for (const sw_channel *other = driver->named; other != NULL; other = other->next_named) {
    if (strcmp(other->name, channel->name) == 0)
      status = SW_NAME_IN_USE;
  }
  if (status == SW_OK && driver->channel_count == SW_MAX_STREAMS)
    status = SW_INVALID_ARGUMENT;
  if (status == SW_OK) {
    channel->stream = ++driver->stream_serial;
    for (uint32_t i = 0; i < driver->max_bridges; i++)
      channel->lanes[i].stream = channel->stream;
    channel->next_named = driver->named;
    driver->named = channel;
    driver->channel_count++;
    post_change(driver, &channel->advertised);
  }
  sw_lock_give(&driver->lock);
  return status;
}

/* Makes the channel and tells the I/O side. */
static sw_status open_channel(sw_driver *driver, const char *name, const plan *wanted,
                              uint32_t max_payload_bytes, sw_channel **out) {
  sw_channel *channel;
  sw_status status = create_channel(driver, name, wanted, &channel);
  if (status != SW_OK)
    return status;
  channel->max_payload_bytes = max_payload_bytes;
  status = enter_name(driver, channel);
  if (status != SW_OK) {
    sw_channel_free(channel);
    return status;
  }
  sw_driver_wake(driver);
  *out = channel;
  return SW_OK;
}

sw_status sw_advertise(sw_driver *driver, const char *name, const sw_type *type,
                       const sw_channel_options *options, sw_channel **out) {
  if (driver == NULL || name == NULL || out == NULL)
    return SW_INVALID_ARGUMENT;
  type = sw_driver_type(driver, type);
  if (type == NULL)
    return SW_INVALID_ARGUMENT;
  if (!sw_driver_can_name(driver, name))
    return SW_NAME_INVALID;
  if (sw_outbox_batch_room(sw_pad8(type->size) + SW_BATCH_HEADER_BYTES + 8u) > driver->link_bytes)
    return SW_INVALID_ARGUMENT;
  const uint32_t capacity = ring_capacity(options == NULL ? 0 : options->ring_samples, type->size);
  if (capacity == 0)
    return SW_INVALID_ARGUMENT;
  const plan wanted = {.type = type, .content_type = "", .kind = SW_KIND_STRUCT, .capacity = capacity};
  return open_channel(driver, name, &wanted, 0, out);
}

/* A name of its own below the driver's, or a whole one behind a `/`. */
static bool can_share_name(const sw_driver *driver, const char *name) {
  return name[0] == '/' ? sw_name_is_path(name + 1, SW_MAX_NAME_BYTES) : sw_driver_can_name(driver, name);
}

/* The longest payload of which a batch fits into the buffer of a link; 0: none does. */
static uint32_t longest_payload(const sw_driver *driver, uint32_t room) {
  const size_t around = sw_outbox_batch_room(SW_BATCH_HEADER_BYTES + 16u + 7u);
  if (driver->link_bytes <= around)
    return 0;
  size_t most = driver->link_bytes - around;
  most = most < room ? most : room;
  return (uint32_t)(most < SW_MAX_SAMPLE_BYTES ? most : SW_MAX_SAMPLE_BYTES);
}

static sw_status advertise_payloads(sw_driver *driver, const char *name, uint32_t kind,
                                    const char *content_type, const sw_channel_options *options,
                                    sw_channel **out) {
  if (driver == NULL || name == NULL || content_type == NULL || out == NULL)
    return SW_INVALID_ARGUMENT;
  if (!can_share_name(driver, name))
    return SW_NAME_INVALID;
  const sw_channel_options wanted = options == NULL ? (sw_channel_options){0} : *options;
  const uint32_t bytes = wanted.ring_bytes == 0                 ? DEFAULT_RING_BYTES
                         : wanted.ring_bytes < LEAST_RING_BYTES ? LEAST_RING_BYTES
                                                                : wanted.ring_bytes;
  if (bytes > MAX_RING_BYTES)
    return SW_INVALID_ARGUMENT;
  const plan payloads = {.content_type = content_type,
                         .kind = kind,
                         .capacity = ring_capacity(wanted.ring_samples, 4u),
                         .room = power_of_two(bytes)};
  const uint32_t longest = longest_payload(driver, payloads.room);
  if (payloads.capacity == 0 || longest == 0)
    return SW_INVALID_ARGUMENT;
  return open_channel(driver, name, &payloads, longest, out);
}

sw_status sw_advertise_json(sw_driver *driver, const char *name, const sw_channel_options *options,
                            sw_channel **out) {
  return advertise_payloads(driver, name, SW_KIND_JSON, "", options, out);
}

sw_status sw_advertise_bytes(sw_driver *driver, const char *name, const char *content_type,
                             const sw_channel_options *options, sw_channel **out) {
  if (content_type == NULL || content_type[0] == '\0' || strlen(content_type) > SW_MAX_CONTENT_TYPE_BYTES)
    return SW_INVALID_ARGUMENT;
  return advertise_payloads(driver, name, SW_KIND_BYTES, content_type, options, out);
}

sw_status sw_withdraw(sw_channel *channel) {
  if (channel == NULL)
    return SW_INVALID_ARGUMENT;
  sw_driver *driver = channel->driver;
  sw_lock_take(&driver->lock);
  sw_channel **at = &driver->named;
  while (*at != NULL && *at != channel)
    at = &(*at)->next_named;
  const bool found = *at != NULL;
  if (found) {
    *at = channel->next_named;
    driver->channel_count--;
    atomic_store(&channel->gone, true);
    post_change(driver, &channel->withdrawn);
  }
  sw_lock_give(&driver->lock);
  if (!found)
    return SW_INVALID_ARGUMENT;
  sw_driver_wake(driver);
  return SW_OK;
}

sw_status sw_publish(sw_channel *channel, const void *sample) {
  return sw_publish_at(channel, sample, sw_now(channel->driver));
}

sw_status sw_publish_at(sw_channel *channel, const void *sample, int64_t time_ns) {
  const sw_type *type = channel->type;
  if (type == NULL)
    return SW_INVALID_ARGUMENT;
  return sw_ring_push(&channel->ring, sample, time_ns, type->pads, type->pad_count) ? SW_OK : SW_RING_FULL;
}

static sw_status publish_payload(sw_channel *channel, uint32_t kind, const void *payload, size_t bytes,
                                 int64_t time_ns) {
  if (channel->kind != kind || bytes > channel->max_payload_bytes)
    return SW_INVALID_ARGUMENT;
  return sw_ring_push_payload(&channel->ring, payload, (uint32_t)bytes, time_ns) ? SW_OK : SW_RING_FULL;
}

sw_status sw_publish_json(sw_channel *channel, const char *text, size_t bytes) {
  return publish_payload(channel, SW_KIND_JSON, text, bytes, sw_now(channel->driver));
}

sw_status sw_publish_json_at(sw_channel *channel, const char *text, size_t bytes, int64_t time_ns) {
  return publish_payload(channel, SW_KIND_JSON, text, bytes, time_ns);
}

sw_status sw_publish_bytes(sw_channel *channel, const void *payload, size_t bytes) {
  return publish_payload(channel, SW_KIND_BYTES, payload, bytes, sw_now(channel->driver));
}

sw_status sw_publish_bytes_at(sw_channel *channel, const void *payload, size_t bytes, int64_t time_ns) {
  return publish_payload(channel, SW_KIND_BYTES, payload, bytes, time_ns);
}

uint64_t sw_next_sequence(const sw_channel *channel) {
  return sw_ring_next(&channel->ring);
}

void sw_channel_counters(const sw_channel *channel, sw_counters *out) {
  /* In this order: what was dropped of `published` is counted. */
  out->published = sw_ring_next(&channel->ring);
  out->ring_dropped = sw_ring_dropped(&channel->ring);
  out->link_dropped = atomic_load_explicit(&((sw_channel *)channel)->link_dropped, memory_order_relaxed);
}

void sw_channel_enter(sw_channel *channel) {
  sw_driver *driver = channel->driver;
  sw_channel **end = &driver->channels;
  while (*end != NULL)
    end = &(*end)->next;
  channel->next = NULL;
  *end = channel;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link != NULL && link->state == SW_LINK_ATTACHED && !link->ended)
      sw_link_advertise(link, channel);
  }
}

void sw_channel_leave(sw_channel *channel) {
  sw_driver *driver = channel->driver;
  (void)sw_channel_drain(channel);
  /* Nobody publishes any more; a bridge that does not read may keep the rest of the channel for long. */
  sw_platform_unmap(channel->ring_memory, channel->ring_bytes);
  channel->ring_memory = NULL;
  sw_channel **at = &driver->channels;
  while (*at != channel)
    at = &(*at)->next;
  *at = channel->next;
  channel->next = driver->leaving;
  driver->leaving = channel;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    sw_lane *lane = &channel->lanes[slot];
    /* Behind END comes nothing more: there the lane stays until the link is gone, which is soon. */
    if (link == NULL || !lane->open || link->ended)
      continue;
    if (!sw_outbox_withdraw(&link->out, lane, channel->settled))
      sw_link_close(link);
  }
}

/* Copies the oldest `count` samples, which are consecutive from `first` on, to one bridge. */
static void give_batch(const sw_channel *channel, sw_link *link, sw_lane *lane, uint64_t first,
                       uint32_t count) {
  sw_batch batch = {
      .stream = channel->stream, .count = count, .epoch = channel->driver->epoch, .first = first};
  if (channel->type != NULL) {
    batch.size = channel->type->size;
  } else {
    batch.flags = SW_FLAG_VARIABLE;
    batch.payload_bytes = sw_ring_payload_bytes(&channel->ring, count);
  }
  if (!sw_batch_layout(&batch))
    return;
  uint8_t *at = sw_outbox_batch(&link->out, lane, first, count, batch.bytes);
  if (at == NULL)
    return;
  sw_put64(at + batch.bytes - 8u, 0); /* the padding at the end */
  if (batch.lengths != 0 && count % 2u != 0)
    sw_put32(at + batch.lengths + 4u * (size_t)count, 0);
  sw_batch_write(at, &batch);
  if (channel->type != NULL)
    sw_ring_copy(&channel->ring, count, at + batch.times, at + batch.payload);
  else
    sw_ring_copy_payloads(&channel->ring, count, at + batch.times, at + batch.lengths, at + batch.payload);
}

uint32_t sw_channel_drain(sw_channel *channel) {
  const sw_driver *driver = channel->driver;
  /* In this order: whatever is before `next` and not waiting now was dropped. */
  const uint64_t next = sw_ring_next(&channel->ring);
  const uint32_t waiting = sw_ring_waiting(&channel->ring);
  const uint32_t most_bytes = driver->batch_bytes - SW_BATCH_HEADER_BYTES;
  for (uint32_t left = waiting; left > 0;) {
    uint64_t first;
    const uint32_t fitting = sw_ring_fitting(&channel->ring, left, most_bytes);
    const uint32_t count = sw_ring_run(&channel->ring, fitting, &first);
    for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
      sw_link *link = driver->links[slot];
      sw_lane *lane = &channel->lanes[slot];
      if (link != NULL && lane->open && link->state == SW_LINK_ATTACHED && !link->ended)
        give_batch(channel, link, lane, first, count);
    }
    sw_ring_release(&channel->ring, count);
    channel->settled = first + count;
    left -= count;
  }
  if (next > channel->settled) {
    channel->settled = next;
    for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
      if (driver->links[slot] != NULL)
        driver->links[slot]->out.gaps_open = true;
    }
  }
  return waiting;
}
