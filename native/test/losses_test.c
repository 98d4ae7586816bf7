/* SPDX-License-Identifier: MIT
 *
 * A ring and a link that overflow at once: what the driver counts is what a bridge is told, by reason, also
 * of what was dropped last.
 */
#include "bridge.h"
#include "check.h"
#include "follower.h"
#include "messages.h"

#include <pthread.h>
#include <string.h>

enum { CHANNELS = 2, RING = 8, ROUNDS = 400, MOST_AT_ONCE = 20, LINK_BYTES = 400000 };

/* One channel, what the test published there, and what a bridge sees of it. */
typedef struct flow {
  sw_channel *channel;
  bool image;
  bool dropped[ROUNDS * MOST_AT_ONCE * 2]; /* by the ring */
  uint64_t published, ring_dropped;
  follower f;
} flow;

typedef struct scene {
  sw_driver *driver;
  bridge b;
  flow flows[CHANNELS];
  uint32_t random;
} scene;

static uint32_t below(scene *s, uint32_t limit) {
  s->random = s->random * 1664525u + 1013904223u;
  return (s->random >> 8) % limit;
}

static void publish(flow *to, uint32_t count) {
  static struct image image;
  for (uint32_t i = 0; i < count; i++) {
    const struct sample sample = sample_of(to->published);
    const sw_status status = sw_publish(to->channel, to->image ? (const void *)&image : &sample);
    CHECK(status == SW_OK || status == SW_RING_FULL);
    to->dropped[to->published++] = status == SW_RING_FULL;
    to->ring_dropped += status == SW_RING_FULL;
  }
}

/* More than the ring takes, however empty it is. */
static void publish_too_much(scene *s) {
  for (int i = 0; i < CHANNELS; i++) {
    publish(&s->flows[i], RING + 4);
    CHECK(s->flows[i].dropped[s->flows[i].published - 1]);
  }
}

static bool take(scene *s) {
  const uint8_t *record = bridge_next(&s->b);
  for (int i = 0; record != NULL && i < CHANNELS; i++)
    follower_take(&s->flows[i].f, record);
  return record != NULL;
}

static bool all_is_told(const scene *s) {
  bool told = true;
  for (int i = 0; i < CHANNELS; i++)
    told = told && s->flows[i].f.expected == s->flows[i].published;
  return told;
}

static uint64_t link_dropped(const flow *of) {
  sw_counters counters;
  sw_channel_counters(of->channel, &counters);
  CHECK(counters.published == of->published && counters.ring_dropped == of->ring_dropped);
  return counters.link_dropped;
}

static void check_the_ring(const scene *s) {
  for (int i = 0; i < CHANNELS; i++) {
    const flow *each = &s->flows[i];
    CHECK(each->f.expected == each->published && each->f.got + each->f.lost == each->published);
    CHECK(each->f.lost_by[SW_GAP_RING_FULL] == each->ring_dropped);
    CHECK(each->f.lost_by[SW_GAP_RING_FULL] + each->f.lost_by[SW_GAP_LINK_FULL] == each->f.lost);
  }
}

static void check_the_link(const scene *s) {
  for (int i = 0; i < CHANNELS; i++) {
    const flow *each = &s->flows[i];
    CHECK(each->f.lost_by[SW_GAP_LINK_FULL] == link_dropped(each));
  }
}

/* A driver whose I/O the test does, and a bridge. */
static void begin(scene *s) {
  static const sw_channel_options small = {.ring_samples = RING};
  const sw_driver_options options = {.link_bytes = LINK_BYTES};
  memset(s, 0, sizeof *s);
  s->random = 12345;
  s->driver = open_test_driver(&options);
  CHECK(sw_advertise(s->driver, "camera", &image_type, &small, &s->flows[0].channel) == SW_OK);
  CHECK(sw_advertise(s->driver, "state", &sample_type, &small, &s->flows[1].channel) == SW_OK);
  s->flows[0].image = true;
  s->b = bridge_attach(sw_driver_path(s->driver));
  bridge_pump(&s->b, s->driver);
  for (int i = 0; i < CHANNELS; i++) {
    s->flows[i].f = follow(&s->b);
    s->flows[i].f.ring_dropped = s->flows[i].dropped;
  }
}

/* Both overflow, again and again, and now and then the bridge reads a little. */
static void overflow(scene *s) {
  uint64_t read_at = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < CHANNELS; i++)
      publish(&s->flows[i], below(s, MOST_AT_ONCE));
    CHECK(sw_poll(s->driver, 0) == SW_OK);
    /* Then the socket is full, and reading does not wait. */
    const uint64_t dropped = link_dropped(&s->flows[0]);
    if (dropped < read_at + 40)
      continue;
    read_at = dropped;
    for (uint32_t left = below(s, 16); left > 0; left--)
      CHECK(take(s));
  }
  for (int i = 0; i < CHANNELS; i++)
    CHECK(link_dropped(&s->flows[i]) > 0 && s->flows[i].ring_dropped > 0);
}

