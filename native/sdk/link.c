/* SPDX-License-Identifier: MIT
 *
 * A link's life: opened with HELLO, attached, ended by either side, flushed every turn.
 */
#include "link.h"
#include "control.h"
#include "driver.h"
#include "platform.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#define ATTACH_TIMEOUT_NS INT64_C(5000000000)
#define ENDING_TIMEOUT_NS INT64_C(1000000000)

enum {
  IN_START_BYTES = 4096,
  /* Answers that a bridge does not take: above this its requests are not read any more. */
  MAX_ANSWERS_WAITING_BYTES = 1 << 18,
  /* ADVERTISE, WITHDRAW and the like that a bridge does not take: above this it is no longer served. */
  MAX_CONTROL_WAITING_BYTES = 1 << 20,
  MAX_LOGS_WAITING_BYTES = 1 << 16
};

/* One bridge too many: it gets END at once, as far as the kernel takes it. */
static void turn_away(int fd) {
  uint8_t record[64];
  const sw_text text = sw_text_of("the driver has all its bridges");
  struct iovec piece = {.iov_base = record, .iov_len = sw_write_end(NULL, SW_BUSY, text)};
  (void)sw_write_end(record, SW_BUSY, text);
  (void)sw_stream_send(fd, &piece, 1);
  sw_stream_close(fd);
}

bool sw_link_open(sw_driver *driver, int fd) {
  uint32_t slot = 0;
  while (slot < driver->max_bridges && driver->links[slot] != NULL)
    slot++;
  if (slot == driver->max_bridges) {
    turn_away(fd);
    return false;
  }
  sw_link *link = calloc(1, sizeof *link);
  uint8_t *in = malloc(IN_START_BYTES);
  if (link == NULL || in == NULL || !sw_outbox_init(&link->out, driver->epoch, driver->link_bytes)) {
    free(in);
    free(link);
    sw_stream_close(fd);
    return false;
  }
  link->driver = driver;
  link->fd = fd;
  link->slot = slot;
  link->serial = ++driver->link_serial;
  link->deadline = sw_platform_monotonic() + ATTACH_TIMEOUT_NS;
  link->in = in;
  link->in_room = IN_START_BYTES;
  link->watched = SW_LOOP_READ;
  driver->links[slot] = link;
  if (sw_outbox_shared(&link->out, driver->hello, driver->hello_bytes) &&
      sw_loop_add(&driver->loop, fd, SW_LOOP_READ, link))
    return true;
  sw_link_close(link);
  return false;
}

sw_link *sw_link_find(const sw_driver *driver, uint64_t serial) {
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link != NULL && link->serial == serial)
      return link->state == SW_LINK_ATTACHED && !link->ended ? link : NULL;
  }
  return NULL;
}

typedef uint8_t *(*append_fn)(sw_outbox *out, size_t bytes);

static bool advertise_to(sw_link *link, sw_channel *channel, append_fn append) {
  if (channel->name[0] == '/' && link->minor < SW_MINOR_CHANNELS)
    return true; /* it would take the name for a wrong one */
  sw_lane *lane = &channel->lanes[link->slot];
  const sw_text name = sw_text_of(channel->name);
  const sw_text type = sw_text_of(channel->type != NULL ? channel->type->name : channel->content_type);
  const uint32_t size = channel->type != NULL ? channel->type->size : 0;
  uint8_t *at = append(&link->out, sw_write_advertise(NULL, channel->stream, channel->kind, size, name, type,
                                                      channel->settled));
  if (at == NULL)
    return false;
  (void)sw_write_advertise(at, channel->stream, channel->kind, size, name, type, channel->settled);
  lane->open = true;
  lane->lost = 0;
  lane->expected = channel->settled;
  lane->plan = 0;
  lane->dropped = 0;
  return true;
}

void sw_link_advertise(sw_link *link, sw_channel *channel) {
  if (!advertise_to(link, channel, sw_outbox_control))
    sw_link_close(link);
}

/* What was declared is all that there is: parameters and services are fixed by now. False: no memory. */
static bool say_ready(sw_link *link) {
  if (link->minor < SW_MINOR_READY)
    return true;
  uint8_t *at = sw_outbox_declaration(&link->out, sw_write_ready(NULL));
  if (at == NULL)
    return false;
  (void)sw_write_ready(at);
  return true;
}

