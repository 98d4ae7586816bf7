/* SPDX-License-Identifier: MIT
 *
 * Channels: advertised by any thread, published by one, drained by the I/O side.
 */
#include "channel.h"
#include "driver.h"
#include "platform.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

enum {
  DEFAULT_RING_SAMPLES = 4096,
  LEAST_RING_SAMPLES = 8,
  DEFAULT_RING_BYTES = 1 << 20,
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
  free(channel->name);
  free(channel);
}

static sw_status create_channel(sw_driver *driver, const char *name, const sw_type *type, uint32_t capacity,
                                sw_channel **out) {
  const size_t bytes = sizeof(sw_channel) + driver->max_bridges * sizeof(sw_lane);
  const size_t alignment = _Alignof(sw_channel);
  sw_channel *channel = aligned_alloc(alignment, (bytes + alignment - 1u) / alignment * alignment);
  if (channel == NULL)
    return SW_OUT_OF_MEMORY;
  memset(channel, 0, bytes);
  channel->driver = driver;
  channel->type = type;
  channel->name = sw_text_copy(name);
  channel->ring_bytes = sw_ring_bytes(capacity, type->size);
  channel->ring_memory = sw_platform_map(channel->ring_bytes);
  if (channel->name == NULL || channel->ring_memory == NULL) {
    sw_channel_free(channel);
    return SW_OUT_OF_MEMORY;
  }
  sw_ring_init(&channel->ring, channel->ring_memory, capacity, type->size);
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
  sw_channel *channel;
  sw_status status = create_channel(driver, name, type, capacity, &channel);
  if (status != SW_OK)
    return status;
  status = enter_name(driver, channel);
  if (status != SW_OK) {
    sw_channel_free(channel);
    return status;
  }
  sw_driver_wake(driver);
  *out = channel;
  return SW_OK;
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
  return sw_ring_push(&channel->ring, sample, time_ns, type->pads, type->pad_count) ? SW_OK : SW_RING_FULL;
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
  sw_batch batch = {.stream = channel->stream,
                    .count = count,
                    .size = channel->type->size,
                    .epoch = channel->driver->epoch,
                    .first = first};
  if (!sw_batch_layout(&batch))
    return;
  uint8_t *at = sw_outbox_batch(&link->out, lane, first, count, batch.bytes);
  if (at == NULL)
    return;
  sw_put64(at + batch.bytes - 8u, 0); /* the padding at the end */
  sw_batch_write(at, &batch);
  sw_ring_copy(&channel->ring, count, at + batch.times, at + batch.payload);
}

uint32_t sw_channel_drain(sw_channel *channel) {
  const sw_driver *driver = channel->driver;
  /* In this order: whatever is before `next` and not waiting now was dropped. */
  const uint64_t next = sw_ring_next(&channel->ring);
  const uint32_t waiting = sw_ring_waiting(&channel->ring);
  const uint32_t sample_bytes = channel->type->size + 8u;
  const uint32_t fitting = (driver->batch_bytes - SW_BATCH_HEADER_BYTES) / sample_bytes;
  const uint32_t most = fitting > 0 ? fitting : 1u;
  for (uint32_t left = waiting; left > 0;) {
    uint64_t first;
    const uint32_t count = sw_ring_run(&channel->ring, left < most ? left : most, &first);
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
