/* SPDX-License-Identifier: MIT
 *
 * Bridges that break the rules: each loses its connection, with END and a code where that is possible, and
 * nobody else notices. The seeds of the fuzzer are these.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static sw_driver *driver;
static bridge witness; /* sees that the driver goes on */
static struct knobs knobs;

static uint64_t samples, lost;

static void read_sample(void *context, const sw_arrival *arrival) {
  (void)context;
  samples += arrival->happened == SW_SAMPLE;
  lost += arrival->happened == SW_LOST ? arrival->lost : 0;
}

static void answer(void *context, sw_call call, const void *request) {
  (void)context;
  (void)sw_reply(driver, call, request);
}

static void open_driver(void) {
  driver = open_test_driver(NULL);
  knobs = good_knobs();
  sw_channel *channel;
  CHECK(sw_advertise(driver, "state", &sample_type, NULL, &channel) == SW_OK);
  CHECK(sw_parameter_declare(driver, "knobs", &knobs_type, &knobs, NULL, NULL) == SW_OK);
  CHECK(sw_service_declare(driver, "echo", &sample_type, &sample_type, answer, NULL) == SW_OK);
  CHECK(sw_subscribe(driver, "a/*", NULL, read_sample, NULL, NULL) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  witness = bridge_attach(sw_driver_path(driver));
  (void)bridge_expect(&witness, SW_RECORD_SERVICE);
}

static void ping(bridge *b, uint64_t id) {
  uint8_t record[SW_PING_BYTES] = {0};
  sw_prefix_write(record, sizeof record, SW_RECORD_PING, 0);
  sw_put64(record + 8, id);
  bridge_send(b, record, sizeof record);
}

/* The driver answers another bridge as if nothing had been. */
static void goes_on(void) {
  static uint64_t id = 0;
  ping(&witness, ++id);
  const uint8_t *pong = bridge_expect(&witness, SW_RECORD_PONG);
  CHECK(sw_get64(pong + 8) == id);
}

static bridge dial(void) {
  bridge b = bridge_dial(sw_driver_path(driver));
  CHECK(bridge_expect(&b, SW_RECORD_HELLO) != NULL);
  return b;
}

static bridge attach(void) {
  bridge b = bridge_attach(sw_driver_path(driver));
  (void)bridge_expect(&b, SW_RECORD_SERVICE);
  return b;
}

/* Sends bytes that break the rules and sees END with `code`. */
static void expect_end(bridge b, const void *bytes, size_t count, sw_status code) {
  bridge_send(&b, bytes, count);
  CHECK(bridge_sees_end(&b, code));
  bridge_hang_up(&b);
  goes_on();
}

static void other_versions(void) {
  bridge b = dial();
  bridge_send_attach(&b, SW_MAGIC, 2);
  CHECK(bridge_sees_end(&b, SW_VERSION_MISMATCH));
  bridge_hang_up(&b);
  b = dial();
  bridge_send_attach(&b, 0x12345678, 1);
  CHECK(bridge_sees_end(&b, SW_VERSION_MISMATCH));
  bridge_hang_up(&b);
  goes_on();
}

static void a_later_minor_version_is_taken(void) {
  uint8_t record[48] = {0};
  sw_prefix_write(record, sizeof record, SW_RECORD_ATTACH, 0);
  sw_put32(record + 8, SW_MAGIC);
  sw_put16(record + 12, 1);
  sw_put16(record + 14, 7); /* and it says more than this version knows */
  bridge b = dial();
  bridge_send(&b, record, sizeof record);
  (void)bridge_expect(&b, SW_RECORD_SERVICE);
  bridge_hang_up(&b);
}

static void garbage_instead_of_attach(void) {
  static const char text[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  expect_end(dial(), text, sizeof text - 1, SW_BAD_RECORD);
  uint8_t bytes[64];
  memset(bytes, 0, sizeof bytes);
  expect_end(dial(), bytes, sizeof bytes, SW_BAD_RECORD);
  memset(bytes, 0xff, sizeof bytes);
  expect_end(dial(), bytes, sizeof bytes, SW_BAD_RECORD);
  /* A record that would be fine later. */
  memset(bytes, 0, sizeof bytes);
  sw_prefix_write(bytes, SW_PING_BYTES, SW_RECORD_PING, 0);
  expect_end(dial(), bytes, SW_PING_BYTES, SW_BAD_RECORD);
  /* An ATTACH that is too large, too short, or whose name does not fit. */
  sw_prefix_write(bytes, 1 << 20, SW_RECORD_ATTACH, 0);
  expect_end(dial(), bytes, 24, SW_BAD_RECORD);
  sw_prefix_write(bytes, 16, SW_RECORD_ATTACH, 0);
  expect_end(dial(), bytes, 16, SW_BAD_RECORD);
  sw_prefix_write(bytes, 32, SW_RECORD_ATTACH, 0);
  sw_put32(bytes + 8, SW_MAGIC);
  sw_put16(bytes + 12, 1);
  sw_put32(bytes + 16, 9);
  expect_end(dial(), bytes, 32, SW_BAD_RECORD);
  sw_put32(bytes + 16, UINT32_MAX);
  expect_end(dial(), bytes, 32, SW_BAD_RECORD);
}

static void records_that_do_not_belong_here(void) {
  uint8_t record[32];
  for (uint32_t type = 0; type < 256; type++) {
    const bool belongs = type == SW_RECORD_SET || type == SW_RECORD_CALL || type == SW_RECORD_CANCEL ||
                         type == SW_RECORD_PING || type == SW_RECORD_PONG || type == SW_RECORD_END;
    if (belongs)
      continue;
    memset(record, 0, sizeof record);
    sw_prefix_write(record, sizeof record, type, 0);
    expect_end(attach(), record, sizeof record, SW_BAD_RECORD);
  }
}

static void requests_that_do_not_fit(void) {
  uint8_t record[4096] = {0};
  /* Ids of 0, and one that is in use. */
  sw_prefix_write(record, 24, SW_RECORD_SET, 0);
  sw_put32(record + 16, 1);
  expect_end(attach(), record, 24, SW_BAD_RECORD);
  sw_prefix_write(record, 24, SW_RECORD_CALL, 0);
  expect_end(attach(), record, 24, SW_BAD_RECORD);
  bridge b = attach();
  const struct sample sample = {.tag = 1};
  bridge_call(&b, 7, 1, &sample, sizeof sample);
  bridge_call(&b, 7, 1, &sample, sizeof sample);
  CHECK(bridge_sees_end(&b, SW_BAD_RECORD));
  bridge_hang_up(&b);
  CHECK(sw_serve(driver) == 0); /* the caller is gone */
  /* Sizes that are not those of the record. */
  sw_put64(record + 8, 1);
  static const uint32_t sizes[] = {1, 4040, 4080, SW_MAX_SAMPLE_BYTES, SW_MAX_SAMPLE_BYTES + 1, UINT32_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    sw_put32(record + 20, sizes[i]);
    sw_prefix_write(record, sizeof record, SW_RECORD_SET, 0);
    expect_end(attach(), record, sizeof record, SW_BAD_RECORD);
    sw_prefix_write(record, sizeof record, SW_RECORD_CALL, 0);
    expect_end(attach(), record, sizeof record, SW_BAD_RECORD);
  }
  for (uint32_t type = SW_RECORD_SET; type <= SW_RECORD_CANCEL; type++) {
    sw_prefix_write(record, 8, type, 0);
    expect_end(attach(), record, 8, SW_BAD_RECORD);
  }
  sw_prefix_write(record, 24, SW_RECORD_PING, 0);
  expect_end(attach(), record, 24, SW_BAD_RECORD);
  /* A length beyond the limit is refused before anything is kept for it. */
  sw_prefix_write(record, SW_MAX_CONTROL_BYTES + 8, SW_RECORD_SET, 0);
  expect_end(attach(), record, 8, SW_BAD_RECORD);
}

/* A bridge that has begun the stream 5, `a/b`, for the one subscription. */
static bridge attach_streaming(void) {
  bridge b = attach();
  bridge_stream(&b, 5, 1, "a/b", "", 100);
  return b;
}

static void expect_end_of_stream(bridge b) {
  CHECK(bridge_sees_end(&b, SW_BAD_RECORD));
  bridge_hang_up(&b);
  goes_on();
}

/* A STREAM of `bytes` with these numbers behind its prefix. */
static void expect_no_stream(const uint32_t numbers[6], const char *text, uint32_t bytes) {
  uint8_t record[4096] = {0};
  bridge b = attach_streaming();
  sw_prefix_write(record, bytes, SW_RECORD_STREAM, 0);
  for (size_t i = 0; i < 6; i++)
    sw_put32(record + 8 + 4 * i, numbers[i]);
  for (size_t i = 0; text[i] != '\0'; i++)
    record[SW_STREAM_HEADER_BYTES + i] = (uint8_t)text[i];
  expect_end(b, record, bytes, SW_BAD_RECORD);
}

static void streams_that_do_not_fit(void) {
  expect_no_stream((uint32_t[]){0, 1, 2, 3, 0, 0}, "a/c", 56);          /* without an id */
  expect_no_stream((uint32_t[]){5, 1, 2, 3, 0, 0}, "a/c", 56);          /* in use */
  expect_no_stream((uint32_t[]){4, 1, 2, 3, 0, 0}, "a/c", 56);          /* going back */
  expect_no_stream((uint32_t[]){6, 2, 2, 3, 0, 0}, "a/c", 56);          /* not asked for */
  expect_no_stream((uint32_t[]){6, 1, 0, 3, 0, 0}, "a/c", 56);          /* of no kind */
  expect_no_stream((uint32_t[]){6, 1, 4, 3, 0, 0}, "a/c", 56);          /* of no kind */
  expect_no_stream((uint32_t[]){6, 1, 2, 2, 1, 0}, "a/c", 56);          /* JSON with a content type */
  expect_no_stream((uint32_t[]){6, 1, 3, 3, 0, 0}, "a/c", 56);          /* bytes without one */
  expect_no_stream((uint32_t[]){6, 1, 3, 3, 1, 0}, "a/c\n", 56);        /* one that cannot be printed */
  expect_no_stream((uint32_t[]){6, 1, 2, 3, 0, 0}, "a//", 56);          /* without a name */
  expect_no_stream((uint32_t[]){6, 1, 2, 3, 0, 0}, "a/", 56);           /* with a zero in it */
  expect_no_stream((uint32_t[]){6, 1, 2, 0, 0, 0}, "", 48);             /* empty */
  expect_no_stream((uint32_t[]){6, 1, 2, 3, 0, 0}, "a/c", 64);          /* longer than it says */
  expect_no_stream((uint32_t[]){6, 1, 2, 9, 0, 0}, "a/c", 56);          /* shorter */
  expect_no_stream((uint32_t[]){6, 1, 2, 256, 0, 0}, "a", 304);         /* too long */
  expect_no_stream((uint32_t[]){6, 1, 3, UINT32_MAX, 9, 0}, "a/c", 56); /* a sum that wraps */
  expect_no_stream((uint32_t[]){6, 1, 3, 3, UINT32_MAX, 0}, "a/c", 56);
  bridge b = attach_streaming();
  bridge_stream_end(&b, 6, 1, SW_OK, ""); /* of a stream that is not there */
  expect_end_of_stream(b);
  b = attach_streaming();
  bridge_stream_end(&b, 0, 2, SW_OK, ""); /* of a subscription that is not there */
  expect_end_of_stream(b);
  b = attach_streaming();
  bridge_stream_end(&b, 0, 1, SW_OK, ""); /* twice */
  bridge_stream_end(&b, 0, 1, SW_OK, "");
  expect_end_of_stream(b);
  uint8_t record[64] = {0};
  sw_prefix_write(record, 24, SW_RECORD_STREAM_END, 0);
  sw_put32(record + 8, 5);
  sw_put32(record + 20, UINT32_MAX);
  expect_end(attach_streaming(), record, 24, SW_BAD_RECORD);
}

static void samples_that_do_not_fit(void) {
  static const char *const texts[] = {"1", "2", "3"};
  static const uint32_t streams[] = {0, 4, 6, UINT32_MAX};
  for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
    bridge b = attach_streaming();
    bridge_texts(&b, streams[i], 100, 3, texts);
    expect_end_of_stream(b);
    b = attach_streaming();
    bridge_gap(&b, streams[i], 100, 101, SW_GAP_UNKNOWN);
    expect_end_of_stream(b);
  }
  /* Going back. */
  bridge b = attach_streaming();
  bridge_texts(&b, 5, 100, 3, texts);
  bridge_texts(&b, 5, 102, 1, texts);
  expect_end_of_stream(b);
  b = attach_streaming();
  bridge_gap(&b, 5, 100, 200, SW_GAP_UNKNOWN);
  bridge_gap(&b, 5, 200, 201, SW_GAP_UNKNOWN);
  expect_end_of_stream(b);
  b = attach_streaming();
  bridge_stream_end(&b, 5, 1, SW_OK, "");
  bridge_texts(&b, 5, 103, 1, texts);
  expect_end_of_stream(b);
  /* Structs, and another life. */
  uint8_t record[56] = {0};
  sw_batch batch = {.stream = 5, .count = 1, .size = 8, .epoch = BRIDGE_EPOCH, .first = 100};
  CHECK(sw_batch_layout(&batch) && batch.bytes == sizeof record);
  sw_batch_write(record, &batch);
  expect_end(attach_streaming(), record, sizeof record, SW_BAD_RECORD);
  batch = (sw_batch){.stream = 5, .count = 1, .flags = SW_FLAG_VARIABLE, .epoch = 1, .first = 100};
  CHECK(sw_batch_layout(&batch) && batch.bytes == sizeof record);
  sw_batch_write(record, &batch);
  expect_end(attach_streaming(), record, sizeof record, SW_BAD_RECORD);
  (void)sw_apply(driver);
}

/* Streams, samples and gaps without end for a program that takes nothing; and again after coming back. */
static void one_that_sends_more_than_is_taken(void) {
  static const char *const texts[] = {"1"};
  enum { ROUNDS = 20, EACH = 2000 };
  samples = lost = 0;
  for (int round = 0; round < ROUNDS; round++) {
    bridge b = attach();
    for (uint32_t i = 0; i < EACH; i++) {
      bridge_stream(&b, 2 * i + 1, 1, "a/b", "", 0);
      bridge_texts(&b, 2 * i + 1, 0, 1, texts);
      bridge_gap(&b, 2 * i + 1, 1, 7, SW_GAP_RING_FULL);
      if (i % 2 == 0)
        bridge_stream_end(&b, 2 * i + 1, 1, SW_OK, "");
    }
    ping(&b, 9);
    (void)bridge_expect(&b, SW_RECORD_PONG);
    bridge_hang_up(&b);
    goes_on();
  }
  /* What was handed on is at most what the queue holds; the rest was never begun for the program. */
  (void)sw_apply(driver);
  CHECK(samples > 0 && samples <= 4096);
  /* With room it all goes on. */
  bridge b = attach_streaming();
  bridge_texts(&b, 5, 100, 1, texts);
  const uint64_t before = samples;
  WAIT_UNTIL(((void)sw_apply(driver), samples > before));
  bridge_hang_up(&b);
  goes_on();
}

/* Everything that a bridge says, ended at every byte. */
static void conversations_cut_at_every_byte(void) {
  uint8_t said[512] = {0};
  size_t count = 0;
  sw_prefix_write(said, 32, SW_RECORD_ATTACH, 0);
  sw_put32(said + 8, SW_MAGIC);
  sw_put16(said + 12, 1);
  sw_put32(said + 16, 4);
  memcpy(said + 24, "test", sizeof "test");
  count = 32;
  const uint32_t set_bytes = (uint32_t)(24 + 2 * sw_pad8(sizeof(struct knobs)));
  sw_prefix_write(said + count, set_bytes, SW_RECORD_SET, 0);
  sw_put64(said + count + 8, 1);
  sw_put32(said + count + 16, 1);
  sw_put32(said + count + 20, sizeof(struct knobs));
  count += set_bytes;
  sw_prefix_write(said + count, 48, SW_RECORD_CALL, 0);
  sw_put64(said + count + 8, 2);
  sw_put32(said + count + 16, 1);
  sw_put32(said + count + 20, sizeof(struct sample));
  count += 48;
  sw_prefix_write(said + count, 16, SW_RECORD_CANCEL, 0);
  sw_put64(said + count + 8, 2);
  count += 16;
  sw_prefix_write(said + count, 16, SW_RECORD_END, 0);
  count += 16;
  CHECK(count <= sizeof said);
  for (size_t cut = 0; cut < count; cut++) {
    bridge b = bridge_dial(sw_driver_path(driver));
    bridge_send(&b, said, cut);
    CHECK(shutdown(b.fd, SHUT_WR) == 0);
    while (bridge_next(&b) != NULL) {
    }
    bridge_hang_up(&b);
    (void)sw_apply(driver);
    (void)sw_serve(driver);
  }
  goes_on();
  /* The same in pieces of one byte. */
  bridge b = bridge_dial(sw_driver_path(driver));
  for (size_t i = 0; i < count - 16; i++)
    bridge_send(&b, said + i, 1);
  WAIT_UNTIL(sw_apply(driver) == 1);
  CHECK(sw_get64(bridge_expect(&b, SW_RECORD_VALUE) + 8) == 1);
  bridge_hang_up(&b);
  goes_on();
}

/* Asks and asks and never reads the answers. */
static void one_that_never_reads_answers(void) {
  bridge b = attach();
  uint8_t pings[SW_PING_BYTES * 512];
  memset(pings, 0, sizeof pings);
  for (size_t i = 0; i < 512; i++)
    sw_prefix_write(pings + i * SW_PING_BYTES, SW_PING_BYTES, SW_RECORD_PING, 0);
  size_t taken = 0;
  for (int full = 0; full < 100;) {
    const ssize_t sent = send(b.fd, pings, sizeof pings, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
      taken += (size_t)sent - (size_t)sent % SW_PING_BYTES;
    CHECK(sent < 0 || sent % SW_PING_BYTES == 0); /* else the test would send half a record */
    full = sent > 0 ? 0 : full + 1;
    if (sent < 0)
      wait_a_little();
    CHECK(taken < 64u << 20); /* the driver must stop taking them */
  }
  goes_on();
  bridge_hang_up(&b);
  goes_on();
}

/* Connects and says nothing: what is published goes on to the others, and it holds up no end. */
static void one_that_says_nothing(void) {
  bridge b = dial();
  goes_on();
  struct pollfd ready = {.fd = b.fd, .events = POLLIN};
  CHECK(poll(&ready, 1, 20) == 0); /* nothing before ATTACH */
  bridge_hang_up(&b);
}

/* The beginning of a connection, without reading anything of it. */
static bridge attach_unread(sw_driver *to) {
  bridge b = bridge_dial(sw_driver_path(to));
  bridge_send_attach(&b, SW_MAGIC, SW_PROTOCOL_MAJOR);
  for (int i = 0; i < 3; i++)
    CHECK(sw_poll(to, 0) == SW_OK);
  return b;
}

/* What a driver declares at the beginning is as long as it is; what comes later is bounded all the same. */
static void a_bridge_that_never_reads_keeps_no_channels_that_come_and_go(void) {
  static struct image images[100];
  sw_driver *busy = open_test_driver(&(sw_driver_options){.name = "busy"});
  for (int i = 0; i < 100; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "image%d", i);
    CHECK(sw_parameter_declare(busy, name, &image_type, &images[i], NULL, NULL) == SW_OK);
  }
  CHECK(sw_poll(busy, 0) == SW_OK);
  const int before = open_descriptors();
  bridge b = attach_unread(busy);
  char long_name[201];
  memset(long_name, 'x', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  for (int i = 0; i < 5000; i++) {
    sw_channel *channel;
    CHECK(sw_advertise(busy, long_name, &sample_type, NULL, &channel) == SW_OK);
    CHECK(sw_poll(busy, 0) == SW_OK);
    CHECK(sw_withdraw(channel) == SW_OK);
    CHECK(sw_poll(busy, 0) == SW_OK);
  }
  /* The connection goes: of the two ends ours alone is left. */
  for (int tries = 0; open_descriptors() > before + 1; tries++)
    CHECK(tries < 500 && sw_poll(busy, 10) == SW_OK);
  bridge_hang_up(&b);
  sw_driver_destroy(busy);
}

static void one_that_is_ended_hears_why_though_a_channel_leaves_meanwhile(void) {
  static const struct image image;
  sw_driver *full = open_test_driver(&(sw_driver_options){.name = "full"});
  sw_channel *channel;
  CHECK(sw_advertise(full, "camera", &image_type, NULL, &channel) == SW_OK);
  bridge b = attach_unread(full);
  /* Until the kernel takes no more. */
  for (int i = 0; i < 200; i++) {
    CHECK(sw_publish(channel, &image) == SW_OK);
    CHECK(sw_poll(full, 2) == SW_OK);
  }
  const uint8_t garbage[64] = {0};
  bridge_send(&b, garbage, sizeof garbage);
  CHECK(sw_poll(full, 0) == SW_OK);
  CHECK(sw_withdraw(channel) == SW_OK);
  CHECK(sw_poll(full, 0) == SW_OK);
  bridge_pump(&b, full);
  CHECK(bridge_sees_end(&b, SW_BAD_RECORD));
  bridge_hang_up(&b);
  sw_driver_destroy(full);
}

/* More than a bridge may leave unread, but it has had no time to read. */
static void a_bridge_that_reads_takes_all_channels_at_once(void) {
  enum { CHANNELS = 4000 };
  sw_driver *many = open_test_driver(&(sw_driver_options){.name = "many"});
  bridge b = attach_unread(many);
  for (int i = 0; i < CHANNELS; i++) {
    char name[241];
    const int length = snprintf(name, sizeof name, "%d", i);
    memset(name + length, 'x', sizeof name - 1 - (size_t)length);
    name[sizeof name - 1] = '\0';
    sw_channel *channel;
    const sw_channel_options options = {.ring_samples = 8};
    CHECK(sw_advertise(many, name, &sample_type, &options, &channel) == SW_OK);
  }
  CHECK(sw_poll(many, 0) == SW_OK);
  bridge_pump(&b, many);
  for (int i = 0; i < CHANNELS; i++)
    (void)bridge_expect(&b, SW_RECORD_ADVERTISE);
  bridge_hang_up(&b);
  sw_driver_destroy(many);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  open_driver();
  other_versions();
  a_later_minor_version_is_taken();
  garbage_instead_of_attach();
  records_that_do_not_belong_here();
  requests_that_do_not_fit();
  streams_that_do_not_fit();
  samples_that_do_not_fit();
  one_that_sends_more_than_is_taken();
  conversations_cut_at_every_byte();
  one_that_never_reads_answers();
  one_that_says_nothing();
  a_bridge_that_never_reads_keeps_no_channels_that_come_and_go();
  one_that_is_ended_hears_why_though_a_channel_leaves_meanwhile();
  a_bridge_that_reads_takes_all_channels_at_once();
  sw_driver_destroy(driver);
  CHECK(bridge_sees_end(&witness, SW_OK));
  bridge_hang_up(&witness);
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