void sw_link_attach(sw_link *link) {
  sw_driver *driver = link->driver;
  link->state = SW_LINK_ATTACHED;
  bool whole = true;
  for (sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    /* What was published before goes to the others only. */
    (void)sw_channel_drain(channel);
    whole = whole && advertise_to(link, channel, sw_outbox_declaration);
  }
  if (!whole || !sw_parameters_declare_to(link) || !sw_services_declare_to(link) ||
      !sw_subscriptions_ask(link) || !say_ready(link))
    sw_link_close(link);
}

bool sw_link_can_expect(const sw_link *link, size_t bytes) {
  return link->request_count < SW_MAX_PENDING && link->request_bytes + bytes <= SW_MAX_PENDING_BYTES;
}

void sw_link_expect(sw_link *link, uint64_t id, size_t bytes) {
  link->requests[link->request_count++] = id;
  link->request_bytes += bytes;
  link->driver->active_at = sw_platform_monotonic();
}

void sw_link_answered(sw_link *link, uint64_t id, size_t bytes) {
  for (uint32_t i = 0; i < link->request_count; i++) {
    if (link->requests[i] != id)
      continue;
    link->requests[i] = link->requests[--link->request_count];
    link->request_bytes -= bytes;
    return;
  }
}

void sw_link_refuse(sw_link *link, uint64_t id, sw_status code, const char *reason) {
  const sw_text text = sw_text_of(reason[0] != '\0' ? reason : sw_strerror(code));
  uint8_t *at = sw_outbox_urgent(&link->out, sw_write_refuse(NULL, id, code, text));
  if (at == NULL)
    sw_link_close(link);
  else
    (void)sw_write_refuse(at, id, code, text);
}

void sw_link_queue_logs(sw_link *link) {
  sw_driver *driver = link->driver;
  if (link->next_log >= atomic_load(&driver->logged))
    return;
  sw_lock_take(&driver->lock);
  for (;;) {
    const sw_log_line *line = sw_log_line_at(&driver->log, &link->next_log);
    if (line == NULL || link->out.control_bytes > MAX_LOGS_WAITING_BYTES)
      break;
    const sw_text text = {line->text, line->bytes};
    uint8_t *at = sw_outbox_control(&link->out, sw_write_log(NULL, line->time, line->level, text));
    if (at == NULL)
      break;
    (void)sw_write_log(at, line->time, line->level, text);
    link->next_log++;
  }
  sw_lock_give(&driver->lock);
}

void sw_link_queue_counters(sw_link *link) {
  const sw_driver *driver = link->driver;
  if (link->out.control_bytes > MAX_LOGS_WAITING_BYTES)
    return;
  uint32_t count = 0;
  for (const sw_channel *channel = driver->channels; channel != NULL; channel = channel->next)
    count++;
  uint8_t *at = sw_outbox_control(&link->out, sw_write_counters(NULL, count));
  if (at == NULL)
    return;
  (void)sw_write_counters(at, count);
  at += SW_COUNTERS_HEADER_BYTES;
  for (const sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    sw_counters counters;
    sw_channel_counters(channel, &counters);
    counters.link_dropped = channel->lanes[link->slot].dropped;
    sw_write_counters_entry(at, channel->stream, &counters);
    at += SW_COUNTERS_ENTRY_BYTES;
  }
}

static void append_end(sw_link *link, sw_status code, const char *text) {
  const sw_text reason = sw_text_of(text);
  uint8_t *at = sw_outbox_control(&link->out, sw_write_end(NULL, code, reason));
  if (at == NULL) {
    sw_link_close(link);
    return;
  }
  (void)sw_write_end(at, code, reason);
  link->ended = true;
  link->deadline = sw_platform_monotonic() + ENDING_TIMEOUT_NS;
}

void sw_link_end(sw_link *link, sw_status code, const char *text) {
  if (link->ended || link->state == SW_LINK_CLOSED)
    return;
  sw_services_forget(link->driver, link->serial);
  sw_outbox_discard(&link->out);
  append_end(link, code, text);
}

