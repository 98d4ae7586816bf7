/* SPDX-License-Identifier: MIT
 *
 * The applying thread's part of what comes for subscriptions: calls the program's functions.
 */
#include "arrivals.h"
#include "driver.h"

static void call(const sw_feed *feed, const sw_arrival *arrival) {
  const sw_subscription *subscription = feed->subscription;
  if (!atomic_load_explicit(&((sw_subscription *)subscription)->gone, memory_order_relaxed))
    subscription->run(subscription->context, arrival);
}

static void call_with_samples(const sw_feed *feed, sw_message *message, sw_arrival arrival) {
  const sw_batch *batch = &message->batch;
  uint8_t *record = (uint8_t *)(message + 1);
  const uint64_t offset = (uint64_t)feed->subscription->driver->clock_offset;
  uint8_t *payload = record + batch->payload;
  arrival.happened = SW_SAMPLE;
  arrival.sender = batch->schema;
  for (uint32_t i = 0; i < batch->count; i++) {
    arrival.sequence =
        batch->sequences != 0 ? sw_get64(record + batch->sequences + 8u * (size_t)i) : batch->first + i;
    arrival.time = (int64_t)(sw_get64(record + batch->times + 8u * (size_t)i) - offset);
    arrival.bytes = sw_get32(record + batch->lengths + 4u * (size_t)i);
    arrival.payload = payload;
    uint8_t *behind = payload + arrival.bytes;
    const uint8_t kept = *behind; /* the next payload's first byte */
    *behind = 0;
    call(feed, &arrival);
    *behind = kept;
    payload = behind;
  }
}

static void run_message(sw_message *message) {
  const sw_feed *feed = message->feed;
  sw_arrival arrival = {.channel = feed->channel,
                        .bridge = feed->bridge,
                        .link = feed->link_serial,
                        .epoch = feed->epoch,
                        .content_type = feed->content_type};
  if (message->started) {
    arrival.happened = SW_STARTED;
    arrival.sequence = message->next;
    call(feed, &arrival);
  }
  if (message->lost.count > 0) {
    sw_arrival lost = arrival;
    lost.happened = SW_LOST;
    lost.sequence = message->lost.from;
    lost.last = message->lost.to;
    lost.lost = message->lost.count;
    lost.reason = (sw_loss)message->lost.reason;
    call(feed, &lost);
  }
  if (message->batch.count > 0)
    call_with_samples(feed, message, arrival);
  if (message->ended) {
    arrival.happened = SW_ENDED;
    arrival.status = message->status;
    arrival.text = (const char *)(message + 1);
    call(feed, &arrival);
  }
}

void sw_arrivals_run(sw_driver *driver) {
  /* Only what waits now: a bridge that keeps on sending must not hold the loop. */
  for (uint32_t left = sw_queue_waiting(&driver->arrivals); left > 0; left--) {
    sw_message *message = sw_queue_pop(&driver->arrivals);
    if (message->is_newest) {
      sw_message *newest = atomic_exchange_explicit(&message->feed->newest, NULL, memory_order_acq_rel);
      (void)sw_queue_push(&driver->returned, message);
      message = newest;
    }
    run_message(message);
    /* There is room: as many are out as either queue holds. */
    (void)sw_queue_push(&driver->returned, message);
  }
}
