/* SPDX-License-Identifier: MIT
 *
 * The I/O side's part of what comes for subscriptions: checks it, counts what the program has not taken, and
 * drops what is too much.
 */
#include "arrivals.h"
#include "driver.h"
#include "name.h"
#include "platform.h"

#include <stdlib.h>
#include <string.h>

/* ---- Feeds ---- */

static sw_feed *find_feed(const sw_link *link, uint32_t stream) {
  uint32_t low = 0;
  uint32_t high = link->feed_count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2u;
    if (link->feeds[middle]->stream < stream)
      low = middle + 1u;
    else
      high = middle;
  }
  return low < link->feed_count && link->feeds[low]->stream == stream ? link->feeds[low] : NULL;
}

/* Behind all others: the ids of streams rise. */
static bool enter_feed(sw_link *link, sw_feed *feed) {
  if (link->feed_count == link->feed_room) {
    const uint32_t room = link->feed_room > 0 ? link->feed_room * 2u : 8u;
    sw_feed **larger = realloc(link->feeds, room * sizeof(sw_feed *));
    if (larger == NULL)
      return false;
    link->feeds = larger;
    link->feed_room = room;
  }
  link->feeds[link->feed_count++] = feed;
  link->last_stream = feed->stream;
  feed->subscription->feeds++;
  return true;
}

/* Its memory is one piece with its names behind it. */
static sw_feed *create_feed(sw_link *link, sw_subscription *subscription, sw_text channel, sw_text type) {
  const size_t bridge_bytes = strlen(link->bridge) + 1u;
  sw_feed *feed = calloc(1, sizeof *feed + bridge_bytes + channel.bytes + type.bytes + 2u);
  if (feed == NULL)
    return NULL;
  char *at = (char *)(feed + 1);
  feed->bridge = memcpy(at, link->bridge, bridge_bytes);
  at += bridge_bytes;
  feed->channel = memcpy(at, channel.at, channel.bytes); /* its zero is there already */
  at += channel.bytes + 1u;
  if (type.bytes > 0)
    feed->content_type = memcpy(at, type.at, type.bytes);
  feed->subscription = subscription;
  feed->link = link;
  feed->link_serial = link->serial;
  feed->mark = (sw_message){.feed = feed, .is_newest = true};
  atomic_init(&feed->newest, NULL);
  return feed;
}

static void free_feed(sw_feed *feed) {
  sw_subscription *subscription = feed->subscription;
  subscription->feeds--;
  if (subscription->feeds == 0 && atomic_load(&subscription->gone))
    atomic_store(&subscription->driver->changed, true); /* it may be freed now */
  free(feed);
}

/* ---- Messages ---- */

static void count_out(sw_feed *feed, size_t bytes) {
  sw_driver *driver = feed->subscription->driver;
  feed->out++;
  driver->arrivals_out++;
  driver->arrivals_bytes += bytes;
  if (feed->link != NULL) {
    feed->link->arrivals_out++;
    feed->link->arrivals_bytes += bytes;
  }
}

static void count_back(sw_feed *feed, size_t bytes) {
  sw_driver *driver = feed->subscription->driver;
  feed->out--;
  driver->arrivals_out--;
  driver->arrivals_bytes -= bytes;
  if (feed->link != NULL) {
    feed->link->arrivals_out--;
    feed->link->arrivals_bytes -= bytes;
  }
}

static bool is_latest(const sw_feed *feed) {
  return (feed->subscription->flags & SW_FLAG_LATEST) != 0;
}

/* For a message and a mark. What keeps only the newest has as much room again, so that it goes on when all
 * the rest is full. A bridge that comes again and again does not get room each time. */
static bool has_room(const sw_feed *feed) {
  const sw_driver *driver = feed->subscription->driver;
  const sw_link *link = feed->link;
  if (driver->arrivals_out + 2u > 2u * driver->request_capacity)
    return false;
  if (driver->arrivals_bytes >= UINT64_C(2) * driver->inbox_bytes * driver->max_bridges)
    return false;
  const uint32_t share = is_latest(feed) ? 2u : 1u;
  return link == NULL || (link->arrivals_out + 2u <= share * SW_ARRIVALS_A_LINK &&
                          link->arrivals_bytes < (uint64_t)share * driver->inbox_bytes);
}