/* What the ring dropped behind the last sample that it took: no batch comes that would tell it. */
static void tell_last_losses(sw_link *link) {
  for (sw_channel *channel = link->driver->channels; channel != NULL; channel = channel->next) {
    sw_lane *lane = &channel->lanes[link->slot];
    if (lane->open && !sw_outbox_last_gap(&link->out, lane, channel->settled))
      return; /* no memory: END, if there is some for that, matters more */
  }
}

void sw_link_finish(sw_link *link) {
  if (link->ended || link->state == SW_LINK_CLOSED)
    return;
  if (link->state == SW_LINK_ATTACHED) {
    for (uint32_t i = 0; i < link->request_count; i++)
      sw_link_refuse(link, link->requests[i], SW_CLOSED, "");
    tell_last_losses(link);
    sw_link_queue_logs(link);
    sw_link_queue_counters(link);
  }
  append_end(link, SW_OK, "the driver ends");
}

/* Losses that no later record of their lane tells: only now that all is sent is it sure that none will. */
static bool queue_open_gaps(sw_link *link) {
  link->out.gaps_open = false;
  bool whole = true;
  for (sw_channel *channel = link->driver->channels; channel != NULL; channel = channel->next) {
    sw_lane *lane = &channel->lanes[link->slot];
    if (lane->open)
      whole = whole && sw_outbox_gap(&link->out, lane, channel->settled);
  }
  return whole;
}

static void watch_what_is_wanted(sw_link *link) {
  uint32_t wanted = link->blocked ? SW_LOOP_WRITE : 0u;
  if (sw_outbox_urgent_waiting(&link->out) <= MAX_ANSWERS_WAITING_BYTES)
    wanted |= SW_LOOP_READ;
  if (wanted == link->watched)
    return;
  link->watched = wanted;
  sw_loop_change(&link->driver->loop, link->fd, wanted, link);
}

static size_t send_what_waits(sw_link *link) {
  size_t sent = 0;
  sw_flush result = sw_outbox_flush(&link->out, link->fd, &sent);
  if (result == SW_FLUSH_EMPTY && link->out.gaps_open && !link->ended) {
    result = queue_open_gaps(link) ? sw_outbox_flush(&link->out, link->fd, &sent) : SW_FLUSH_GONE;
  }
  link->blocked = result == SW_FLUSH_BLOCKED;
  if (result == SW_FLUSH_GONE) {
    sw_link_close(link);
  } else if (link->ended && result == SW_FLUSH_EMPTY && link->state != SW_LINK_ENDING) {
    /* Closing at once would throw away what the bridge has not read, END itself included. */
    link->state = SW_LINK_ENDING;
    sw_stream_finish(link->fd);
  }
  return sent;
}

size_t sw_link_flush(sw_link *link) {
  if (link->state == SW_LINK_CLOSED)
    return 0;
  const size_t sent = link->blocked ? 0 : send_what_waits(link);
  /* Only what the kernel has not taken says something about the bridge: many channels may come in one turn.
   */
  if (link->out.control_bytes - link->out.declaring_bytes > MAX_CONTROL_WAITING_BYTES)
    sw_link_end(link, SW_BUSY, "the bridge does not read");
  if (link->state != SW_LINK_CLOSED)
    watch_what_is_wanted(link);
  return sent;
}

void sw_link_close(sw_link *link) {
  if (link->state == SW_LINK_CLOSED)
    return;
  link->state = SW_LINK_CLOSED;
  sw_loop_remove(&link->driver->loop, link->fd);
  sw_stream_close(link->fd);
  link->fd = -1;
}

void sw_link_free(sw_link *link) {
  sw_driver *driver = link->driver;
  sw_services_forget(driver, link->serial);
  sw_arrivals_forget(link);
  sw_subscriptions_forget(link);
  sw_outbox_fini(&link->out);
  for (sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    channel->lanes[link->slot].open = false;
  }
  for (sw_channel *channel = driver->leaving; channel != NULL; channel = channel->next) {
    channel->lanes[link->slot].open = false;
  }
  driver->links[link->slot] = NULL;
  free(link->in);
  free(link);
}
