/* SPDX-License-Identifier: MIT
 *
 * loop: the cost of publishing to the program that does it, with the SDK's own thread. Lines of standard
 * input are commands; each is answered by one line of JSON.
 *
 * - rate publish|publish-at|memcpy COUNT: ns for each of so many samples of 64 bytes
 * - late TURNS 0|1: how late the turns of a 1 kHz loop end, without or with a publish in each
 */
#include "message.h"
#include "message.schema.h"
#include "net.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <structwire/structwire.h>

/* A ring takes so many; then it is emptied outside of what is measured. */
enum { RING_SAMPLES = 4096, BURST = RING_SAMPLES / 2, MAX_TURNS = 100000, PERIOD_NS = 1000000 };

static struct bench_sample memory[RING_SAMPLES];

static void copy_burst(struct bench_sample *sample) {
  for (int at = 0; at < BURST; at++) {
    sample->number++;
    memcpy(&memory[at], sample, sizeof *sample);
    __asm__ volatile("" ::: "memory");
  }
}

static void publish_burst(sw_channel *channel, struct bench_sample *sample, bool at_time, int64_t time) {
  for (int at = 0; at < BURST; at++) {
    sample->number++;
    if (at_time)
      (void)sw_publish_at(channel, sample, time + at);
    else
      (void)sw_publish(channel, sample);
  }
}

static void wait_until_taken(void) {
  net_sleep_until(net_now() + 3000000);
}

static void rate(sw_channel *channel, const char *what, long count) {
  struct bench_sample sample = {0};
  const bool copies = strcmp(what, "memcpy") == 0;
  const bool at_time = strcmp(what, "publish-at") == 0;
  int64_t spent = 0;
  long done = 0;
  sw_counters before;
  sw_counters after;
  sw_channel_counters(channel, &before);
  while (done < count) {
    const int64_t start = net_now();
    if (copies)
      copy_burst(&sample);
    else
      publish_burst(channel, &sample, at_time, start);
    spent += net_now() - start;
    done += BURST;
    if (!copies)
      wait_until_taken();
  }
  sw_channel_counters(channel, &after);
  (void)printf("{\"ns\":%.3f,\"dropped\":%llu}\n", (double)spent / (double)done,
               (unsigned long long)(after.ring_dropped - before.ring_dropped));
}

static int by_time(const void *a, const void *b) {
  const int64_t *x = a;
  const int64_t *y = b;
  return (*x > *y) - (*x < *y);
}

static void late(sw_channel *channel, int turns, bool publishes) {
  static int64_t lateness[MAX_TURNS];
  struct bench_sample sample = {0};
  int64_t due = net_now();
  for (int turn = 0; turn < turns; turn++) {
    due += PERIOD_NS;
    net_sleep_until(due);
    sample.number++;
    if (publishes)
      (void)sw_publish(channel, &sample);
    else
      memcpy(&memory[turn % RING_SAMPLES], &sample, sizeof sample);
    lateness[turn] = net_now() - due;
  }
  qsort(lateness, (size_t)turns, sizeof *lateness, by_time);
  (void)printf("{\"p50us\":%.2f,\"p99us\":%.2f}\n", (double)lateness[turns / 2] / 1e3,
               (double)lateness[turns * 99 / 100] / 1e3);
}

int main(void) {
  sw_driver *driver;
  sw_channel *channel;
  const sw_driver_options options = {.name = "load0", .schema = &message_schema};
  const sw_channel_options room = {.ring_samples = RING_SAMPLES};
  if (sw_driver_create(&options, &driver) != SW_OK ||
      sw_advertise(driver, "load/c0", &bench_sample_type, &room, &channel) != SW_OK ||
      sw_start(driver) != SW_OK)
    net_fail("no driver");
  (void)printf("{}\n");
  (void)fflush(stdout);
  char line[128];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char what[32];
    long count;
    int flag;
    if (sscanf(line, "rate %31s %ld", what, &count) == 2)
      rate(channel, what, count);
    else if (sscanf(line, "late %ld %d", &count, &flag) == 2 && count > 0 && count <= MAX_TURNS)
      late(channel, (int)count, flag != 0);
    else
      net_fail("what is %s", line);
    (void)fflush(stdout);
  }
  sw_driver_destroy(driver);
  return 0;
}
