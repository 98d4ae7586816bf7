/* SPDX-License-Identifier: MIT
 *
 * Log lines reach every bridge, late ones the last 256; clocks are told; the driver counts once a second.
 */
#include "bridge.h"
#include "check.h"
#include "messages.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

static bool next_line_is(bridge *b, sw_level level, const char *text) {
  const uint8_t *record = bridge_expect(b, SW_RECORD_LOG);
  return sw_get32(record + 16) == (uint32_t)level && sw_get32(record + 20) == strlen(text) &&
         memcmp(record + 24, text, strlen(text)) == 0;
}

static void keeps_the_last_lines_for_late_bridges(void) {
  sw_driver *driver = open_test_driver(NULL);
  for (int i = 0; i < 300; i++)
    sw_log(driver, SW_INFO, "line %d", i);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  char text[32];
  for (int i = 300 - 256; i < 300; i++) {
    (void)snprintf(text, sizeof text, "line %d", i);
    CHECK(next_line_is(&b, SW_INFO, text));
  }
  sw_log(driver, SW_ERROR, "%s", "");
  CHECK(next_line_is(&b, SW_ERROR, ""));
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
}

static void cuts_long_lines_between_characters(void) {
  sw_driver *driver = open_test_driver(NULL);
  char text[5000];
  memset(text, 'x', sizeof text);
  text[4999] = '\0';
  sw_log(driver, SW_WARN, "%s", text);
  memcpy(text + 4095, "\xc3\xbc", 2); /* the limit is in the middle of this ü */
  sw_log(driver, SW_WARN, "%s", text);
  memcpy(text + 4094, "\xc3\xbc", 2); /* and right behind this one */
  sw_log(driver, SW_WARN, "%s", text);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  CHECK(sw_get32(bridge_expect(&b, SW_RECORD_LOG) + 20) == 4096);
  CHECK(sw_get32(bridge_expect(&b, SW_RECORD_LOG) + 20) == 4095);
  CHECK(sw_get32(bridge_expect(&b, SW_RECORD_LOG) + 20) == 4096);
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
}

enum { KEPT = 256, LOGGERS = 3 };

static _Atomic bool enough;
static _Atomic int logged;

static void *log_lines(void *context) {
  for (int i = 0; !enough; i++) {
    logged++;
    sw_log(context, SW_DEBUG, "%d", i);
    if (i % 20 == 0)
      wait_a_little();
  }
  return NULL;
}

static void several_threads_log_at_once(void) {
  sw_driver *driver = open_test_driver(NULL);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  (void)bridge_expect(&b, SW_RECORD_COUNTERS);
  pthread_t threads[LOGGERS];
  for (int i = 0; i < LOGGERS; i++)
    CHECK(pthread_create(&threads[i], NULL, log_lines, driver) == 0);
  /* More than are kept come while they log. */
  int lines = 0;
  for (; lines <= KEPT; lines++)
    (void)bridge_expect(&b, SW_RECORD_LOG);
  enough = true;
  for (int i = 0; i < LOGGERS; i++)
    CHECK(pthread_join(threads[i], NULL) == 0);
  sw_log(driver, SW_INFO, "over");
  for (bool over = false; !over; lines++) {
    const uint8_t *record = bridge_expect(&b, SW_RECORD_LOG);
    over = sw_get32(record + 20) == 4 && memcmp(record + 24, "over", 4) == 0;
  }
  CHECK(lines <= logged + 1);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

static void answers_pings_with_its_clock(void) {
  sw_driver *driver = open_test_driver(NULL);
  bridge b = bridge_attach(sw_driver_path(driver));
  bridge_pump(&b, driver);
  const int64_t offset = (int64_t)sw_get64(bridge_expect(&b, SW_RECORD_HELLO) + 24);
  CHECK(offset == 0); /* the default clock starts at UTC */
  uint8_t record[SW_PING_BYTES] = {0};
  sw_prefix_write(record, sizeof record, SW_RECORD_PING, 0);
  sw_put64(record + 8, 99);
  const int64_t before = sw_now(driver);
  bridge_send(&b, record, sizeof record);
  const uint8_t *pong = bridge_expect(&b, SW_RECORD_PONG);
  const int64_t clock = (int64_t)sw_get64(pong + 16);
  CHECK(sw_get64(pong + 8) == 99 && clock >= before && clock <= sw_now(driver));
  struct timespec utc;
  CHECK(clock_gettime(CLOCK_REALTIME, &utc) == 0);
  const int64_t now = (int64_t)utc.tv_sec * 1000000000 + utc.tv_nsec;
  const int64_t difference = now - (clock + (int64_t)sw_get64(pong + 24));
  CHECK(difference >= -1000000000 && difference < 10000000000);
  bridge_hang_up(&b);
  sw_driver_destroy(driver);
}

static void counts_once_a_second(void) {
  sw_driver *driver = open_test_driver(NULL);
  sw_channel *one;
  sw_channel *two;
  CHECK(sw_advertise(driver, "one", &sample_type, NULL, &one) == SW_OK);
  CHECK(sw_advertise(driver, "two", &sample_type, NULL, &two) == SW_OK);
  const int64_t start = sw_now(driver);
  CHECK(sw_start(driver) == SW_OK);
  bridge b = bridge_attach(sw_driver_path(driver));
  (void)bridge_expect(&b, SW_RECORD_COUNTERS);
  const struct sample sample = {0};
  for (int i = 0; i < 10; i++)
    CHECK(sw_publish(two, &sample) == SW_OK);
  /* Some may have been sent before that: none comes sooner than a second after the one before. */
  uint64_t published = 0;
  int64_t count = 1;
  for (; count < 3 || published < 10; count++) {
    const uint8_t *record = bridge_expect(&b, SW_RECORD_COUNTERS);
    CHECK(sw_get32(record + 8) == 2 && sw_get32(record + 16) == 1 && sw_get32(record + 48) == 2);
    published = sw_get64(record + 56);
    CHECK(sw_get64(record + 24) == 0 && published <= 10);
  }
  CHECK(sw_now(driver) - start >= (count - 1) * 1000000000 - 100000000);
  sw_driver_destroy(driver);
  bridge_hang_up(&b);
}

int main(void) {
  make_runtime_folder();
  const int descriptors = open_descriptors();
  keeps_the_last_lines_for_late_bridges();
  cuts_long_lines_between_characters();
  several_threads_log_at_once();
  answers_pings_with_its_clock();
  counts_once_a_second();
  CHECK(open_descriptors() == descriptors);
  remove_runtime_folder();
  return 0;
}
