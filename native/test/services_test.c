/* SPDX-License-Identifier: MIT
 *
 * Calls: answered now, later, from another thread, or refused; a caller that goes away costs nothing.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

typedef struct rig {
  sw_driver *driver;
  sw_call kept[600];
  int count;
  bool answer_at_once;
} rig;

static void keep_or_answer(void *context, sw_call call, const void *request) {
  rig *r = context;
  const struct sample *sample = request;
  CHECK(call != 0);
  if (r->answer_at_once) {
    CHECK(sw_reply(r->driver, call, sample) == SW_OK);
    CHECK(sw_reply(r->driver, call, sample) == SW_INVALID_ARGUMENT); /* only once */
    CHECK(sample->tag != 1);                                         /* the request is still there */
  } else {
    r->kept[r->count++] = call;
  }
}

static void tick(void *context, sw_call call, const void *request) {
  rig *r = context;
  CHECK(request != NULL);
  CHECK(sw_reply(r->driver, call, NULL) == SW_OK);
}

static rig *open_rig(void) {
  rig *r = calloc(1, sizeof *r);
  CHECK(r != NULL);
  r->driver = open_test_driver(NULL);
  CHECK(sw_service_declare(r->driver, "echo", &sample_type, &sample_type, keep_or_answer, r) == SW_OK);
  CHECK(sw_service_declare(r->driver, "tick", NULL, NULL, tick, r) == SW_OK);
  CHECK(sw_service_declare(r->driver, "turn", &knobs_type, NULL, tick, r) == SW_OK);
  CHECK(sw_service_declare(r->driver, "echo", NULL, NULL, tick, r) == SW_NAME_IN_USE);
  CHECK(sw_service_declare(r->driver, "", NULL, NULL, tick, r) == SW_NAME_INVALID);
  return r;
}

static void close_rig(rig *r) {
  sw_driver_destroy(r->driver);
  free(r);
}

static bridge attach(rig *r) {
  bridge b = bridge_attach(sw_driver_path(r->driver));
  bridge_pump(&b, r->driver);
  for (int i = 0; i < 3; i++)
    (void)bridge_expect(&b, SW_RECORD_SERVICE);
  return b;
}

static void serve(rig *r, int wanted) {
  int started = 0;
  for (int tries = 0; started < wanted; tries++) {
    CHECK(tries < 10000 && sw_poll(r->driver, 1) == SW_OK);
    started += sw_serve(r->driver);
  }
  CHECK(started == wanted);
}

static void call_echo(bridge *b, uint64_t id, uint64_t tag) {
  struct sample sample;
  memset(&sample, 0xff, sizeof sample);
  sample.value = 0.5;
  sample.tag = tag;
  bridge_call(b, id, 1, &sample, sizeof sample);
}

static uint64_t next_reply(bridge *b, uint64_t *tag) {
  const uint8_t *record = bridge_expect(b, SW_RECORD_REPLY);
  CHECK(sw_get32(record + 16) == sizeof(struct sample));
  CHECK(sw_get32(record + 24 + 12) == 0); /* the pad */
  *tag = sw_get64(record + 24 + 16);
  return sw_get64(record + 8);
}

static void declares_types_and_sizes(void) {
  rig *r = open_rig();
  bridge b = bridge_attach(sw_driver_path(r->driver));
  bridge_pump(&b, r->driver);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_SERVICE);
  CHECK(sw_get32(record + 12) == sizeof(struct sample) && sw_get32(record + 16) == sizeof(struct sample));
  CHECK(memcmp(record + 32, "echosamplesample", 16) == 0);
  record = bridge_expect(&b, SW_RECORD_SERVICE);
  CHECK(sw_get32(record + 8) == 2 && sw_get32(record + 12) == 0 && sw_get32(record + 24) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void answers_now(void) {
  rig *r = open_rig();
  r->answer_at_once = true;
  bridge b = attach(r);
  call_echo(&b, 5, 55);
  bridge_call(&b, 6, 2, NULL, 0);
  serve(r, 2);
  uint64_t tag;
  CHECK(next_reply(&b, &tag) == 5 && tag == 55);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_REPLY);
  CHECK(sw_get64(record + 8) == 6 && sw_get32(record + 16) == 0);
  bridge_hang_up(&b);
  close_rig(r);
}

