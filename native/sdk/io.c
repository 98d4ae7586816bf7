/* SPDX-License-Identifier: MIT
 *
 * The I/O side's turn: wait, take what came, drain the rings, send. sw_publish wakes nobody, so the rings are
 * looked at by the clock: every batch_us while anything moves, every fourth time when nothing moved for a
 * while or there is no ring.
 */
#include "driver.h"
#include "platform.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)
#define ACTIVE_NS                                                                                            \
  INT64_C(32000000) /* how long after the last sample or request the rings are looked at often */
#define ACCEPT_PAUSE_NS INT64_C(100000000) /* after the system had no descriptor for a connection */

enum { IDLE_TICKS = 4, EVENTS = 16, SEND_BUFFER_BYTES = 1 << 20 };

void sw_driver_wake(sw_driver *driver) {
  if (atomic_load(&driver->io_thread) == sw_thread_self())
    return;
  if (!atomic_exchange(&driver->woken, true))
    sw_loop_wake(&driver->loop);
}

/* ---- What waits ---- */

typedef struct backlog {
  bool any;
  bool urgent; /* enough for a batch, or a ring is filling up */
} backlog;

static backlog look_at_rings(const sw_driver *driver) {
  backlog found = {false, false};
  uint64_t bytes = 0;
  for (const sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    if (!sw_channel_has_news(channel))
      continue;
    found.any = true;
    bytes += sw_ring_waiting_bytes(&channel->ring);
    if (sw_ring_is_filling(&channel->ring))
      found.urgent = true;
  }
  if (bytes >= driver->batch_bytes)
    found.urgent = true;
  return found;
}

static uint32_t count_links(const sw_driver *driver) {
  uint32_t count = 0;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++)
    count += driver->links[slot] != NULL;
  return count;
}

/* How long the program's threads may go unnoticed, or -1 when they can do nothing that would have to be
 * noticed. */
static int64_t tick_ns(const sw_driver *driver, int64_t now, bool has_links) {
  const bool owed = driver->sets_out > 0 || driver->arrivals_out > 0 || driver->closed_feeds != NULL;
  if (!has_links && driver->channels == NULL && !owed)
    return -1;
  if (driver->hurried)
    return driver->batch_ns / 4;
  /* A timer that is the next of its processor is set in the hardware, for each wait and at its end. */
  const bool has_rings = driver->channels != NULL || owed;
  const bool active = has_links && has_rings && now - driver->active_at < ACTIVE_NS;
  return active ? driver->batch_ns : driver->batch_ns * IDLE_TICKS;
}

static int64_t sooner(int64_t a, int64_t b) {
  if (a < 0)
    return b;
  return b < 0 || a < b ? a : b;
}

static int64_t until(int64_t at, int64_t now) {
  return at > now ? at - now : 0;
}

int64_t sw_driver_due(sw_driver *driver) {
  if (atomic_load(&driver->changed) || atomic_load(&driver->answered))
    return 0;
  const int64_t now = sw_platform_monotonic();
  const backlog found = look_at_rings(driver);
  if (found.urgent)
    return 0;
  const bool has_links = count_links(driver) > 0;
  int64_t due = tick_ns(driver, now, has_links);
  if (found.any)
    due = sooner(due, until(driver->drained_at + driver->batch_ns, now));
  if (has_links)
    due = sooner(due, until(driver->counters_at, now));
  if (driver->accept_at != 0)
    due = sooner(due, until(driver->accept_at, now));
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    const sw_link *link = driver->links[slot];
    if (link != NULL && (link->state == SW_LINK_OPEN || link->ended))
      due = sooner(due, until(link->deadline, now));
  }
  return due;
}

/* ---- One turn ---- */

static void take_changes(sw_driver *driver) {
  if (!atomic_exchange(&driver->changed, false))
    return;
  sw_lock_take(&driver->lock);
  sw_change *change = driver->changes;
  driver->changes = NULL;
  driver->last_change = NULL;
  sw_lock_give(&driver->lock);
  while (change != NULL) {
    sw_change *next = change->next; /* the channel may be gone afterwards */
    if (change->withdrawn)
      sw_channel_leave(change->channel);
    else
      sw_channel_enter(change->channel);
    change = next;
  }
  sw_subscriptions_update(driver);
}

static bool accept_bridges(sw_driver *driver, int64_t now) {
  bool accepted = false;
  for (;;) {
    const int fd = sw_listener_accept(&driver->listener, SEND_BUFFER_BYTES);
    if (fd < 0)
      break;
    accepted = true;
    (void)sw_link_open(driver, fd);
  }
  if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
    /* The connection stays where it is and would wake us again at once. */
    sw_loop_change(&driver->loop, driver->listener.fd, 0, &driver->listener);
    driver->accept_at = now + ACCEPT_PAUSE_NS;
  }
  return accepted;
}

/* Before anything is looked at: what is posted from here on wakes again. */
static void take_wake_ups(sw_driver *driver) {
  atomic_store(&driver->woken, false);
}

static bool take_events(sw_driver *driver, const sw_event *events, int count, int64_t now) {
  bool worked = false;
  for (int i = 0; i < count; i++) {
    if (events[i].tag == NULL)
      continue;
    if (events[i].tag == &driver->listener) {
      worked = accept_bridges(driver, now) || worked;
    } else {
      sw_link *link = events[i].tag;
      if (link->state == SW_LINK_CLOSED)
        continue;
      if ((events[i].ready & SW_LOOP_WRITE) != 0)
        sw_link_unblock(link);
      if ((events[i].ready & SW_LOOP_READ) != 0) {
        sw_link_receive(link);
        worked = true;
      } else if ((events[i].ready & SW_LOOP_HANGUP) != 0) {
        sw_link_close(link);
      }
    }
  }
  return worked;
}