static void free_message(sw_message *message) {
  count_back(message->feed, message->bytes);
  if (!message->is_newest)
    free(message);
}

static void take_back(sw_driver *driver) {
  for (sw_message *message; (message = sw_queue_pop(&driver->returned)) != NULL;)
    free_message(message);
}

/* With room for `behind` bytes, and one more for a zero. NULL: too much waits already, or there is no memory.
 */
static sw_message *create_message(sw_feed *feed, size_t behind) {
  const size_t bytes = sizeof(sw_message) + behind + 1u;
  if (!has_room(feed))
    take_back(feed->subscription->driver);
  sw_message *message = has_room(feed) ? malloc(bytes) : NULL;
  if (message == NULL)
    return NULL;
  *message = (sw_message){.feed = feed, .bytes = bytes};
  count_out(feed, bytes);
  return message;
}

static void put_batch(sw_message *message, const uint8_t *record, const sw_batch *batch) {
  message->batch = *batch;
  memcpy(message + 1, record, batch->bytes);
}

static bool is_due(const sw_feed *feed) {
  return feed->start_due || feed->end_due || feed->lost.count > 0;
}

/* Gives the program what it has not been told of a feed, then the samples, if there are any. False: there is
 * no room. */
static bool hand_on(sw_feed *feed, const uint8_t *record, const sw_batch *batch) {
  sw_driver *driver = feed->subscription->driver;
  if (atomic_load(&feed->subscription->gone)) {
    feed->start_due = feed->end_due = false;
    feed->lost.count = 0;
    return true;
  }
  sw_message *message = create_message(feed, batch != NULL ? batch->bytes : sizeof feed->text);
  if (message == NULL)
    return false;
  message->started = feed->start_due;
  message->next = feed->start_next;
  message->lost = feed->lost;
  message->ended = feed->end_due;
  message->status = feed->status;
  if (batch != NULL)
    put_batch(message, record, batch);
  else
    memcpy(message + 1, feed->text, sizeof feed->text);
  if (!sw_queue_push(&driver->arrivals, message)) { /* there is room: no more are out than it holds */
    count_back(feed, message->bytes);
    free(message);
    return false;
  }
  feed->start_due = feed->end_due = false;
  feed->lost.count = 0;
  driver->active_at = sw_platform_monotonic();
  return true;
}

/* Tells what is due, now or when there is room. */
static void tell(sw_feed *feed) {
  if (is_due(feed) && !hand_on(feed, NULL, NULL))
    feed->subscription->driver->arrivals_due = true;
}

static void lose(sw_feed *feed, uint64_t from, uint64_t to, uint64_t count, uint32_t reason) {
  sw_gap *lost = &feed->lost;
  if (lost->count == 0)
    *lost = (sw_gap){.from = from, .reason = reason};
  lost->to = to;
  lost->count += count; /* sequences rise, so this is at most to - from + 1 */
  feed->subscription->driver->arrivals_due = true;
}

/* The newest takes the place of the one before, which the program may just be taking. */
static bool replace_newest(sw_feed *feed, const uint8_t *record, const sw_batch *batch) {
  sw_driver *driver = feed->subscription->driver;
  if (atomic_load(&feed->subscription->gone))
    return true;
  if (is_due(feed) && !hand_on(feed, NULL, NULL))
    return false;
  sw_message *message = create_message(feed, batch->bytes);
  if (message == NULL)
    return false;
  put_batch(message, record, batch);
  driver->active_at = sw_platform_monotonic();
  sw_message *before = atomic_exchange_explicit(&feed->newest, message, memory_order_acq_rel);
  if (before != NULL) {
    free_message(before);
  } else {
    count_out(feed, 0);
    (void)sw_queue_push(&driver->arrivals, &feed->mark);
  }
  return true;
}

/* ---- Records ---- */

static bool is_printable(const uint8_t *at, uint32_t bytes) {
  for (uint32_t i = 0; i < bytes; i++) {
    if (at[i] < 0x20 || at[i] == 0x7f)
      return false;
  }
  return true;
}

static bool is_name(const uint8_t *at, uint32_t bytes) {
  char name[SW_MAX_NAME_BYTES + 1u];
  if (bytes > SW_MAX_NAME_BYTES)
    return false;
  memcpy(name, at, bytes);
  name[bytes] = '\0';
  return strlen(name) == bytes && sw_name_is_path(name, SW_MAX_NAME_BYTES);
}