static void answers_later_in_any_order(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  for (uint64_t id = 1; id <= 3; id++)
    call_echo(&b, id, id);
  serve(r, 3);
  struct sample reply = {.tag = 30};
  CHECK(sw_reply(r->driver, r->kept[2], &reply) == SW_OK);
  reply.tag = 10;
  CHECK(sw_reply(r->driver, r->kept[0], &reply) == SW_OK);
  CHECK(sw_fail(r->driver, r->kept[1], SW_SERVICE_FAILED, "it broke") == SW_OK);
  uint64_t tag;
  CHECK(next_reply(&b, &tag) == 3 && tag == 30);
  CHECK(next_reply(&b, &tag) == 1 && tag == 10);
  const uint8_t *record = bridge_expect(&b, SW_RECORD_REFUSE);
  CHECK(sw_get64(record + 8) == 2 && sw_get32(record + 16) == SW_SERVICE_FAILED);
  CHECK(sw_get32(record + 20) == 8 && memcmp(record + 24, "it broke", 8) == 0);
  CHECK(sw_reply(r->driver, r->kept[0], &reply) == SW_INVALID_ARGUMENT);
  CHECK(sw_reply(r->driver, 0, &reply) == SW_INVALID_ARGUMENT);
  CHECK(sw_reply(r->driver, UINT64_MAX, &reply) == SW_INVALID_ARGUMENT);
  bridge_hang_up(&b);
  close_rig(r);
}

static void refuses_what_cannot_be_called(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  struct knobs knobs = good_knobs();
  bridge_call(&b, 1, 4, NULL, 0);
  CHECK(bridge_sees_refusal(&b, 1, SW_UNKNOWN_SERVICE));
  bridge_call(&b, 2, 1, &knobs, 8);
  CHECK(bridge_sees_refusal(&b, 2, SW_INVALID_ARGUMENT));
  bridge_call(&b, 3, 2, &knobs, 8);
  CHECK(bridge_sees_refusal(&b, 3, SW_INVALID_ARGUMENT));
  /* The limits of the header hold for requests too, and no bool is anything but 0 or 1. */
  knobs.gain = 11;
  bridge_call(&b, 4, 3, &knobs, sizeof knobs);
  CHECK(bridge_sees_refusal(&b, 4, SW_OUT_OF_RANGE));
  knobs = good_knobs();
  memset(&knobs.on, 2, 1);
  bridge_call(&b, 5, 3, &knobs, sizeof knobs);
  CHECK(bridge_sees_refusal(&b, 5, SW_OUT_OF_RANGE));
  knobs = good_knobs();
  bridge_call(&b, 6, 3, &knobs, sizeof knobs);
  serve(r, 1);
  CHECK(sw_get64(bridge_expect(&b, SW_RECORD_REPLY) + 8) == 6);
  bridge_hang_up(&b);
  close_rig(r);
}

static void a_cancelled_call_may_stop(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  call_echo(&b, 1, 1);
  serve(r, 1);
  CHECK(!sw_cancelled(r->driver, r->kept[0]));
  bridge_cancel(&b, 77); /* of nothing */
  bridge_cancel(&b, 1);
  WAIT_UNTIL(sw_poll(r->driver, 0) == SW_OK && sw_cancelled(r->driver, r->kept[0]));
  CHECK(sw_fail(r->driver, r->kept[0], SW_REFUSED, "stopped") == SW_OK);
  CHECK(bridge_sees_refusal(&b, 1, SW_REFUSED));
  CHECK(sw_cancelled(r->driver, r->kept[0])); /* over */
  /* One that has not begun is not begun any more. */
  call_echo(&b, 2, 1);
  bridge_cancel(&b, 2);
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  CHECK(sw_serve(r->driver) == 0);
  CHECK(bridge_sees_refusal(&b, 2, SW_REFUSED));
  bridge_hang_up(&b);
  close_rig(r);
}

