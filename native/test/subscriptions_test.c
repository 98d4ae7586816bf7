/* SPDX-License-Identifier: MIT
 *
 * What others publish, on its way from bridges to the program's functions: in order, with every loss told,
 * one bridge apart from another, and on the thread that applies.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <pthread.h>
#include <string.h>

/* ---- What a program sees, as one line for each thing that happened ---- */

typedef struct book {
  char lines[65536];
  size_t used;
  uint64_t samples, lost, starts, ends;
  uint64_t link;          /* of what came last */
  sw_subscription *leave; /* to be ended by the next sample */
} book;

static void note(void *context, const sw_arrival *arrival) {
  book *b = context;
  char *at = b->lines + b->used;
  const size_t room = sizeof b->lines - b->used;
  int bytes = 0;
  b->link = arrival->link;
  switch (arrival->happened) {
  case SW_SAMPLE:
    CHECK(((const char *)arrival->payload)[arrival->bytes] == '\0');
    CHECK(arrival->epoch == BRIDGE_EPOCH && arrival->sender == 5);
    CHECK(arrival->time == (int64_t)arrival->sequence * 1000);
    bytes = snprintf(at, room, "%s %d %s;", arrival->channel, (int)arrival->sequence,
                     (const char *)arrival->payload);
    b->samples++;
    break;
  case SW_LOST:
    bytes = snprintf(at, room, "%s lost %d-%d (%d) by %d;", arrival->channel, (int)arrival->sequence,
                     (int)arrival->last, (int)arrival->lost, (int)arrival->reason);
    b->lost += arrival->lost;
    break;
  case SW_STARTED:
    bytes = snprintf(at, room, "%s of %s begins at %d as %s;", arrival->channel, arrival->bridge,
                     (int)arrival->sequence, arrival->content_type == NULL ? "JSON" : arrival->content_type);
    b->starts++;
    break;
  case SW_ENDED:
    bytes = snprintf(at, room, "%s ends with %d %s;", arrival->channel, (int)arrival->status, arrival->text);
    b->ends++;
    break;
  }
  if ((size_t)bytes < room) /* a test of many samples counts them only */
    b->used += (size_t)bytes;
  if (b->leave != NULL && arrival->happened == SW_SAMPLE) {
    CHECK(sw_unsubscribe(b->leave) == SW_OK);
    b->leave = NULL;
  }
}

static bool reads(const book *b, const char *wanted) {
  if (strcmp(b->lines, wanted) == 0)
    return true;
  (void)fprintf(stderr, "read   %s\nwanted %s\n", b->lines, wanted);
  return false;
}

/* The I/O side's turns until it has taken all that was sent, and those of the program. */
static void turn(sw_driver *driver) {
  for (int i = 0; i < 5; i++) {
    CHECK(sw_poll(driver, 0) == SW_OK);
    (void)sw_apply(driver);
  }
}

static const sw_subscription_options raw = {.wanted = SW_AS_PUBLISHED};