sw_status sw_arrivals_stream(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why) {
  *why = "STREAM does not fit, its id does not rise, or it is of nothing that was asked for";
  if (bytes < SW_STREAM_HEADER_BYTES)
    return SW_BAD_RECORD;
  const uint32_t stream = sw_get32(record + 8);
  sw_subscription *subscription = sw_subscription_of(link, sw_get32(record + 12));
  const uint32_t kind = sw_get32(record + 16);
  const uint32_t name_bytes = sw_get32(record + 20);
  const uint32_t type_bytes = sw_get32(record + 24);
  if (stream <= link->last_stream || subscription == NULL || link->feed_count == SW_MAX_STREAMS)
    return SW_BAD_RECORD;
  if (kind < SW_KIND_STRUCT || kind > SW_KIND_BYTES || (kind == SW_KIND_BYTES) != (type_bytes > 0))
    return SW_BAD_RECORD;
  if (name_bytes > SW_MAX_NAME_BYTES || type_bytes > SW_MAX_CONTENT_TYPE_BYTES ||
      bytes != SW_STREAM_HEADER_BYTES + sw_pad8((size_t)name_bytes + type_bytes))
    return SW_BAD_RECORD;
  const uint8_t *name = record + SW_STREAM_HEADER_BYTES;
  if (!is_name(name, name_bytes) || !is_printable(name + name_bytes, type_bytes))
    return SW_BAD_RECORD;
  const sw_text channel = {(const char *)name, name_bytes};
  const sw_text type = {(const char *)name + name_bytes, type_bytes};
  sw_feed *feed = create_feed(link, subscription, channel, type);
  if (feed == NULL)
    return SW_OUT_OF_MEMORY;
  feed->stream = stream;
  feed->epoch = sw_get64(record + 32);
  feed->start_next = sw_get64(record + 40);
  if (!enter_feed(link, feed)) {
    free(feed);
    return SW_OUT_OF_MEMORY;
  }
  feed->start_due = true;
  tell(feed);
  return SW_OK;
}

/* No record is for it any more. It stays until the program has what it was told. */
static void close_feed(sw_feed *feed, uint32_t code, const uint8_t *text, uint32_t text_bytes) {
  sw_driver *driver = feed->subscription->driver;
  const uint32_t kept = text_bytes < sizeof feed->text ? text_bytes : (uint32_t)sizeof feed->text - 1u;
  if (kept > 0)
    memcpy(feed->text, text, kept);
  feed->text[kept] = '\0';
  feed->status = code <= SW_SERVICE_FAILED ? (sw_status)code : SW_REFUSED;
  if (feed->start_due) {
    feed->start_due = false; /* the program does not know of it */
    feed->lost.count = 0;
  } else {
    feed->end_due = true;
  }
  feed->next_closed = driver->closed_feeds;
  driver->closed_feeds = feed;
  tell(feed);
}

static void remove_feed(sw_link *link, const sw_feed *feed) {
  uint32_t at = 0;
  while (link->feeds[at] != feed)
    at++;
  link->feed_count--;
  memmove(link->feeds + at, link->feeds + at + 1u, (link->feed_count - at) * sizeof(sw_feed *));
}

/* The program asked for that, or the bridge refuses: then it is told under the name that it wanted. */
static sw_status end_subscription(sw_link *link, sw_subscription *subscription, uint32_t code,
                                  const uint8_t *text, uint32_t text_bytes) {
  if (!atomic_load(&subscription->gone)) {
    sw_feed *feed = create_feed(link, subscription, sw_text_of(subscription->pattern), sw_text_of(NULL));
    if (feed == NULL)
      return SW_OUT_OF_MEMORY;
    subscription->feeds++;
    close_feed(feed, code, text, text_bytes);
  }
  sw_subscription_over(subscription, link);
  return SW_OK;
}