static void drain_rings(sw_driver *driver, int64_t now) {
  const backlog found = look_at_rings(driver);
  driver->hurried = found.urgent;
  if (!found.any)
    return;
  if (!found.urgent && now - driver->drained_at < driver->batch_ns)
    return;
  driver->drained_at = now;
  driver->active_at = now;
  for (sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    if (sw_channel_has_news(channel))
      (void)sw_channel_drain(channel);
  }
}

static void send_counters(sw_driver *driver, int64_t now) {
  const bool due = now >= driver->counters_at;
  if (due)
    driver->counters_at = now + SECOND_NS;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link == NULL || link->state != SW_LINK_ATTACHED || link->ended)
      continue;
    sw_link_queue_logs(link);
    if (due)
      sw_link_queue_counters(link);
  }
}

static bool flush_links(sw_driver *driver, int64_t now) {
  size_t sent = 0;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link == NULL)
      continue;
    if ((link->state == SW_LINK_OPEN || link->ended) && now >= link->deadline)
      sw_link_close(link);
    sent += sw_link_flush(link);
    if (link->state == SW_LINK_CLOSED)
      sw_link_free(link);
  }
  return sent > 0;
}

static void release_left(sw_driver *driver) {
  for (sw_channel **at = &driver->leaving; *at != NULL;) {
    sw_channel *channel = *at;
    bool waits = channel->governed; /* until the driver ends */
    for (uint32_t slot = 0; slot < driver->max_bridges; slot++)
      waits = waits || channel->lanes[slot].open;
    if (waits) {
      at = &channel->next;
    } else {
      *at = channel->next;
      sw_channel_free(channel);
    }
  }
}

sw_status sw_driver_turn(sw_driver *driver, int64_t timeout_ns, bool *worked) {
  atomic_store(&driver->io_thread, sw_thread_self());
  sw_event events[EVENTS];
  bool interrupted = false;
  int count = 0;
  /* An answer goes out before anybody is listened to again; but not twice in a row. */
  driver->answering = !driver->answering && atomic_load(&driver->answered);
  if (!driver->answering) {
    const int64_t wait_ns = sooner(timeout_ns, sw_driver_due(driver));
    count = sw_loop_wait(&driver->loop, wait_ns, events, EVENTS, &interrupted);
  }
  if (count < 0)
    return SW_SYSTEM_ERROR;
  take_wake_ups(driver);
  const int64_t now = sw_platform_monotonic();
  if (driver->accept_at != 0 && now >= driver->accept_at) {
    driver->accept_at = 0;
    sw_loop_change(&driver->loop, driver->listener.fd, SW_LOOP_READ, &driver->listener);
  }
  take_changes(driver);
  *worked = take_events(driver, events, count, now);
  sw_parameters_answer(driver);
  sw_services_answer(driver);
  sw_arrivals_collect(driver);
  drain_rings(driver, now);
  send_counters(driver, now);
  *worked = flush_links(driver, now) || *worked || interrupted;
  release_left(driver);
  return SW_OK;
}

/* ---- The program's poll loop ---- */

sw_status sw_poll(sw_driver *driver, int timeout_ms) {
  if (driver == NULL || driver->has_thread)
    return SW_INVALID_ARGUMENT;
  driver->set_up = true;
  const int64_t end = timeout_ms < 0 ? -1 : sw_platform_monotonic() + (int64_t)timeout_ms * 1000000;
  for (;;) {
    bool worked;
    const int64_t left = end < 0 ? -1 : until(end, sw_platform_monotonic());
    const sw_status status = sw_driver_turn(driver, left, &worked);
    if (status != SW_OK || worked || left == 0)
      return status;
  }
}

int sw_poll_fd(const sw_driver *driver) {
  return driver->loop.fd;
}

int sw_poll_timeout(const sw_driver *driver) {
  const int64_t due = sw_driver_due((sw_driver *)driver);
  if (due < 0)
    return -1;
  const int64_t ms = (due + 999999) / 1000000;
  return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* ---- The end ---- */

static bool has_unsent(const sw_driver *driver) {
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    const sw_link *link = driver->links[slot];
    if (link != NULL && link->ended && link->state < SW_LINK_ENDING)
      return true;
  }
  return false;
}

void sw_driver_say_goodbye(sw_driver *driver, int64_t timeout_ns) {
  sw_loop_remove(&driver->loop, driver->listener.fd);
  take_changes(driver);
  sw_parameters_answer(driver);
  sw_services_answer(driver);
  for (sw_channel *channel = driver->channels; channel != NULL; channel = channel->next) {
    (void)sw_channel_drain(channel);
  }
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    if (driver->links[slot] != NULL)
      sw_link_finish(driver->links[slot]);
  }
  const int64_t end = sw_platform_monotonic() + timeout_ns;
  int64_t left = timeout_ns;
  (void)flush_links(driver, 0);
  while (left > 0 && has_unsent(driver)) {
    sw_event events[EVENTS];
    bool interrupted;
    const int count = sw_loop_wait(&driver->loop, left, events, EVENTS, &interrupted);
    if (count < 0)
      break;
    take_wake_ups(driver);
    (void)take_events(driver, events, count, 0);
    (void)flush_links(driver, 0);
    left = until(end, sw_platform_monotonic());
  }
}