static void asks_every_bridge_and_hands_on_what_comes(void) {
  book b = {.used = 0};
  book other = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  const sw_subscription_options last = {.latest = 1, .last = 1};
  CHECK(sw_subscribe(driver, "/compute", NULL, note, &b, NULL) == SW_OK);
  bridge first = bridge_attach(sw_driver_path(driver));
  bridge_pump(&first, driver);
  const uint8_t *asked = bridge_expect(&first, SW_RECORD_SUBSCRIBE);
  const uint32_t id = sw_get32(asked + 8);
  CHECK(sw_get32(asked + 12) == SW_WANTED_JSON && sw_get32(asked + 16) == 0);
  CHECK(sw_get32(asked + 20) == 7 && memcmp(asked + 24, "compute", 8) == 0);
  /* A second one, while the driver runs. */
  CHECK(sw_subscribe(driver, "a/**", &last, note, &other, NULL) == SW_OK);
  asked = bridge_expect(&first, SW_RECORD_SUBSCRIBE);
  CHECK(sw_get32(asked + 8) != id && sw_get32(asked + 16) == (SW_FLAG_LATEST | SW_FLAG_LAST));
  static const char *const texts[] = {"{\"t\":1}", "", "[2]"};
  bridge_stream(&first, 4, id, "compute", "", 7);
  bridge_texts(&first, 4, 7, 3, texts);
  bridge_gap(&first, 4, 10, 19, SW_GAP_RING_FULL);
  bridge_gap(&first, 4, 20, 20, SW_GAP_SLOW_READER);
  bridge_texts(&first, 4, 21, 1, texts);
  bridge_stream_end(&first, 4, id, SW_OK, "withdrawn");
  bridge_stream(&first, 9, id, "compute", "image/png", 0);
  turn(driver);
  CHECK(reads(&b, "compute of test begins at 7 as JSON;compute 7 {\"t\":1};compute 8 ;compute 9 [2];"
                  "compute lost 10-19 (10) by 1;compute lost 20-20 (1) by 3;compute 21 {\"t\":1};"
                  "compute ends with 0 withdrawn;compute of test begins at 0 as image/png;"));
  const uint64_t link = b.link;
  /* The same channel at another bridge. */
  bridge second = bridge_attach(sw_driver_path(driver));
  bridge_pump(&second, driver);
  CHECK(sw_get32(bridge_expect(&second, SW_RECORD_SUBSCRIBE) + 8) == id);
  bridge_stream(&second, 1, id, "compute", "", 0);
  turn(driver);
  CHECK(b.starts == 3 && b.link != link);
  b.used = 0;
  bridge_hang_up(&first);
  turn(driver);
  CHECK(reads(&b, "compute ends with 15 the connection to the bridge is gone;") && b.link == link);
  /* It comes again, and is asked again. */
  first = bridge_attach(sw_driver_path(driver));
  bridge_pump(&first, driver);
  CHECK(sw_get32(bridge_expect(&first, SW_RECORD_SUBSCRIBE) + 8) == id);
  CHECK(other.used == 0);
  sw_driver_destroy(driver);
  bridge_hang_up(&first);
  bridge_hang_up(&second);
}

static void bridges_that_cannot_or_shall_not_are_not_asked(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  const sw_subscription_options only = {.bridge = "rig"};
  CHECK(sw_subscribe(driver, "a", &only, note, &b, NULL) == SW_OK);
  CHECK(sw_subscribe(driver, "b", &(sw_subscription_options){.bridge = "test"}, note, &b, NULL) == SW_OK);
  bridge old = bridge_attach_minor(sw_driver_path(driver), 0);
  bridge fresh = bridge_attach(sw_driver_path(driver));
  bridge_pump(&fresh, driver);
  const uint8_t *asked = bridge_expect(&fresh, SW_RECORD_SUBSCRIBE);
  CHECK(sw_get32(asked + 20) == 1 && asked[24] == 'b');
  sw_driver_destroy(driver);
  for (const uint8_t *record; (record = bridge_next(&old)) != NULL;)
    CHECK(record[4] != SW_RECORD_SUBSCRIBE);
  bridge_hang_up(&old);
  bridge_hang_up(&fresh);
}

