/* SPDX-License-Identifier: MIT
 *
 * A bridge that sends whatever the fuzzer thinks of, in pieces as large as the input says, to a driver with a
 * channel, a parameter, services and subscriptions; whatever it sends, the driver goes on. The connection is
 * a socket pair, adopted as if it had been accepted.
 */
#include "driver.h"
#include "messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

typedef struct rig {
  sw_driver *driver;
  sw_channel *channel, *said;
  sw_parameter *parameter;
  struct knobs knobs;
  sw_call kept;
} rig;

static void require(bool condition) {
  if (!condition)
    abort();
}

static void answer(void *context, sw_call call, const void *request) {
  rig *r = context;
  require(sw_reply(r->driver, call, request) == SW_OK);
}

/* Answers a call when the next one comes, so that some wait when their bridge goes. */
static void answer_late(void *context, sw_call call, const void *request) {
  rig *r = context;
  (void)request;
  if (r->kept != 0)
    (void)sw_fail(r->driver, r->kept, SW_SERVICE_FAILED, "late");
  r->kept = call;
}

/* Looks at all that it is given. */
static void read_sample(void *context, const sw_arrival *arrival) {
  rig *r = context;
  double value;
  require(strlen(arrival->channel) > 0 && strlen(arrival->bridge) < 256);
  if (arrival->happened == SW_SAMPLE) {
    require(((const char *)arrival->payload)[arrival->bytes] == '\0');
    (void)sw_json_number(arrival->payload, "x", &value);
    (void)sw_publish_json(r->said, arrival->payload, arrival->bytes);
  }
  require(arrival->happened != SW_LOST || arrival->lost - 1 <= arrival->last - arrival->sequence);
  require(arrival->happened != SW_ENDED || strlen(arrival->text) < 256);
}

static rig *open_rig(void) {
  static rig r;
  if (r.driver != NULL)
    return &r;
  char path[64];
  (void)snprintf(path, sizeof path, "/tmp/structwire-fuzz-%d.sock", (int)getpid());
  const sw_driver_options options = {
      .name = "fuzz", .schema = &test_schema, .path = path, .link_bytes = 1 << 16};
  r.knobs = good_knobs();
  require(sw_driver_create(&options, &r.driver) == SW_OK);
  require(sw_advertise(r.driver, "state", &sample_type, NULL, &r.channel) == SW_OK);
  const sw_parameter_options governs = {.channel = r.channel};
  require(sw_parameter_declare(r.driver, "knobs", &knobs_type, &r.knobs, &governs, &r.parameter) == SW_OK);
  require(sw_service_declare(r.driver, "echo", &sample_type, &sample_type, answer, &r) == SW_OK);
  require(sw_service_declare(r.driver, "later", NULL, NULL, answer_late, &r) == SW_OK);
  const sw_subscription_options latest = {.latest = 1};
  require(sw_advertise_json(r.driver, "/said", NULL, &r.said) == SW_OK);
  require(sw_subscribe(r.driver, "a", NULL, read_sample, &r, NULL) == SW_OK);
  require(sw_subscribe(r.driver, "a/**", &latest, read_sample, &r, NULL) == SW_OK);
  return &r;
}

static void turn(rig *r) {
  const struct sample sample = {.value = r->knobs.gain};
  require(sw_poll(r->driver, 0) == SW_OK);
  (void)sw_apply(r->driver);
  (void)sw_serve(r->driver);
  (void)sw_publish(r->channel, &sample);
  require(r->knobs.gain >= 0 && r->knobs.gain <= 10 && r->knobs.offset >= -5 && r->knobs.offset <= 5);
}

static void discard_answers(int fd) {
  static uint8_t answers[1 << 16];
  while (recv(fd, answers, sizeof answers, MSG_DONTWAIT) > 0) {
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  if (count < 1)
    return 0;
  rig *r = open_rig();
  int pair[2];
  require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) == 0);
  require(sw_link_open(r->driver, pair[0]));
  /* The first byte says how the rest is cut: 0 not at all. */
  const size_t piece = bytes[0] == 0 ? count : bytes[0];
  for (size_t at = 1; at < count; at += piece) {
    const size_t part = count - at < piece ? count - at : piece;
    (void)send(pair[1], bytes + at, part, MSG_NOSIGNAL);
    turn(r);
    if ((bytes[0] & 1) == 0)
      discard_answers(pair[1]);
  }
  (void)close(pair[1]);
  for (int i = 0; i < 3; i++)
    turn(r);
  for (uint32_t slot = 0; slot < r->driver->max_bridges; slot++)
    require(r->driver->links[slot] == NULL);
  return 0;
}
