/* SPDX-License-Identifier: MIT
 *
 * Sets: merged and applied whole or not at all, on the loop's own thread, answered with what holds and from
 * which sample on, and told to every bridge.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

typedef struct rig {
  sw_driver *driver;
  sw_channel *channel;
  sw_parameter *parameter;
  struct knobs knobs;
} rig;

/* A driver whose I/O runs while the bridge waits; sets wait until the test applies them. */
static rig *open_rig(sw_check_fn check, void *context) {
  rig *r = calloc(1, sizeof *r);
  CHECK(r != NULL);
  r->driver = open_test_driver(NULL);
  r->knobs = good_knobs();
  CHECK(sw_advertise(r->driver, "state", &sample_type, NULL, &r->channel) == SW_OK);
  const sw_parameter_options options = {.channel = r->channel, .check = check, .context = context};
  CHECK(sw_parameter_declare(r->driver, "knobs", &knobs_type, &r->knobs, &options, &r->parameter) == SW_OK);
  return r;
}

static void close_rig(rig *r) {
  sw_driver_destroy(r->driver);
  free(r);
}

static bridge attach(rig *r) {
  bridge b = bridge_attach(sw_driver_path(r->driver));
  bridge_pump(&b, r->driver);
  (void)bridge_expect(&b, SW_RECORD_PARAMETER);
  return b;
}

/* Applies until so many sets were accepted. */
static int apply(rig *r, int wanted) {
  int applied = 0;
  for (int tries = 0; applied < wanted; tries++) {
    CHECK(tries < 10000 && sw_poll(r->driver, 1) == SW_OK);
    applied += sw_apply(r->driver);
  }
  return applied;
}

static void set_gain(bridge *b, uint64_t id, double gain) {
  struct knobs value;
  struct knobs mask;
  memset(&value, 0xff, sizeof value);
  memset(&mask, 0, sizeof mask);
  value.gain = gain;
  memset(&mask.gain, 0xff, sizeof mask.gain);
  bridge_set(b, id, 1, &value, &mask, sizeof value);
}

/* The next VALUE: whether it answers `set`, and what it says. */
static struct knobs next_value(bridge *b, uint64_t set, uint64_t next) {
  const uint8_t *record = bridge_expect(b, SW_RECORD_VALUE);
  CHECK(sw_get64(record + 8) == set && sw_get32(record + 16) == 1);
  CHECK(sw_get32(record + 20) == 1 && sw_get64(record + 24) == next);
  CHECK(sw_get32(record + 40) == sizeof(struct knobs));
  struct knobs knobs;
  memcpy(&knobs, record + 48, sizeof knobs);
  return knobs;
}

static void publish(rig *r) {
  const struct sample sample = {.value = 1};
  CHECK(sw_publish(r->channel, &sample) == SW_OK);
}