static void names_and_numbers_are_held_against_the_rules(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  static const char *const bad[] = {"", "/", "//a", "a/", "a b", "a*", "***", "a//b", "*a/b", "\xc3\xa4"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    CHECK(sw_subscribe(driver, bad[i], NULL, note, &b, NULL) == SW_NAME_INVALID);
  CHECK(sw_subscribe(NULL, "a", NULL, note, &b, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_subscribe(driver, "a", NULL, NULL, &b, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_unsubscribe(NULL) == SW_INVALID_ARGUMENT);
  static const char *const good[] = {"*", "**", "/a/*/b", "a/**/*", "_.-/Z9"};
  sw_subscription *each;
  for (uint32_t i = 0; i < SW_MAX_SUBSCRIPTIONS; i++)
    CHECK(sw_subscribe(driver, good[i % 5], NULL, note, &b, &each) == SW_OK);
  CHECK(sw_subscribe(driver, "a", NULL, note, &b, NULL) == SW_INVALID_ARGUMENT);
  CHECK(sw_unsubscribe(each) == SW_OK);
  CHECK(sw_subscribe(driver, "a", NULL, note, &b, NULL) == SW_OK);
  sw_driver_destroy(driver);
}

/* What is not taken in time is told as lost, also when nothing follows. */
static void what_the_program_does_not_take_is_counted(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(&(sw_driver_options){.inbox_bytes = 1});
  CHECK(sw_subscribe(driver, "a", &raw, note, &b, NULL) == SW_OK);
  bridge peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  const uint32_t id = sw_get32(bridge_expect(&peer, SW_RECORD_SUBSCRIBE) + 8);
  static const char *const texts[] = {"1234567890"};
  bridge_stream(&peer, 1, id, "a", "x", 0);
  for (uint64_t i = 0; i < 1000; i++) {
    bridge_texts(&peer, 1, i, 1, texts);
    CHECK(sw_poll(driver, 0) == SW_OK);
  }
  turn(driver);
  CHECK(b.samples > 2 && b.samples + b.lost == 1000);
  /* By number too, and the end comes behind. */
  sw_driver_destroy(driver);
  bridge_hang_up(&peer);
  driver = open_test_driver(NULL);
  b = (book){.used = 0};
  CHECK(sw_subscribe(driver, "a", &raw, note, &b, NULL) == SW_OK);
  peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  const uint32_t again = sw_get32(bridge_expect(&peer, SW_RECORD_SUBSCRIBE) + 8);
  bridge_stream(&peer, 1, again, "a", "x", 0);
  for (uint64_t i = 0; i < 1000; i++) {
    bridge_texts(&peer, 1, i, 1, texts);
    CHECK(sw_poll(driver, 0) == SW_OK);
  }
  bridge_hang_up(&peer);
  CHECK(sw_poll(driver, 0) == SW_OK && b.samples == 0);
  turn(driver);
  CHECK(b.samples > 200 && b.samples < 256 && b.samples + b.lost == 1000);
  CHECK(b.starts == 1 && b.ends == 1 && strstr(b.lines, "by 3;a ends with 15") != NULL);
  sw_driver_destroy(driver);
}

/* Of many the newest, and no loss; however late the program takes it. */
static void latest_keeps_the_newest(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_subscribe(driver, "a", &(sw_subscription_options){.latest = 1}, note, &b, NULL) == SW_OK);
  bridge peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  const uint32_t id = sw_get32(bridge_expect(&peer, SW_RECORD_SUBSCRIBE) + 8);
  static const char *const texts[] = {"old", "new"};
  bridge_stream(&peer, 1, id, "a", "", 0);
  for (uint64_t i = 0; i < 1000; i++) {
    bridge_texts(&peer, 1, i, 1, texts + (i == 999));
    CHECK(sw_poll(driver, 0) == SW_OK);
  }
  turn(driver);
  CHECK(reads(&b, "a of test begins at 0 as JSON;a 999 new;"));
  bridge_texts(&peer, 1, 1005, 1, texts);
  bridge_stream_end(&peer, 1, id, SW_CLOSED, "");
  turn(driver);
  CHECK(reads(&b, "a of test begins at 0 as JSON;a 999 new;a 1005 old;a ends with 15 ;"));
  bridge_stream(&peer, 2, id, "a", "", 0);
  bridge_texts(&peer, 2, 0, 1, texts);
  CHECK(sw_poll(driver, 0) == SW_OK);
  sw_driver_destroy(driver); /* with something that was not taken */
  bridge_hang_up(&peer);
}

/* Where another subscription has used up the room, the newest is still the newest. */
static void latest_keeps_the_newest_beside_one_that_is_full(void) {
  static book all;
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_subscribe(driver, "a", NULL, note, &all, NULL) == SW_OK);
  CHECK(sw_subscribe(driver, "a", &(sw_subscription_options){.latest = 1}, note, &b, NULL) == SW_OK);
  bridge peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  (void)bridge_expect(&peer, SW_RECORD_SUBSCRIBE);
  static const char *const texts[] = {"old", "new"};
  bridge_stream(&peer, 1, 1, "a", "", 0);
  bridge_stream(&peer, 2, 2, "a", "", 0);
  for (uint64_t i = 0; i < 1000; i++) {
    bridge_texts(&peer, 2, i, 1, texts + (i == 999));
    bridge_texts(&peer, 1, i, 1, texts);
    CHECK(sw_poll(driver, 0) == SW_OK);
  }
  turn(driver);
  CHECK(all.lost > 700 && all.samples + all.lost == 1000);
  CHECK(b.samples == 1 && b.lost == 0 && strstr(b.lines, "a 999 new;") != NULL);
  sw_driver_destroy(driver);
  bridge_hang_up(&peer);
}

static void an_ended_subscription_hears_nothing_more(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_subscribe(driver, "a", NULL, note, &b, &b.leave) == SW_OK);
  bridge peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  const uint32_t id = sw_get32(bridge_expect(&peer, SW_RECORD_SUBSCRIBE) + 8);
  static const char *const texts[] = {"1", "2"};
  bridge_stream(&peer, 1, id, "a", "", 0);
  bridge_texts(&peer, 1, 0, 2, texts);
  bridge_texts(&peer, 1, 2, 2, texts);
  turn(driver);
  CHECK(reads(&b, "a of test begins at 0 as JSON;a 0 1;"));
  CHECK(sw_get32(bridge_expect(&peer, SW_RECORD_UNSUBSCRIBE) + 8) == id);
  /* What was on its way is no fault. */
  bridge_texts(&peer, 1, 4, 2, texts);
  bridge_stream(&peer, 2, id, "b", "", 0);
  bridge_texts(&peer, 2, 4, 2, texts);
  bridge_stream_end(&peer, 1, id, SW_OK, "");
  bridge_stream_end(&peer, 2, id, SW_OK, "");
  bridge_stream_end(&peer, 0, id, SW_OK, "");
  turn(driver);
  CHECK(b.samples == 1 && b.starts == 1 && b.ends == 0);
  /* From here on it is one. */
  bridge_stream(&peer, 3, id, "c", "", 0);
  CHECK(bridge_sees_end(&peer, SW_BAD_RECORD));
  sw_driver_destroy(driver);
  bridge_hang_up(&peer);
}