sw_status sw_arrivals_end(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why) {
  *why = "STREAM_END does not fit, or is of nothing that is open";
  if (bytes < SW_STREAM_END_HEADER_BYTES)
    return SW_BAD_RECORD;
  const uint32_t stream = sw_get32(record + 8);
  const uint32_t code = sw_get32(record + 16);
  const uint32_t text_bytes = sw_get32(record + 20);
  if (text_bytes > SW_MAX_LOG_BYTES || bytes != SW_STREAM_END_HEADER_BYTES + sw_pad8(text_bytes))
    return SW_BAD_RECORD;
  if (stream == 0) {
    sw_subscription *subscription = sw_subscription_of(link, sw_get32(record + 12));
    if (subscription == NULL)
      return SW_BAD_RECORD;
    return end_subscription(link, subscription, code, record + SW_STREAM_END_HEADER_BYTES, text_bytes);
  }
  sw_feed *feed = find_feed(link, stream);
  if (feed == NULL)
    return SW_BAD_RECORD;
  remove_feed(link, feed);
  close_feed(feed, code, record + SW_STREAM_END_HEADER_BYTES, text_bytes);
  return SW_OK;
}

sw_status sw_arrivals_batch(sw_link *link, const uint8_t *record, const char **why) {
  *why = "a batch does not fit, is of no open stream, or goes back";
  sw_batch batch;
  if (!sw_batch_read(record, &batch) || batch.lengths == 0)
    return SW_BAD_RECORD;
  sw_feed *feed = find_feed(link, batch.stream);
  if (feed == NULL || batch.epoch != feed->epoch || batch.first < feed->next)
    return SW_BAD_RECORD;
  const uint64_t last = batch.sequences != 0
                            ? sw_get64(record + batch.sequences + 8u * ((size_t)batch.count - 1u))
                            : batch.first + batch.count - 1u;
  feed->next = last + 1u;
  if (!(is_latest(feed) ? replace_newest(feed, record, &batch) : hand_on(feed, record, &batch)))
    lose(feed, batch.first, last, batch.count, SW_GAP_SLOW_READER);
  return SW_OK;
}

sw_status sw_arrivals_gap(sw_link *link, const uint8_t *record, const char **why) {
  *why = "a gap does not fit, is of no open stream, or goes back";
  sw_gap gap;
  if (!sw_gap_read(record, &gap))
    return SW_BAD_RECORD;
  sw_feed *feed = find_feed(link, gap.stream);
  if (feed == NULL || gap.epoch != feed->epoch || gap.from < feed->next)
    return SW_BAD_RECORD;
  feed->next = gap.to + 1u;
  /* What was not told yet keeps its reason. */
  if (feed->lost.count > 0 && feed->lost.reason != gap.reason)
    tell(feed);
  lose(feed, gap.from, gap.to, gap.count, gap.reason);
  tell(feed);
  return SW_OK;
}

/* ---- Every turn ---- */

static void free_closed(sw_driver *driver) {
  for (sw_feed **at = &driver->closed_feeds; *at != NULL;) {
    sw_feed *feed = *at;
    tell(feed);
    if (feed->out > 0 || is_due(feed)) {
      at = &feed->next_closed;
    } else {
      *at = feed->next_closed;
      free_feed(feed);
    }
  }
}

void sw_arrivals_collect(sw_driver *driver) {
  take_back(driver);
  if (driver->arrivals_due) {
    driver->arrivals_due = false;
    for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
      const sw_link *link = driver->links[slot];
      for (uint32_t i = 0; link != NULL && i < link->feed_count; i++)
        tell(link->feeds[i]);
    }
  }
  free_closed(driver);
}

void sw_arrivals_forget(sw_link *link) {
  static const char text[] = "the connection to the bridge is gone";
  for (uint32_t i = 0; i < link->feed_count; i++)
    close_feed(link->feeds[i], SW_CLOSED, (const uint8_t *)text, sizeof text - 1u);
  for (sw_feed *feed = link->driver->closed_feeds; feed != NULL; feed = feed->next_closed) {
    if (feed->link == link)
      feed->link = NULL;
  }
  link->feed_count = 0;
  free(link->feeds);
  link->feeds = NULL;
}

void sw_arrivals_fini(sw_driver *driver) {
  for (sw_message *message; (message = sw_queue_pop(&driver->arrivals)) != NULL;) {
    if (message->is_newest) /* what the program did not take */
      free_message(atomic_exchange(&message->feed->newest, NULL));
    free_message(message);
  }
  take_back(driver);
  while (driver->closed_feeds != NULL) {
    sw_feed *feed = driver->closed_feeds;
    driver->closed_feeds = feed->next_closed;
    free_feed(feed);
  }
}
