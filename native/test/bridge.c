/* SPDX-License-Identifier: MIT
 *
 * The bridge of the tests and what surrounds a test of the driver.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { IN_BYTES = 1 << 23, TIMEOUT_MS = 300000 };

bridge bridge_dial(const char *path) {
  bridge b = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), .in = malloc(IN_BYTES)};
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  CHECK(b.fd >= 0 && b.in != NULL && strlen(path) < sizeof address.sun_path);
  memcpy(address.sun_path, path, strlen(path) + 1);
  CHECK(connect(b.fd, (const struct sockaddr *)&address, sizeof address) == 0);
  return b;
}

void bridge_send(bridge *b, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  while (count > 0) {
    const ssize_t sent = send(b->fd, at, count, MSG_NOSIGNAL);
    CHECK(sent > 0);
    at += sent;
    count -= (size_t)sent;
  }
}

static void send_attach(bridge *b, uint32_t magic, uint16_t major, uint16_t minor) {
  uint8_t record[32] = {0};
  sw_prefix_write(record, sizeof record, SW_RECORD_ATTACH, 0);
  sw_put32(record + 8, magic);
  sw_put16(record + 12, major);
  sw_put16(record + 14, minor);
  sw_put32(record + 16, 4);
  memcpy(record + 24, "test", sizeof "test");
  bridge_send(b, record, sizeof record);
}

bridge bridge_attach_minor(const char *path, uint16_t minor) {
  bridge b = bridge_dial(path);
  send_attach(&b, SW_MAGIC, SW_PROTOCOL_MAJOR, minor);
  return b;
}

bridge bridge_attach(const char *path) {
  return bridge_attach_minor(path, SW_PROTOCOL_MINOR);
}

void bridge_hang_up(bridge *b) {
  (void)close(b->fd);
  free(b->in);
  memset(b, 0, sizeof *b);
  b->fd = -1;
}

void bridge_pump(bridge *b, sw_driver *driver) {
  b->driver = driver;
}

/* Waits for bytes; false at the end of the stream. */
static bool receive_more(bridge *b) {
  memmove(b->in, b->in + b->taken, b->used - b->taken);
  b->used -= b->taken;
  b->taken = 0;
  CHECK(b->used < IN_BYTES);
  struct pollfd ready = {.fd = b->fd, .events = POLLIN};
  int waited = 0;
  while (poll(&ready, 1, b->driver != NULL ? 0 : TIMEOUT_MS) == 0) {
    CHECK(b->driver != NULL && waited++ < TIMEOUT_MS);
    CHECK(sw_poll((sw_driver *)b->driver, 1) == SW_OK);
  }
  const ssize_t got = recv(b->fd, b->in + b->used, IN_BYTES - b->used, 0);
  if (got <= 0) {
    CHECK(got == 0 || errno == ECONNRESET);
    return false;
  }
  b->used += (size_t)got;
  return true;
}

const uint8_t *bridge_next(bridge *b) {
  for (;;) {
    sw_prefix prefix;
    const sw_parse parse = sw_prefix_read(b->in + b->taken, b->used - b->taken, SW_MAX_RECORD_BYTES, &prefix);
    CHECK(parse != SW_PARSE_BAD);
    if (parse == SW_PARSE_RECORD) {
      const uint8_t *record = b->in + b->taken;
      b->taken += prefix.bytes;
      return record;
    }
    if (!receive_more(b)) {
      CHECK(b->used == b->taken); /* never in the middle of a record */
      return NULL;
    }
  }
}

const uint8_t *bridge_expect(bridge *b, uint32_t type) {
  for (;;) {
    const uint8_t *record = bridge_next(b);
    CHECK(record != NULL);
    if (record[4] == type)
      return record;
  }
}

bool bridge_sees_end(bridge *b, sw_status code) {
  bool seen = false;
  for (;;) {
    const uint8_t *record = bridge_next(b);
    if (record == NULL)
      return seen;
    if (seen)
      return false;
    seen = record[4] == SW_RECORD_END && sw_get32(record + 8) == (uint32_t)code;
  }
}

void bridge_send_attach(bridge *b, uint32_t magic, uint16_t major) {
  send_attach(b, magic, major, SW_PROTOCOL_MINOR);
}

static void send_request(bridge *b, uint32_t type, uint64_t id, uint32_t target, const void *first,
                         const void *second, uint32_t size) {
  const size_t part = sw_pad8(size);
  const size_t bytes = SW_SET_HEADER_BYTES + part * (second != NULL ? 2 : 1);
  uint8_t *record = calloc(1, bytes);
  CHECK(record != NULL);
  sw_prefix_write(record, (uint32_t)bytes, type, 0);
  sw_put64(record + 8, id);
  sw_put32(record + 16, target);
  sw_put32(record + 20, size);
  if (size > 0)
    memcpy(record + SW_SET_HEADER_BYTES, first, size);
  if (second != NULL)
    memcpy(record + SW_SET_HEADER_BYTES + part, second, size);
  bridge_send(b, record, bytes);
  free(record);
}

void bridge_set(bridge *b, uint64_t id, uint32_t parameter, const void *value, const void *mask,
                uint32_t size) {
  send_request(b, SW_RECORD_SET, id, parameter, value, mask, size);
}

void bridge_call(bridge *b, uint64_t id, uint32_t service, const void *request, uint32_t size) {
  send_request(b, SW_RECORD_CALL, id, service, request, NULL, size);
}

