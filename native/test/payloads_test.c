/* SPDX-License-Identifier: MIT
 *
 * JSON and bytes on their way from the program to its bridges: every payload as it was given, every loss told
 * in its place, and shared channels only where they are understood.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <pthread.h>
#include <string.h>

/* ---- What a bridge sees of one channel ---- */

typedef struct listener {
  uint32_t stream;
  uint64_t expected, got, lost;
} listener;

/* The payload of sample `number`: its number, then so many bytes of it that all lengths occur. */
static uint32_t payload_of(uint64_t number, uint8_t *out) {
  const uint32_t bytes = (uint32_t)(number * 37u % 300u);
  for (uint32_t i = 0; i < bytes; i++)
    out[i] = (uint8_t)(number + i);
  return bytes;
}

static void take(listener *l, const uint8_t *record) {
  if (record[4] == SW_RECORD_GAP) {
    sw_gap gap;
    CHECK(sw_gap_read(record, &gap) && gap.stream == l->stream && gap.from == l->expected);
    l->lost += gap.count;
    l->expected = gap.to + 1;
    return;
  }
  if (record[4] != SW_RECORD_BATCH)
    return;
  sw_batch batch;
  CHECK(sw_batch_read(record, &batch) && batch.stream == l->stream && batch.flags == SW_FLAG_VARIABLE);
  CHECK(batch.first == l->expected && batch.schema == 0);
  const uint8_t *at = record + batch.payload;
  for (uint32_t i = 0; i < batch.count; i++) {
    uint8_t wanted[300];
    const uint32_t bytes = payload_of(batch.first + i, wanted);
    CHECK(sw_get32(record + batch.lengths + 4 * (size_t)i) == bytes);
    CHECK(memcmp(at, wanted, bytes) == 0);
    at += bytes;
  }
  l->got += batch.count;
  l->expected += batch.count;
}

static listener listen_to(bridge *b, uint32_t kind, const char *name, const char *type) {
  const uint8_t *record = bridge_expect(b, SW_RECORD_ADVERTISE);
  CHECK(sw_get32(record + 12) == kind && sw_get32(record + 16) == 0);
  CHECK(sw_get32(record + 20) == strlen(name) && sw_get32(record + 24) == strlen(type));
  CHECK(memcmp(record + 40, name, strlen(name)) == 0);
  CHECK(memcmp(record + 40 + strlen(name), type, strlen(type)) == 0);
  return (listener){.stream = sw_get32(record + 8), .expected = sw_get64(record + 32)};
}

static void take_until(listener *l, bridge *b, uint64_t end) {
  while (l->expected < end) {
    const uint8_t *record = bridge_next(b);
    CHECK(record != NULL);
    take(l, record);
  }
}

enum { PUBLISHED = 50000 };

static void *publish_all(void *context) {
  sw_channel *channel = context;
  for (uint64_t i = 0; i < PUBLISHED; i++) {
    uint8_t payload[300];
    const uint32_t bytes = payload_of(i, payload);
    CHECK(sw_next_sequence(channel) == i);
    const sw_status status = i % 2 == 0 ? sw_publish_bytes(channel, payload, bytes)
                                        : sw_publish_bytes_at(channel, payload, bytes, (int64_t)i);
    CHECK(status == SW_OK || status == SW_RING_FULL);
    if (i % 64 == 0)
      wait_a_little();
  }
  return NULL;
}

static void every_payload_arrives_or_is_told_as_lost(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *channel;
  const sw_channel_options small = {.ring_samples = 256, .ring_bytes = 16384};
  CHECK(sw_advertise_bytes(driver, "frames", "image/x-test", &small, &channel) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  listener l = listen_to(&b, SW_KIND_BYTES, "frames", "image/x-test");
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, publish_all, channel) == 0);
  take_until(&l, &b, PUBLISHED);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(l.got > 0 && l.got + l.lost == PUBLISHED);
  sw_counters counters;
  sw_channel_counters(channel, &counters);
  CHECK(counters.published == PUBLISHED && counters.ring_dropped + counters.link_dropped == l.lost);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