static void each_loss_keeps_its_reason_though_both_overflow(void) {
  static scene s;
  begin(&s);
  overflow(&s);
  publish_too_much(&s);
  /* Nothing is published behind the last loss. */
  while (!all_is_told(&s))
    CHECK(take(&s));
  check_the_ring(&s);
  check_the_link(&s);
  sw_driver_destroy(s.driver);
  bridge_hang_up(&s.b);
}

static void each_loss_keeps_its_reason_when_the_channels_go(void) {
  static scene s;
  begin(&s);
  overflow(&s);
  publish_too_much(&s);
  for (int i = 0; i < CHANNELS; i++)
    CHECK(sw_withdraw(s.flows[i].channel) == SW_OK);
  while (!s.flows[0].f.withdrawn || !s.flows[1].f.withdrawn)
    CHECK(take(&s));
  check_the_ring(&s);
  sw_driver_destroy(s.driver);
  bridge_hang_up(&s.b);
}

static void each_loss_keeps_its_reason_when_the_driver_ends(void) {
  static scene s;
  begin(&s);
  overflow(&s);
  while (!all_is_told(&s))
    CHECK(take(&s));
  publish_too_much(&s);
  s.b.driver = NULL; /* its I/O is done by its end alone */
  sw_driver_destroy(s.driver);
  while (take(&s))
    ;
  check_the_ring(&s);
  bridge_hang_up(&s.b);
}

enum { BURSTS = 40, BURST = 3000 };

static void *publish_bursts(void *context) {
  flow *state = context;
  static const struct knobs sample;
  for (int i = 0; i < BURSTS; i++) {
    for (int j = 0; j < BURST; j++)
      state->ring_dropped += sw_publish(state->channel, &sample) == SW_RING_FULL;
    state->published += BURST;
    wait_a_little();
  }
  /* The last of all are dropped ones. */
  for (int in_a_row = 0; in_a_row < 3;) {
    const bool dropped = sw_publish(state->channel, &sample) == SW_RING_FULL;
    state->published++;
    state->ring_dropped += dropped;
    in_a_row = dropped ? in_a_row + 1 : 0;
  }
  return NULL;
}

static void losses_are_told_though_nothing_more_is_published(void) {
  static flow state;
  const sw_driver_options options = {.link_bytes = 4096};
  static const sw_channel_options small = {.ring_samples = 64};
  sw_driver *driver = open_test_driver(&options);
  CHECK(sw_advertise(driver, "state", &knobs_type, &small, &state.channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  state.f = follow(&b);
  pthread_t publisher;
  CHECK(pthread_create(&publisher, NULL, publish_bursts, &state) == 0);
  CHECK(pthread_join(publisher, NULL) == 0);
  take_until(&state.f, &b, state.published);
  CHECK(state.f.got + state.f.lost == state.published);
  CHECK(state.f.lost_by[SW_GAP_RING_FULL] == state.ring_dropped);
  CHECK(state.f.lost_by[SW_GAP_LINK_FULL] == link_dropped(&state));
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

enum { FLOOD = 300000 };

static void *flood(void *context) {
  static const struct knobs sample;
  for (int i = 0; i < FLOOD; i++)
    (void)sw_publish_at(context, &sample, i);
  return NULL;
}

static void counts_every_loss_among_what_it_counts_as_published(void) {
  static const sw_channel_options small = {.ring_samples = RING};
  sw_driver *driver = open_test_driver(NULL); /* nobody empties the ring */
  sw_channel *channel;
  CHECK(sw_advertise(driver, "state", &knobs_type, &small, &channel) == SW_OK);
  pthread_t publisher;
  CHECK(pthread_create(&publisher, NULL, flood, channel) == 0);
  sw_counters counters;
  do {
    sw_channel_counters(channel, &counters);
    CHECK(counters.published <= counters.ring_dropped + RING);
  } while (counters.published < FLOOD);
  CHECK(counters.ring_dropped == FLOOD - RING);
  CHECK(pthread_join(publisher, NULL) == 0);
  sw_driver_destroy(driver);
}

int main(void) {
  make_runtime_folder();
  each_loss_keeps_its_reason_though_both_overflow();
  each_loss_keeps_its_reason_when_the_channels_go();
  each_loss_keeps_its_reason_when_the_driver_ends();
  losses_are_told_though_nothing_more_is_published();
  counts_every_loss_among_what_it_counts_as_published();
  remove_runtime_folder();
  return 0;
}