static void declares_what_holds(void) {
  rig *r = open_rig(NULL, NULL);
  memset((uint8_t *)&r->knobs + knobs_type.pads[0].offset, 0xff, knobs_type.pads[0].length);
  bridge b = bridge_attach(sw_driver_path(r->driver));
  bridge_pump(&b, r->driver);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_PARAMETER);
  CHECK(sw_get32(record + 8) == 1 && sw_get32(record + 12) == sizeof(struct knobs) &&
        sw_get32(record + 24) == 1);
  CHECK(memcmp(record + 32, "knobsknobs", 10) == 0);
  const struct knobs good = good_knobs();
  CHECK(memcmp(record + 48, (const uint8_t *)&good, sizeof good) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void applies_at_the_loops_moment_and_names_the_next_sample(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  publish(r);
  set_gain(&b, 7, 4);
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  CHECK(r->knobs.gain == 2); /* nothing happens before the loop says so */
  publish(r);
  publish(r);
  CHECK(apply(r, 1) == 1);
  CHECK(r->knobs.gain == 4 && r->knobs.huge == 7);
  const struct knobs told = next_value(&b, 7, 3);
  CHECK(told.gain == 4 && told.huge == 7);
  bridge_hang_up(&b);
  close_rig(r);
}

static void refuses_what_is_out_of_range_whole(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  struct knobs value = good_knobs();
  struct knobs mask;
  memset(&mask, 0xff, sizeof mask);
  value.gain = 3;
  value.offset = 6;
  bridge_set(&b, 1, 1, &value, &mask, sizeof value);
  set_gain(&b, 2, (double)NAN);
  set_gain(&b, 3, 10.5);
  set_gain(&b, 4, 10);
  CHECK(apply(r, 1) == 1);
  const struct knobs now = r->knobs;
  CHECK(now.gain == 10 && now.offset == 0);
  CHECK(bridge_sees_refusal(&b, 1, SW_OUT_OF_RANGE) && bridge_sees_refusal(&b, 2, SW_OUT_OF_RANGE));
  const uint8_t *refusal = bridge_expect(&b, SW_RECORD_REFUSE);
  CHECK(sw_get64(refusal + 8) == 3);
  static const char reason[] = "gain = 10.5 is above 10";
  CHECK(sw_get32(refusal + 20) == sizeof reason - 1 && memcmp(refusal + 24, reason, sizeof reason - 1) == 0);
  CHECK(next_value(&b, 4, 0).gain == 10);
  bridge_hang_up(&b);
  close_rig(r);
}

static void refuses_what_does_not_exist(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  uint8_t bytes[sizeof(struct knobs)] = {0};
  bridge_set(&b, 1, 2, bytes, bytes, sizeof bytes);
  CHECK(bridge_sees_refusal(&b, 1, SW_UNKNOWN_PARAMETER));
  bridge_set(&b, 2, 0, bytes, bytes, sizeof bytes);
  CHECK(bridge_sees_refusal(&b, 2, SW_UNKNOWN_PARAMETER));
  bridge_set(&b, 3, 1, bytes, bytes, sizeof bytes - 1);
  CHECK(bridge_sees_refusal(&b, 3, SW_INVALID_ARGUMENT));
  set_gain(&b, 4, 1);
  CHECK(apply(r, 1) == 1 && next_value(&b, 4, 0).gain == 1);
  bridge_hang_up(&b);
  close_rig(r);
}

static void merges_sets_of_two_bridges_down_to_the_bit(void) {
  rig *r = open_rig(NULL, NULL);
  bridge one = attach(r);
  bridge two = attach(r);
  struct knobs value;
  struct knobs mask;
  memset(&mask, 0, sizeof mask);
  memset(&value, 0, sizeof value);
  value.low = 5;
  mask.low = 7;
  bridge_set(&one, 1, 1, &value, &mask, sizeof value);
  CHECK(apply(r, 1) == 1);
  memset(&mask, 0, sizeof mask);
  memset(&value, 0, sizeof value);
  value.middle = -7;
  mask.middle = -1;
  bridge_set(&two, 1, 1, &value, &mask, sizeof value);
  set_gain(&two, 2, 9);
  CHECK(apply(r, 2) == 2);
  CHECK(r->knobs.low == 5 && r->knobs.middle == -7 && r->knobs.high == 0 && r->knobs.gain == 9);
  /* Each set is answered to its asker and told to the other, in one order. */
  CHECK(next_value(&one, 1, 0).low == 5);
  CHECK(next_value(&two, 0, 0).low == 5);
  CHECK(next_value(&one, 0, 0).middle == -7 && next_value(&two, 1, 0).middle == -7);
  CHECK(next_value(&one, 0, 0).gain == 9 && next_value(&two, 2, 0).gain == 9);
  bridge_hang_up(&one);
  bridge_hang_up(&two);
  close_rig(r);
}

static sw_status only_even(void *context, const void *value, char *reason) {
  int *asked = context;
  (*asked)++;
  const struct knobs *knobs = value;
  if (fmod(knobs->gain, 2) == 0)
    return SW_OK;
  (void)snprintf(reason, 256, "odd");
  return SW_REFUSED;
}

static void asks_the_program_before_it_applies(void) {
  int asked = 0;
  rig *r = open_rig(only_even, &asked);
  bridge b = attach(r);
  set_gain(&b, 1, 3);
  set_gain(&b, 2, 100); /* out of range: not even asked */
  set_gain(&b, 3, 4);
  CHECK(apply(r, 1) == 1 && asked == 2 && r->knobs.gain == 4);
  const uint8_t *refusal = bridge_expect(&b, SW_RECORD_REFUSE);
  CHECK(sw_get32(refusal + 16) == SW_REFUSED && memcmp(refusal + 24, "odd", 4) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void tells_what_the_program_changed_itself(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  set_gain(&b, 5, 3);
  CHECK(apply(r, 1) == 1);
  r->knobs.gain = 8;
  publish(r);
  sw_parameter_changed(r->parameter);
  /* The change was after the set, so it is told after the answer. */
  CHECK(next_value(&b, 5, 0).gain == 3);
  CHECK(next_value(&b, 0, 1).gain == 8);
  bridge_hang_up(&b);
  bridge late = bridge_attach(sw_driver_path(r->driver));
  bridge_pump(&late, r->driver);
  const uint8_t *record = bridge_expect(&late, SW_RECORD_PARAMETER);
  double gain;
  memcpy(&gain, record + 48, sizeof gain);
  CHECK(gain == 8);
  bridge_hang_up(&late);
  close_rig(r);
}

static void tells_no_change_after_the_set_that_followed_it(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  set_gain(&b, 1, 3);
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  r->knobs.gain = 8;
  sw_parameter_changed(r->parameter);
  CHECK(sw_apply(r->driver) == 1);
  CHECK(next_value(&b, 1, 0).gain == 3);
  set_gain(&b, 2, 4);
  CHECK(apply(r, 1) == 1);
  CHECK(next_value(&b, 2, 0).gain == 4);
  bridge_hang_up(&b);
  close_rig(r);
}

static void says_busy_when_too_many_wait(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  for (uint64_t id = 1; id <= SW_MAX_PENDING; id++)
    set_gain(&b, id, 1);
  for (uint64_t id = 1000; id < 1003; id++) {
    set_gain(&b, id, 1);
    CHECK(bridge_sees_refusal(&b, id, SW_BUSY));
  }
  CHECK(apply(r, SW_MAX_PENDING) == SW_MAX_PENDING);
  for (uint64_t id = 1; id <= SW_MAX_PENDING; id++)
    (void)next_value(&b, id, 0);
  set_gain(&b, 1, 2);
  CHECK(apply(r, 1) == 1);
  (void)next_value(&b, 1, 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void a_set_outlives_its_bridge(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  bridge other = attach(r);
  set_gain(&b, 1, 6);
  bridge_hang_up(&b);
  CHECK(apply(r, 1) == 1);
  CHECK(next_value(&other, 0, 0).gain == 6);
  /* Sets that are never applied are freed with the driver, and refused to who still listens. */
  set_gain(&other, 9, 1);
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  close_rig(r);
  other.driver = NULL;
  CHECK(bridge_sees_refusal(&other, 9, SW_CLOSED));
  CHECK(bridge_sees_end(&other, SW_OK));
  bridge_hang_up(&other);
}

static void a_withdrawn_channel_governs_nothing(void) {
  rig *r = open_rig(NULL, NULL);
  bridge b = attach(r);
  CHECK(sw_withdraw(r->channel) == SW_OK);
  set_gain(&b, 1, 6);
  CHECK(apply(r, 1) == 1);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_VALUE);
  CHECK(sw_get32(record + 20) == 0 && sw_get64(record + 24) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void refuses_wrong_declarations(void) {
  rig *r = open_rig(NULL, NULL);
  struct knobs bad = good_knobs();
  CHECK(sw_parameter_declare(r->driver, "knobs", &knobs_type, &bad, NULL, NULL) == SW_NAME_IN_USE);
  CHECK(sw_parameter_declare(r->driver, "a//b", &knobs_type, &bad, NULL, NULL) == SW_NAME_INVALID);
  bad.gain = 11;
  CHECK(sw_parameter_declare(r->driver, "bad", &knobs_type, &bad, NULL, NULL) == SW_OUT_OF_RANGE);
  static const sw_type stranger = {.name = "stranger", .size = sizeof(struct knobs)};
  CHECK(sw_parameter_declare(r->driver, "bad", &stranger, &bad, NULL, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_poll(r->driver, 0) == SW_OK);
  CHECK(sw_parameter_declare(r->driver, "late", &knobs_type, &r->knobs, NULL, NULL) == SW_INVALID_ARGUMENT);
  close_rig(r);
}

/* ---- A control loop of its own beside the SDK's thread ---- */

typedef struct loop {
  rig *rig;
  _Atomic bool stop;
} loop;

static void *control(void *context) {
  loop *l = context;
  while (!l->stop) {
    (void)sw_apply(l->rig->driver);
    const struct sample sample = {.value = l->rig->knobs.gain};
    (void)sw_publish(l->rig->channel, &sample);
    if (l->rig->knobs.offset != 0)
      sw_parameter_changed(l->rig->parameter);
    wait_a_little();
  }
  return NULL;
}

/* The first sample published after carries the new value, and the one before does not. */
static void the_named_sample_is_the_first_with_the_new_value(void) {
  rig *r = open_rig(NULL, NULL);
  CHECK(sw_start(r->driver) == SW_OK);
  loop l = {.rig = r};
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, control, &l) == 0);
  bridge b = bridge_attach(sw_driver_path(r->driver));
  const uint8_t *advertise = bridge_expect(&b, SW_RECORD_ADVERTISE);
  uint64_t expected = sw_get64(advertise + 32);
  double holds = 2;
  for (uint64_t id = 1; id <= 50; id++) {
    const double wanted = (double)(id % 10);
    uint64_t next = UINT64_MAX;
    set_gain(&b, id, wanted);
    /* Samples up to 10 beyond the named one; those before VALUE arrived are checked when it is known. */
    static double early[1 << 18];
    const uint64_t early_first = expected;
    while (next == UINT64_MAX || expected < next + 10) {
      const uint8_t *record = bridge_next(&b);
      CHECK(record != NULL);
      if (record[4] == SW_RECORD_VALUE && sw_get64(record + 8) == id)
        next = sw_get64(record + 24);
      if (record[4] != SW_RECORD_BATCH)
        continue;
      sw_batch batch;
      CHECK(sw_batch_read(record, &batch) && batch.first == expected);
      for (uint32_t i = 0; i < batch.count; i++, expected++) {
        CHECK(expected - early_first < sizeof early / sizeof early[0]);
        memcpy(&early[expected - early_first], record + batch.payload + (size_t)i * batch.size,
               sizeof(double));
      }
    }
    for (uint64_t i = early_first; i < expected; i++)
      CHECK(early[i - early_first] == (i < next ? holds : wanted));
    holds = wanted;
  }
  l.stop = true;
  CHECK(pthread_join(thread, NULL) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

/* Sets and changes by the program race; what is told last is what holds. */
static void the_last_value_told_is_the_one_that_holds(void) {
  rig *r = open_rig(NULL, NULL);
  r->knobs.offset = 1; /* from now on the loop tells a change every time */
  CHECK(sw_start(r->driver) == SW_OK);
  loop l = {.rig = r};
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, control, &l) == 0);
  bridge b = bridge_attach(sw_driver_path(r->driver));
  (void)bridge_expect(&b, SW_RECORD_PARAMETER);
  for (uint64_t id = 1; id <= 100; id++) {
    set_gain(&b, id, (double)(id % 10));
    for (bool answered = false; !answered;) {
      const uint8_t *record = bridge_expect(&b, SW_RECORD_VALUE);
      double gain;
      memcpy(&gain, record + 48, sizeof gain);
      answered = sw_get64(record + 8) == id;
      if (answered)
        CHECK(gain == (double)(id % 10));
    }
    /* Nothing older may follow an answer. */
    const uint8_t *record = bridge_expect(&b, SW_RECORD_VALUE);
    double gain;
    memcpy(&gain, record + 48, sizeof gain);
    CHECK(gain == (double)(id % 10));
  }
  l.stop = true;
  CHECK(pthread_join(thread, NULL) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  declares_what_holds();
  applies_at_the_loops_moment_and_names_the_next_sample();
  refuses_what_is_out_of_range_whole();
  refuses_what_does_not_exist();
  merges_sets_of_two_bridges_down_to_the_bit();
  asks_the_program_before_it_applies();
  tells_what_the_program_changed_itself();
  tells_no_change_after_the_set_that_followed_it();
  says_busy_when_too_many_wait();
  a_set_outlives_its_bridge();
  a_withdrawn_channel_governs_nothing();
  refuses_wrong_declarations();
  the_named_sample_is_the_first_with_the_new_value();
  the_last_value_told_is_the_one_that_holds();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