void bridge_cancel(bridge *b, uint64_t id) {
  uint8_t record[SW_CANCEL_BYTES];
  sw_prefix_write(record, sizeof record, SW_RECORD_CANCEL, 0);
  sw_put64(record + 8, id);
  bridge_send(b, record, sizeof record);
}

/* Writes a text without its terminator; returns where it ends. */
static uint8_t *put_text(uint8_t *at, const char *text) {
  while (*text != '\0')
    *at++ = (uint8_t)*text++;
  return at;
}

/* A fixed part, then two texts behind each other. */
static void send_texts(bridge *b, uint8_t *record, uint32_t header, uint32_t type, const char *first,
                       const char *second) {
  const size_t bytes = sw_pad8(header + strlen(first) + strlen(second));
  sw_prefix_write(record, (uint32_t)bytes, type, 0);
  put_text(put_text(record + header, first), second);
  bridge_send(b, record, bytes);
}

void bridge_stream(bridge *b, uint32_t stream, uint32_t subscription, const char *name, const char *type,
                   uint64_t next) {
  uint8_t record[1024] = {0};
  sw_put32(record + 8, stream);
  sw_put32(record + 12, subscription);
  sw_put32(record + 16, type[0] == '\0' ? SW_KIND_JSON : SW_KIND_BYTES);
  sw_put32(record + 20, (uint32_t)strlen(name));
  sw_put32(record + 24, (uint32_t)strlen(type));
  sw_put64(record + 32, BRIDGE_EPOCH);
  sw_put64(record + 40, next);
  send_texts(b, record, SW_STREAM_HEADER_BYTES, SW_RECORD_STREAM, name, type);
}

void bridge_stream_end(bridge *b, uint32_t stream, uint32_t subscription, sw_status code, const char *text) {
  uint8_t record[1024] = {0};
  sw_put32(record + 8, stream);
  sw_put32(record + 12, subscription);
  sw_put32(record + 16, (uint32_t)code);
  sw_put32(record + 20, (uint32_t)strlen(text));
  send_texts(b, record, SW_STREAM_END_HEADER_BYTES, SW_RECORD_STREAM_END, text, "");
}

void bridge_texts(bridge *b, uint32_t stream, uint64_t first, uint32_t count, const char *const *texts) {
  sw_batch batch = {
      .stream = stream, .schema = 5, .flags = SW_FLAG_VARIABLE, .epoch = BRIDGE_EPOCH, .first = first};
  batch.count = count;
  for (uint32_t i = 0; i < count; i++)
    batch.payload_bytes += (uint32_t)strlen(texts[i]);
  CHECK(sw_batch_layout(&batch));
  uint8_t *record = calloc(1, batch.bytes);
  CHECK(record != NULL);
  sw_batch_write(record, &batch);
  uint8_t *at = record + batch.payload;
  for (uint32_t i = 0; i < count; i++) {
    const size_t length = strlen(texts[i]);
    sw_put64(record + batch.times + 8u * (size_t)i, (first + i) * 1000u);
    sw_put32(record + batch.lengths + 4u * (size_t)i, (uint32_t)length);
    memcpy(at, texts[i], length);
    at += length;
  }
  bridge_send(b, record, batch.bytes);
  free(record);
}

void bridge_gap(bridge *b, uint32_t stream, uint64_t from, uint64_t to, uint32_t reason) {
  const sw_gap gap = {stream, reason, BRIDGE_EPOCH, from, to, to - from + 1u};
  uint8_t record[SW_GAP_BYTES];
  sw_gap_write(record, &gap);
  bridge_send(b, record, sizeof record);
}

bool bridge_sees_refusal(bridge *b, uint64_t id, sw_status code) {
  const uint8_t *record = bridge_expect(b, SW_RECORD_REFUSE);
  return sw_get64(record + 8) == id && sw_get32(record + 16) == (uint32_t)code && sw_get32(record + 20) > 0;
}

static char folder[64];

void set_variable(const char *name, const char *value) {
  /* The tests set variables only while they have one thread. */
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  CHECK((value != NULL ? setenv(name, value, 1) : unsetenv(name)) == 0);
}

void make_runtime_folder(void) {
  memcpy(folder, "/tmp/structwire-test-XXXXXX", sizeof "/tmp/structwire-test-XXXXXX");
  CHECK(mkdtemp(folder) != NULL);
  set_variable("STRUCTWIRE_RUNTIME_DIR", folder);
}

const char *runtime_folder(void) {
  return folder;
}

void remove_runtime_folder(void) {
  char drivers[sizeof folder + 16];
  (void)snprintf(drivers, sizeof drivers, "%s/drivers", folder);
  CHECK(rmdir(drivers) == 0 || errno == ENOENT); /* so every driver has removed its socket and lock */
  CHECK(rmdir(folder) == 0);
}

int open_descriptors(void) {
  DIR *listing = opendir("/proc/self/fd");
  CHECK(listing != NULL);
  int count = 0;
  while (readdir(listing) != NULL) // NOLINT(concurrency-mt-unsafe): a listing of its own
    count++;
  (void)closedir(listing);
  return count;
}

sw_driver *open_test_driver(const sw_driver_options *more) {
  sw_driver_options options = {0};
  if (more != NULL)
    options = *more;
  if (options.name == NULL)
    options.name = "test";
  options.schema = &test_schema;
  sw_driver *driver = NULL;
  CHECK(sw_driver_create(&options, &driver) == SW_OK);
  return driver;
}

void wait_a_little(void) {
  (void)poll(NULL, 0, 1);
}