static void a_refused_subscription_is_told(void) {
  book b = {.used = 0};
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_subscribe(driver, "a/*", NULL, note, &b, NULL) == SW_OK);
  bridge peer = bridge_attach(sw_driver_path(driver));
  bridge_pump(&peer, driver);
  const uint32_t id = sw_get32(bridge_expect(&peer, SW_RECORD_SUBSCRIBE) + 8);
  bridge_stream_end(&peer, 0, id, SW_REFUSED, "not for you");
  turn(driver);
  CHECK(reads(&b, "a/* ends with 9 not for you;"));
  sw_driver_destroy(driver);
  bridge_hang_up(&peer);
}

/* ---- With a thread ---- */

enum { SENT = 20000 };

static void *send_all(void *context) {
  static const char *const texts[] = {"{}", "{\"x\":1}", "[]"};
  for (uint64_t i = 0; i < SENT; i += 2)
    bridge_texts(context, 1, i, 2, texts + i % 2);
  bridge_stream_end(context, 1, 1, SW_OK, "");
  return NULL;
}

static void in_order_between_threads_and_two_bridges(void) {
  static book books[2];
  sw_driver *driver = open_test_driver(NULL);
  bridge bridges[2];
  pthread_t threads[2];
  CHECK(sw_subscribe(driver, "a", NULL, note, &books[0], NULL) == SW_OK);
  CHECK(sw_subscribe(driver, "a", &(sw_subscription_options){.latest = 1}, note, &books[1], NULL) == SW_OK);
  CHECK(sw_start(driver) == SW_OK);
  for (int i = 0; i < 2; i++) {
    bridges[i] = bridge_attach(sw_driver_path(driver));
    (void)bridge_expect(&bridges[i], SW_RECORD_SUBSCRIBE);
    (void)bridge_expect(&bridges[i], SW_RECORD_SUBSCRIBE);
    bridge_stream(&bridges[i], 1, 1 + (uint32_t)i, "a", "", 0);
    CHECK(pthread_create(&threads[i], NULL, send_all, &bridges[i]) == 0);
  }
  while (books[0].ends + books[1].ends < 2)
    (void)sw_apply(driver);
  CHECK(books[0].samples + books[0].lost == SENT && books[1].lost == 0);
  for (int i = 0; i < 2; i++)
    CHECK(pthread_join(threads[i], NULL) == 0);
  sw_driver_destroy(driver);
  for (int i = 0; i < 2; i++)
    bridge_hang_up(&bridges[i]);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  asks_every_bridge_and_hands_on_what_comes();
  bridges_that_cannot_or_shall_not_are_not_asked();
  names_and_numbers_are_held_against_the_rules();
  what_the_program_does_not_take_is_counted();
  latest_keeps_the_newest();
  latest_keeps_the_newest_beside_one_that_is_full();
  an_ended_subscription_hears_nothing_more();
  a_refused_subscription_is_told();
  in_order_between_threads_and_two_bridges();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