static void a_caller_may_die(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  call_echo(&b, 1, 1);
  serve(r, 1);
  call_echo(&b, 2, 1); /* waits, and is never begun */
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  bridge_hang_up(&b);
  WAIT_UNTIL(sw_poll(r->driver, 0) == SW_OK && sw_cancelled(r->driver, r->kept[0]));
  CHECK(sw_serve(r->driver) == 0);
  const struct sample reply = {.tag = 1};
  CHECK(sw_reply(r->driver, r->kept[0], &reply) == SW_CLOSED);
  CHECK(sw_reply(r->driver, r->kept[0], &reply) == SW_INVALID_ARGUMENT);
  /* The driver goes on. */
  bridge next = attach(r);
  call_echo(&next, 1, 1);
  serve(r, 1);
  CHECK(sw_reply(r->driver, r->kept[1], &reply) == SW_OK);
  uint64_t tag;
  CHECK(next_reply(&next, &tag) == 1);
  bridge_hang_up(&next);
  close_rig(r);
}

static void says_busy_when_too_many_wait(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  for (uint64_t id = 1; id <= SW_MAX_PENDING; id++)
    call_echo(&b, id, id);
  call_echo(&b, 1000, 1);
  CHECK(bridge_sees_refusal(&b, 1000, SW_BUSY));
  serve(r, SW_MAX_PENDING);
  /* Another bridge is not held up by it. */
  bridge other = attach(r);
  call_echo(&other, 1, 4);
  serve(r, 1);
  const struct sample reply = {.tag = 9};
  for (int i = 0; i < r->count; i++)
    CHECK(sw_reply(r->driver, r->kept[i], &reply) == SW_OK);
  uint64_t tag;
  for (uint64_t id = 1; id <= SW_MAX_PENDING; id++)
    CHECK(next_reply(&b, &tag) == id);
  CHECK(next_reply(&other, &tag) == 1);
  bridge_hang_up(&b);
  bridge_hang_up(&other);
  close_rig(r);
}

static void refuses_what_is_unanswered_at_the_end(void) {
  rig *r = open_rig();
  bridge b = attach(r);
  call_echo(&b, 1, 1);
  serve(r, 1);
  call_echo(&b, 2, 1);
  for (int i = 0; i < 5; i++)
    CHECK(sw_poll(r->driver, 1) == SW_OK);
  close_rig(r);
  b.driver = NULL;
  CHECK(bridge_sees_refusal(&b, 1, SW_CLOSED) && bridge_sees_refusal(&b, 2, SW_CLOSED));
  CHECK(bridge_sees_end(&b, SW_OK));
  bridge_hang_up(&b);
}

/* ---- Serving, answering and I/O each on a thread of its own ---- */

enum { CALLS = 2000, WORKERS = 2 };

typedef struct desk {
  sw_driver *driver;
  pthread_mutex_t lock;
  sw_call calls[CALLS];
  int put, taken;
  bool stop;
} desk;

static void put_on_desk(void *context, sw_call call, const void *request) {
  desk *d = context;
  (void)request;
  CHECK(pthread_mutex_lock(&d->lock) == 0);
  d->calls[d->put++] = call;
  CHECK(pthread_mutex_unlock(&d->lock) == 0);
}

static void *serve_desk(void *context) {
  desk *d = context;
  int served = 0;
  while (served < CALLS) {
    const int now = sw_serve(d->driver);
    served += now;
    if (now == 0)
      wait_a_little();
  }
  return NULL;
}

static void *work(void *context) {
  desk *d = context;
  for (;;) {
    CHECK(pthread_mutex_lock(&d->lock) == 0);
    const sw_call call = d->taken < d->put ? d->calls[d->taken++] : 0;
    const bool over = d->taken == CALLS;
    CHECK(pthread_mutex_unlock(&d->lock) == 0);
    if (call != 0) {
      const struct sample reply = {.tag = call};
      CHECK(!sw_cancelled(d->driver, call));
      CHECK(sw_reply(d->driver, call, &reply) == SW_OK);
    } else if (over) {
      return NULL;
    } else {
      wait_a_little();
    }
  }
}