static void a_full_ring_drops_the_newest_by_number_and_by_bytes(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *few;
  sw_channel *narrow;
  static uint8_t payload[2048];
  CHECK(sw_advertise_bytes(driver, "few", "x", &(sw_channel_options){.ring_samples = 4}, &few) == SW_OK);
  CHECK(sw_advertise_bytes(driver, "narrow", "x", &(sw_channel_options){.ring_bytes = 1000}, &narrow) ==
        SW_OK);
  for (int i = 0; i < 4; i++)
    CHECK(sw_publish_bytes(few, NULL, 0) == SW_OK);
  CHECK(sw_publish_bytes(few, NULL, 0) == SW_RING_FULL && sw_next_sequence(few) == 5);
  CHECK(sw_publish_bytes(narrow, payload, 1024) == SW_OK); /* rounded up */
  CHECK(sw_publish_bytes(narrow, payload, 1) == SW_RING_FULL);
  CHECK(sw_publish_bytes(narrow, payload, 0) == SW_OK);
  /* What can never fit is a fault of the program, and no loss. */
  CHECK(sw_publish_bytes(narrow, payload, 1025) == SW_INVALID_ARGUMENT && sw_next_sequence(narrow) == 3);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  (void)listen_to(&b, SW_KIND_BYTES, "few", "x");
  CHECK(sw_publish_bytes(narrow, payload, 1024) == SW_OK); /* the I/O side has emptied it */
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

static void a_payload_of_the_largest_size_arrives(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *channel;
  CHECK(sw_advertise_bytes(driver, "big", "x", NULL, &channel) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  (void)listen_to(&b, SW_KIND_BYTES, "big", "x");
  uint8_t *payload = calloc(1, SW_MAX_SAMPLE_BYTES + 1);
  CHECK(payload != NULL);
  CHECK(sw_publish_bytes(channel, payload, SW_MAX_SAMPLE_BYTES + 1) == SW_INVALID_ARGUMENT);
  payload[SW_MAX_SAMPLE_BYTES - 1] = 7;
  CHECK(sw_publish_bytes(channel, payload, SW_MAX_SAMPLE_BYTES) == SW_OK);
  sw_batch batch;
  const uint8_t *record = bridge_expect(&b, SW_RECORD_BATCH);
  CHECK(sw_batch_read(record, &batch) && batch.payload_bytes == SW_MAX_SAMPLE_BYTES);
  CHECK(record[batch.payload + SW_MAX_SAMPLE_BYTES - 1] == 7);
  free(payload);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
  /* What a small link could not carry cannot be published there. */
  driver = open_test_driver(&(sw_driver_options){.link_bytes = 4096});
  CHECK(sw_advertise_bytes(driver, "big", "x", NULL, &channel) == SW_OK);
  static const uint8_t bytes[4096];
  CHECK(sw_publish_bytes(channel, bytes, 4096) == SW_INVALID_ARGUMENT);
  CHECK(sw_publish_bytes(channel, bytes, 3800) == SW_OK);
  sw_driver_destroy(driver);
}

static void names_kinds_and_content_types_are_held_against_the_rules(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *json;
  sw_channel *bytes;
  sw_channel *other;
  char long_type[257];
  memset(long_type, 'x', sizeof long_type - 1);
  long_type[sizeof long_type - 1] = '\0';
  CHECK(sw_advertise_json(driver, "said", NULL, &json) == SW_OK);
  CHECK(sw_advertise_json(driver, "said", NULL, &other) == SW_NAME_IN_USE);
  CHECK(sw_advertise_json(driver, "/said", NULL, &other) == SW_OK); /* another channel */
  CHECK(sw_advertise_json(driver, "//said", NULL, &other) == SW_NAME_INVALID);
  CHECK(sw_advertise_json(driver, "/", NULL, &other) == SW_NAME_INVALID);
  CHECK(sw_advertise_json(driver, "/a b", NULL, &other) == SW_NAME_INVALID);
  CHECK(sw_advertise_json(NULL, "a", NULL, &other) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise_bytes(driver, "b", "", NULL, &other) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise_bytes(driver, "b", NULL, NULL, &other) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise_bytes(driver, "b", long_type, NULL, &other) == SW_INVALID_ARGUMENT);
  CHECK(sw_advertise_bytes(driver, "b", long_type + 1, NULL, &bytes) == SW_OK);
  const sw_channel_options huge = {.ring_bytes = UINT32_MAX};
  CHECK(sw_advertise_json(driver, "huge", &huge, &other) == SW_INVALID_ARGUMENT);
  struct knobs knobs = good_knobs();
  const sw_parameter_options governs = {.channel = other};
  CHECK(sw_parameter_declare(driver, "knobs", &knobs_type, &knobs, &governs, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_publish_bytes(json, "1", 1) == SW_INVALID_ARGUMENT);
  CHECK(sw_publish_json(bytes, "1", 1) == SW_INVALID_ARGUMENT);
  CHECK(sw_publish(json, "1") == SW_INVALID_ARGUMENT);
  CHECK(sw_publish_json(json, "1", 1) == SW_OK);
  CHECK(sw_publish_json_at(json, "12", 1, 5) == SW_OK);
  CHECK(sw_withdraw(json) == SW_OK && sw_withdraw(bytes) == SW_OK);
  sw_driver_destroy(driver);
}

static void shared_channels_go_to_bridges_that_know_them(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *shared;
  sw_channel *own;
  CHECK(sw_advertise_json(driver, "/action", NULL, &shared) == SW_OK);
  CHECK(sw_advertise_json(driver, "action", NULL, &own) == SW_OK);
  bridge old = bridge_attach_minor(sw_driver_path(driver), 0);
  bridge_pump(&old, driver);
  (void)listen_to(&old, SW_KIND_JSON, "action", "");
  bridge b = bridge_attach_minor(sw_driver_path(driver), 1);
  bridge_pump(&b, driver);
  const listener of_shared = listen_to(&b, SW_KIND_JSON, "/action", "");
  (void)listen_to(&b, SW_KIND_JSON, "action", "");
  static const char text[] = "{\"classification\":10}";
  CHECK(sw_publish_json(shared, text, sizeof text - 1) == SW_OK);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_BATCH);
  sw_batch batch;
  CHECK(sw_batch_read(record, &batch) && batch.stream == of_shared.stream && batch.count == 1);
  CHECK(memcmp(record + batch.payload, text, sizeof text - 1) == 0);
  CHECK(sw_publish_json(own, text, sizeof text - 1) == SW_OK);
  record = bridge_expect(&old, SW_RECORD_BATCH);
  CHECK(sw_batch_read(record, &batch) && batch.stream != of_shared.stream); /* the first that it gets */
  CHECK(sw_withdraw(shared) == SW_OK);
  CHECK(sw_get32(bridge_expect(&b, SW_RECORD_WITHDRAW) + 8) == of_shared.stream);
  sw_driver_destroy(driver);
  bridge_hang_up(&old);
  bridge_hang_up(&b);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  every_payload_arrives_or_is_told_as_lost();
  a_full_ring_drops_the_newest_by_number_and_by_bytes();
  a_payload_of_the_largest_size_arrives();
  names_kinds_and_content_types_are_held_against_the_rules();
  shared_channels_go_to_bridges_that_know_them();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
