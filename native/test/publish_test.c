/* SPDX-License-Identifier: MIT
 *
 * Samples on their way from sw_publish to several bridges: every sequence arrives or is told as lost, in its
 * place, and one bridge's slowness is its own.
 */
#include "bridge.h"
#include "check.h"
#include "follower.h"
#include "messages.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

static void sends_what_was_published_as_it_was(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *channel;
  const sw_channel_options roomy = {.ring_samples = 10000};
  CHECK(sw_advertise(driver, "state", &sample_type, &roomy, &channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  const uint8_t *hello = bridge_next(&b);
  CHECK(hello != NULL && hello[4] == SW_RECORD_HELLO && memcmp(hello + 48, "test", 4) == 0);
  const uint64_t epoch = sw_get64(hello + 16);
  CHECK(sw_get32(hello + 40) == (uint32_t)getpid());
  follower f = follow(&b);
  const int64_t before = sw_now(driver);
  for (uint64_t i = 0; i < 10000; i++) {
    const struct sample sample = sample_of(i);
    CHECK(sw_next_sequence(channel) == i);
    CHECK(sw_publish(channel, &sample) == SW_OK);
  }
  take_until(&f, &b, 10000);
  CHECK(f.got == 10000 && f.lost == 0 && f.epoch == epoch);
  CHECK(f.time >= before && f.time <= sw_now(driver));
  sw_driver_destroy(driver);
  CHECK(bridge_sees_end(&b, SW_OK));
  bridge_hang_up(&b);
}

static void tells_what_the_ring_dropped(void) {
  sw_driver *driver = open_test_driver(NULL);
  const sw_channel_options small = {.ring_samples = 8};
  sw_channel *channel;
  CHECK(sw_advertise(driver, "state", &sample_type, &small, &channel) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  follower f = follow(&b);
  for (uint64_t i = 0; i < 20; i++) {
    const struct sample sample = sample_of(i);
    CHECK(sw_publish(channel, &sample) == (i < 8 ? SW_OK : SW_RING_FULL));
  }
  /* Also with nothing published behind the loss. */
  take_until(&f, &b, 20);
  CHECK(f.got == 8 && f.lost == 12 && f.lost_by[SW_GAP_RING_FULL] == 12);
  for (uint64_t i = 20; i < 25; i++) {
    const struct sample sample = sample_of(i);
    CHECK(sw_publish(channel, &sample) == SW_OK);
  }
  take_until(&f, &b, 25);
  CHECK(f.got == 13 && f.lost == 12);
  sw_counters counters;
  sw_channel_counters(channel, &counters);
  CHECK(counters.published == 25 && counters.ring_dropped == 12 && counters.link_dropped == 0);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

/* Publishes images until the driver had to drop some for a bridge. */
static uint64_t publish_until_dropped(sw_channel *channel, uint64_t at_least) {
  static struct image image;
  sw_counters counters;
  for (uint64_t i = 1;; i++) {
    while (sw_publish(channel, &image) == SW_RING_FULL)
      wait_a_little();
    if (i % 16 == 0)
      wait_a_little();
    sw_channel_counters(channel, &counters);
    if (counters.link_dropped >= at_least)
      return counters.published;
    CHECK(i < 100000);
  }
}

static uint64_t counted_link_drops(bridge *b, follower *f) {
  for (;;) {
    const uint8_t *record = bridge_next(b);
    CHECK(record != NULL);
    follower_take(f, record);
    if (record[4] != SW_RECORD_COUNTERS)
      continue;
    CHECK(sw_get32(record + 8) == 1 && sw_get32(record + 16) == f->stream);
    return sw_get64(record + 16 + 24);
  }
}

static void tells_what_the_ring_dropped_last_when_the_driver_ends(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *channel;
  sw_channel *quiet;
  const sw_channel_options narrow = {.ring_samples = 8};
  CHECK(sw_advertise(driver, "state", &sample_type, &narrow, &channel) == SW_OK);
  CHECK(sw_advertise(driver, "quiet", &sample_type, &narrow, &quiet) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  follower f = follow(&b);
  (void)bridge_expect(&b, SW_RECORD_ADVERTISE);
  for (uint64_t i = 0; i < 10; i++) {
    const struct sample sample = sample_of(i);
    CHECK(sw_publish(channel, &sample) == (i < 8 ? SW_OK : SW_RING_FULL));
  }
  b.driver = NULL; /* its I/O is done by its end alone */
  sw_driver_destroy(driver);
  while (take_next(&f, &b))
    ;
  CHECK(f.got == 8 && f.lost == 2 && f.lost_by[SW_GAP_RING_FULL] == 2);
  bridge_hang_up(&b);
}

static void drops_the_oldest_of_a_bridge_that_does_not_read(void) {
  const sw_driver_options options = {.link_bytes = 400000};
  sw_driver *driver = open_test_driver(&options);
  sw_channel *channel;
  CHECK(sw_advertise(driver, "camera", &image_type, NULL, &channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  follower f = follow(&b);
  const uint64_t published = publish_until_dropped(channel, 50);
  take_until(&f, &b, published);
  CHECK(f.got > 0 && f.lost >= 50);
  sw_counters counters;
  sw_channel_counters(channel, &counters);
  CHECK(f.lost_by[SW_GAP_LINK_FULL] == counters.link_dropped);
  CHECK(f.lost_by[SW_GAP_RING_FULL] == counters.ring_dropped);
  CHECK(counters.link_dropped + counters.ring_dropped == f.lost);
  while (counted_link_drops(&b, &f) != counters.link_dropped) {
  }
  sw_driver_destroy(driver);
  CHECK(bridge_sees_end(&b, SW_OK));
  bridge_hang_up(&b);
}

/* What the kernel has not got yet is overtaken by answers, whole records only. */
static void answers_overtake_batches(void) {
  const sw_driver_options options = {.link_bytes = 4 << 20};
  sw_driver *driver = open_test_driver(&options);
  sw_channel *channel;
  CHECK(sw_advertise(driver, "camera", &image_type, NULL, &channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  follower f = follow(&b);
  const uint64_t published = publish_until_dropped(channel, 1);
  uint8_t ping[SW_PING_BYTES] = {0};
  sw_prefix_write(ping, sizeof ping, SW_RECORD_PING, 0);
  bridge_send(&b, ping, sizeof ping);
  uint64_t after = 0;
  for (bool answered = false; f.expected < published;) {
    const uint8_t *record = bridge_next(&b);
    CHECK(record != NULL);
    answered = answered || record[4] == SW_RECORD_PONG;
    const uint64_t before = f.got;
    follower_take(&f, record);
    after += answered ? f.got - before : 0;
  }
  /* Almost all that the driver's buffer holds came behind the answer. */
  CHECK(after >= (4u << 20) / sizeof(struct image) * 3 / 4);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

typedef struct reader {
  bridge b;
  follower f;
  uint64_t until;
} reader;

static void *read_all(void *context) {
  reader *r = context;
  take_until(&r->f, &r->b, r->until);
  return NULL;
}

static void a_slow_bridge_costs_another_nothing(void) {
  enum { SAMPLES = 20000 };
  const sw_driver_options options = {.link_bytes = 1 << 20};
  sw_driver *driver = open_test_driver(&options);
  const sw_channel_options roomy = {.ring_samples = 1 << 15};
  sw_channel *channel;
  sw_channel *camera;
  CHECK(sw_advertise(driver, "state", &sample_type, &roomy, &channel) == SW_OK);
  CHECK(sw_advertise(driver, "camera", &image_type, NULL, &camera) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge stalled = bridge_attach(sw_driver_path(driver));
  (void)follow(&stalled);
  (void)publish_until_dropped(camera, 10);
  CHECK(sw_withdraw(camera) == SW_OK);

  reader healthy = {.b = bridge_attach(sw_driver_path(driver)), .until = SAMPLES};
  healthy.f = follow(&healthy.b);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, read_all, &healthy) == 0);
  for (uint64_t i = 0; i < SAMPLES; i++) {
    const struct sample sample = sample_of(i);
    CHECK(sw_publish(channel, &sample) == SW_OK);
    if (i % 1000 == 0)
      wait_a_little();
  }
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(healthy.f.got == SAMPLES && healthy.f.lost == 0);
  sw_driver_destroy(driver);
  bridge_hang_up(&healthy.b);
  bridge_hang_up(&stalled);
}

static void a_late_bridge_gets_what_comes_after_it(void) {
  sw_driver *driver = open_test_driver(NULL);
  const sw_channel_options small = {.ring_samples = 16};
  sw_channel *channel;
  CHECK(sw_advertise(driver, "state", &sample_type, &small, &channel) == SW_OK);
  for (uint64_t i = 0; i < 40; i++) {
    const struct sample sample = sample_of(i);
    (void)sw_publish(channel, &sample);
  }
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  follower f = follow(&b);
  CHECK(f.expected == 40);
  const struct sample sample = sample_of(40);
  CHECK(sw_publish_at(channel, &sample, 123) == SW_OK);
  take_until(&f, &b, 41);
  CHECK(f.got == 1 && f.lost == 0 && f.time == 123);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

enum { LIVES = 200, EACH = 37 };

static void *live_and_die(void *context) {
  for (int life = 0; life < LIVES; life++) {
    sw_channel *channel;
    CHECK(sw_advertise(context, "link/eth0", &sample_type, NULL, &channel) == SW_OK);
    for (uint64_t i = 0; i < EACH; i++) {
      const struct sample sample = sample_of(i);
      CHECK(sw_publish(channel, &sample) == SW_OK);
    }
    CHECK(sw_withdraw(channel) == SW_OK);
  }
  return NULL;
}

static void a_channel_comes_and_goes_while_others_run(void) {
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  (void)bridge_expect(&b, SW_RECORD_COUNTERS); /* it is attached */
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, live_and_die, driver) == 0);
  uint32_t before = 0;
  for (int life = 0; life < LIVES; life++) {
    follower f = follow(&b);
    CHECK(f.stream > before && f.expected == 0);
    before = f.stream;
    while (!f.withdrawn)
      CHECK(take_next(&f, &b));
    CHECK(f.got == EACH && f.lost == 0);
  }
  CHECK(pthread_join(thread, NULL) == 0);
  sw_driver_destroy(driver);
  CHECK(bridge_sees_end(&b, SW_OK));
  bridge_hang_up(&b);
}

static void a_withdrawal_comes_behind_what_was_lost_before_it(void) {
  const sw_driver_options options = {.link_bytes = 300000};
  sw_driver *driver = open_test_driver(&options);
  sw_channel *channel;
  CHECK(sw_advertise(driver, "camera", &image_type, NULL, &channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  follower f = follow(&b);
  const uint64_t published = publish_until_dropped(channel, 20);
  CHECK(sw_withdraw(channel) == SW_OK);
  while (!f.withdrawn)
    CHECK(take_next(&f, &b));
  CHECK(f.expected == published && f.got + f.lost == published);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  sends_what_was_published_as_it_was();
  tells_what_the_ring_dropped();
  tells_what_the_ring_dropped_last_when_the_driver_ends();
  drops_the_oldest_of_a_bridge_that_does_not_read();
  answers_overtake_batches();
  a_slow_bridge_costs_another_nothing();
  a_late_bridge_gets_what_comes_after_it();
  a_channel_comes_and_goes_while_others_run();
  a_withdrawal_comes_behind_what_was_lost_before_it();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