static void any_thread_may_answer(void) {
  static desk d;
  d.driver = open_test_driver(NULL);
  CHECK(pthread_mutex_init(&d.lock, NULL) == 0);
  CHECK(sw_service_declare(d.driver, "echo", &sample_type, &sample_type, put_on_desk, &d) == SW_OK);
  CHECK(sw_start(d.driver) == SW_OK);
  pthread_t threads[WORKERS + 1];
  CHECK(pthread_create(&threads[0], NULL, serve_desk, &d) == 0);
  for (int i = 1; i <= WORKERS; i++)
    CHECK(pthread_create(&threads[i], NULL, work, &d) == 0);
  bridge b = bridge_attach(sw_driver_path(d.driver));
  static bool answered[CALLS + 1];
  for (uint64_t id = 1; id <= CALLS; id++) {
    call_echo(&b, id, id);
    if (id % 200 != 0)
      continue;
    for (int i = 0; i < 200; i++) {
      uint64_t tag;
      const uint64_t which = next_reply(&b, &tag);
      CHECK(which <= CALLS && !answered[which]);
      answered[which] = true;
    }
  }
  for (int i = 0; i <= WORKERS; i++)
    CHECK(pthread_join(threads[i], NULL) == 0);
  sw_driver_destroy(d.driver);
  CHECK(bridge_sees_end(&b, SW_OK));
  bridge_hang_up(&b);
  CHECK(pthread_mutex_destroy(&d.lock) == 0);
}

/* ---- The request outlives its answer as long as its function runs ---- */

static _Atomic bool answer_arrived;

static void answer_and_go_on(void *context, sw_call call, const void *request) {
  desk *d = context;
  const struct sample *sample = request;
  CHECK(sw_reply(d->driver, call, request) == SW_OK);
  WAIT_UNTIL(answer_arrived);
  CHECK(sample->tag == 7);
}

static void *read_answer(void *context) {
  uint64_t tag;
  CHECK(next_reply(context, &tag) == 1 && tag == 7);
  answer_arrived = true;
  return NULL;
}

static void a_request_stays_while_its_function_runs(void) {
  static desk d;
  d.driver = open_test_driver(NULL);
  CHECK(sw_service_declare(d.driver, "echo", &sample_type, &sample_type, answer_and_go_on, &d) == SW_OK);
  CHECK(sw_start(d.driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(d.driver));
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, read_answer, &b) == 0);
  call_echo(&b, 1, 7);
  WAIT_UNTIL(sw_serve(d.driver) == 1);
  CHECK(pthread_join(thread, NULL) == 0);
  bridge_hang_up(&b);
  sw_driver_destroy(d.driver);
}

/* ---- The program's own poll loop, answers from another thread ---- */

static void *answer_soon(void *context) {
  const desk *d = context;
  const struct sample reply = {.tag = 5};
  wait_a_little();
  CHECK(sw_reply(d->driver, d->calls[0], &reply) == SW_OK);
  return NULL;
}

static void its_descriptor_says_when_to_poll(void) {
  static desk d;
  d.driver = open_test_driver(NULL);
  CHECK(pthread_mutex_init(&d.lock, NULL) == 0);
  CHECK(sw_service_declare(d.driver, "echo", &sample_type, &sample_type, put_on_desk, &d) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(d.driver));
  call_echo(&b, 1, 1);
  pthread_t thread;
  bool answering = false;
  struct pollfd fds[2] = {{.fd = sw_poll_fd(d.driver), .events = POLLIN}, {.fd = b.fd, .events = POLLIN}};
  for (bool answered = false; !answered;) {
    CHECK(poll(fds, 2, sw_poll_timeout(d.driver)) >= 0);
    CHECK(sw_poll(d.driver, 0) == SW_OK);
    if (sw_serve(d.driver) == 1) {
      CHECK(pthread_create(&thread, NULL, answer_soon, &d) == 0);
      answering = true;
    }
    if ((fds[1].revents & POLLIN) == 0)
      continue;
    const uint8_t *record = bridge_next(&b);
    answered = record != NULL && record[4] == SW_RECORD_REPLY;
    while (!answered && b.taken < b.used && record != NULL) {
      record = bridge_next(&b);
      answered = record != NULL && record[4] == SW_RECORD_REPLY;
    }
  }
  CHECK(answering && pthread_join(thread, NULL) == 0);
  bridge_hang_up(&b);
  sw_driver_destroy(d.driver);
  CHECK(pthread_mutex_destroy(&d.lock) == 0);
}

