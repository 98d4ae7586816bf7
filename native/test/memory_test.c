/* SPDX-License-Identifier: MIT
 *
 * Every single allocation of a driver's life fails once: what fails says so or costs one connection, nothing
 * is lost or used that is not there (the sanitizers see to that), and the driver goes on.
 */
#include "bridge.h"
#include "check.h"
#include "described_schemas.h"
#include "messages.h"
#include "platform.h"

#include <string.h>
#include <structwire/describe.h>
#include <sys/socket.h>

/* The linker sends the SDK's allocations here (CMakeLists.txt). */
// NOLINTBEGIN(bugprone-reserved-identifier)
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void *__real_sw_platform_map(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_sw_platform_map(size_t bytes);

static int left; /* allocations until one fails; negative: none does */

static bool fails(void) {
  if (left < 0)
    return false;
  left--;
  return left < 0;
}

void *__wrap_malloc(size_t bytes) {
  return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
  return fails() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *memory, size_t bytes) {
  return fails() ? NULL : __real_realloc(memory, bytes);
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes) {
  return fails() ? NULL : __real_aligned_alloc(alignment, bytes);
}

void *__wrap_sw_platform_map(size_t bytes) {
  return fails() ? NULL : __real_sw_platform_map(bytes);
}
// NOLINTEND(bugprone-reserved-identifier)

static sw_driver *driver;
static struct knobs knobs;

static void echo(void *context, sw_call call, const void *request) {
  (void)context;
  CHECK(sw_reply(driver, call, request) == SW_OK);
}

static void read_sample(void *context, const sw_arrival *arrival) {
  (void)context;
  CHECK(arrival->channel[0] == 'a' && arrival->bridge[0] == '\0');
}

static void turn(void) {
  for (int i = 0; i < 3; i++) {
    CHECK(sw_poll(driver, 0) == SW_OK);
    (void)sw_apply(driver);
    (void)sw_serve(driver);
  }
}

/* Says everything that a bridge may say, whatever comes back; the driver may have hung up in the middle. */
static void talk(bridge *b) {
  uint8_t said[512] = {0};
  sw_prefix_write(said, 32, SW_RECORD_ATTACH, 0);
  sw_put32(said + 8, SW_MAGIC);
  sw_put16(said + 12, SW_PROTOCOL_MAJOR);
  sw_put16(said + 14, SW_PROTOCOL_MINOR);
  (void)send(b->fd, said, 32, MSG_NOSIGNAL);
  turn();
  const size_t size = sizeof(struct knobs);
  sw_prefix_write(said, (uint32_t)(24 + 2 * size), SW_RECORD_SET, 0);
  sw_put64(said + 8, 1);
  sw_put32(said + 16, 1);
  sw_put32(said + 20, (uint32_t)size);
  (void)send(b->fd, said, 24 + 2 * size, MSG_NOSIGNAL);
  sw_put32(said + 16, 9); /* of nothing: refused */
  sw_put64(said + 8, 2);
  (void)send(b->fd, said, 24 + 2 * size, MSG_NOSIGNAL);
  turn();
  sw_prefix_write(said, 48, SW_RECORD_CALL, 0);
  sw_put32(said + 16, 1);
  sw_put32(said + 20, sizeof(struct sample));
  (void)send(b->fd, said, 48, MSG_NOSIGNAL);
  turn();
  sw_prefix_write(said, SW_PING_BYTES, SW_RECORD_PING, 0);
  (void)send(b->fd, said, SW_PING_BYTES, MSG_NOSIGNAL);
  turn();
  /* A stream for each subscription, a sample, and the end of one. */
  for (uint32_t i = 1; i <= 2; i++) {
    memset(said, 0, sizeof said);
    sw_prefix_write(said, 56, SW_RECORD_STREAM, 0);
    sw_put32(said + 8, i);
    sw_put32(said + 12, i);
    sw_put32(said + 16, SW_KIND_JSON);
    sw_put32(said + 20, 1);
    said[48] = 'a';
    (void)send(b->fd, said, 56, MSG_NOSIGNAL);
    memset(said, 0, sizeof said);
    sw_batch batch = {.stream = i, .count = 1, .flags = SW_FLAG_VARIABLE};
    CHECK(sw_batch_layout(&batch));
    sw_batch_write(said, &batch);
    (void)send(b->fd, said, batch.bytes, MSG_NOSIGNAL);
  }
  turn();
  memset(said, 0, sizeof said);
  sw_prefix_write(said, 24, SW_RECORD_STREAM_END, 0);
  sw_put32(said + 8, 1);
  (void)send(b->fd, said, 24, MSG_NOSIGNAL);
  sw_put32(said + 8, 0);
  sw_put32(said + 12, 2);
  (void)send(b->fd, said, 24, MSG_NOSIGNAL);
  turn();
  /* A beginning so long that the buffer has to grow, then no record at all. */
  static uint8_t large[100000];
  sw_prefix_write(large, sizeof large, SW_RECORD_SET, 0);
  (void)send(b->fd, large, sizeof large, MSG_NOSIGNAL);
  turn();
}

/* Whether everything up to the end of the driver's set-up went well. */
static bool set_up(sw_channel **channel) {
  const sw_driver_options options = {.name = "test", .schema = &test_schema, .link_bytes = 1 << 20};
  sw_status status = sw_driver_create(&options, &driver);
  if (status == SW_OK)
    status = sw_advertise(driver, "state", &sample_type, NULL, channel);
  if (status == SW_OK)
    status = sw_parameter_declare(driver, "knobs", &knobs_type, &knobs, NULL, NULL);
  if (status == SW_OK)
    status = sw_service_declare(driver, "echo", &sample_type, &sample_type, echo, NULL);
  if (status == SW_OK)
    status = sw_subscribe(driver, "a", NULL, read_sample, NULL, NULL);
  if (status == SW_OK)
    status = sw_subscribe(driver, "a/**", &(sw_subscription_options){.latest = 1}, read_sample, NULL, NULL);
  CHECK(status == SW_OK || status == SW_OUT_OF_MEMORY);
  return status == SW_OK;
}

/* A driver's life in which allocation number `failing` fails. Returns whether it came so far. */
static bool live(int failing) {
  driver = NULL;
  knobs = good_knobs();
  sw_channel *channel;
  left = failing;
  if (set_up(&channel)) {
    sw_log(driver, SW_INFO, "up");
    const int before = left;
    left = -1;
    bridge b = bridge_dial(sw_driver_path(driver));
    left = before;
    turn();
    talk(&b);
    const struct sample sample = {.value = 1};
    CHECK(sw_publish(channel, &sample) == SW_OK);
    sw_channel *other;
    const sw_status status = sw_advertise_bytes(driver, "/other", "x", NULL, &other);
    CHECK(status == SW_OK || status == SW_OUT_OF_MEMORY);
    turn();
    if (status == SW_OK)
      CHECK(sw_publish_bytes(other, "x", 1) == SW_OK && sw_withdraw(other) == SW_OK);
    turn();
    bridge_hang_up(&b);
    turn();
    /* The next bridge is served as if nothing had been. */
    const bool failed = left < 0;
    left = failed ? -1 : left;
    if (failed) {
      b = bridge_attach(sw_driver_path(driver));
      bridge_pump(&b, driver);
      (void)bridge_expect(&b, SW_RECORD_SERVICE);
      bridge_hang_up(&b);
    }
  }
  const bool failed = left < 0;
  sw_driver_destroy(driver);
  left = -1;
  return failed;
}

/* The schema of types that describe themselves, with allocation number `failing` failing. Returns whether it
 * came so far. */
static bool describe(int failing) {
  char reason[256];
  left = failing;
  const sw_status status = sw_schema_check(described_c_schema(), reason);
  const bool failed = left < 0;
  left = -1;
  CHECK(status == (failed ? SW_OUT_OF_MEMORY : SW_OK));
  return failed;
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  int lives = 0;
  while (live(lives))
    lives++;
  CHECK(lives > 40);
  int descriptions = 0;
  while (describe(descriptions))
    descriptions++;
  CHECK(descriptions > 100);
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