/* ---- An answer that comes while the I/O side takes a wake-up back ---- */

typedef struct crossing {
  rig *r;
  sw_call next; /* answered by another thread when the clock is read; 0: none */
} crossing;

static void *answer_next(void *context) {
  const crossing *c = context;
  const struct sample reply = {.tag = 5};
  CHECK(sw_reply(c->r->driver, c->next, &reply) == SW_OK);
  return NULL;
}

static void answer_elsewhere(crossing *c, sw_call call) {
  pthread_t thread;
  c->next = call;
  CHECK(pthread_create(&thread, NULL, answer_next, c) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  c->next = 0;
}

static sw_call answered_on_the_clock;

static int64_t clock_that_answers(void *context) {
  const sw_call call = answered_on_the_clock;
  answered_on_the_clock = 0;
  if (call != 0)
    answer_elsewhere(context, call);
  return 0;
}

static void no_wake_up_is_lost_between_two_answers(void) {
  static rig r;
  static crossing c = {.r = &r};
  const sw_driver_options options = {.clock = clock_that_answers, .clock_context = &c};
  r.driver = open_test_driver(&options);
  CHECK(sw_service_declare(r.driver, "echo", &sample_type, &sample_type, keep_or_answer, &r) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(r.driver));
  bridge_pump(&b, r.driver);
  for (uint64_t id = 1; id <= 3; id++)
    call_echo(&b, id, id);
  serve(&r, 3);
  /* The ping is read before the wake-up, and its answer reads the clock. */
  uint8_t ping[SW_PING_BYTES] = {0};
  sw_prefix_write(ping, sizeof ping, SW_RECORD_PING, 0);
  bridge_send(&b, ping, sizeof ping);
  answer_elsewhere(&c, r.kept[0]);
  answered_on_the_clock = r.kept[1];
  for (int turns = 0; answered_on_the_clock != 0; turns++) /* the first one sends the answer that waits */
    CHECK(turns < 2 && sw_poll(r.driver, 1000) == SW_OK);
  answer_elsewhere(&c, r.kept[2]);
  struct pollfd ready = {.fd = sw_poll_fd(r.driver), .events = POLLIN};
  CHECK(poll(&ready, 1, 0) == 1);
  bridge_hang_up(&b);
  sw_driver_destroy(r.driver);
}

static void a_bridge_is_told_that_it_knows_all_there_is(void) {
  rig *r = open_rig();
  bridge old = bridge_attach_minor(sw_driver_path(r->driver), SW_MINOR_READY - 1);
  bridge b = attach(r);
  CHECK(bridge_next(&b)[4] == SW_RECORD_READY);
  close_rig(r);
  for (const uint8_t *record; (record = bridge_next(&old)) != NULL;)
    CHECK(record[4] != SW_RECORD_READY);
  bridge_hang_up(&old);
  bridge_hang_up(&b);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  declares_types_and_sizes();
  a_bridge_is_told_that_it_knows_all_there_is();
  answers_now();
  answers_later_in_any_order();
  refuses_what_cannot_be_called();
  a_cancelled_call_may_stop();
  a_caller_may_die();
  says_busy_when_too_many_wait();
  refuses_what_is_unanswered_at_the_end();
  any_thread_may_answer();
  a_request_stays_while_its_function_runs();
  its_descriptor_says_when_to_poll();
  no_wake_up_is_lost_between_two_answers();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
