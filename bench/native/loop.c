/* SPDX-License-Identifier: MIT
 *
 * loop: the cost of publishing to the program that does it, with the SDK's own thread. Lines of standard
 * input are commands; each is answered by one line of JSON.
 *
 * - rate publish|publish-at|memcpy COUNT: ns for each of so many samples of 64 bytes
 * - late TURNS BLOCK: how late the turns of a 1 kHz loop end, so many with a publish in each and so many
 *   without, in blocks that take turns: what disturbs the machine for a second then disturbs both. The first
 *   quarter of a block does not count, as the SDK's thread still looks often or does not yet.
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

/* How late a turn ends, and how long it works after it has been woken. */
typedef struct turns {
  int64_t lateness[MAX_TURNS], work[MAX_TURNS];
  int count;
} turns;

static void block(sw_channel *channel, turns *turns, int length, bool publishes) {
  struct bench_sample sample = {0};
  int64_t due = net_now();
  for (int turn = 0; turn < length; turn++) {
    due += PERIOD_NS;
    net_sleep_until(due);
    const int64_t woken = net_now();
    sample.number++;
    if (publishes)
      (void)sw_publish(channel, &sample);
    else
      memcpy(&memory[turn % RING_SAMPLES], &sample, sizeof sample);
    const int64_t end = net_now();
    if (turn < length / 4 || turns->count == MAX_TURNS)
      continue;
    turns->lateness[turns->count] = end - due;
    turns->work[turns->count] = end - woken;
    turns->count++;
  }
}

static double p99_us(int64_t *times, int count) {
  qsort(times, (size_t)count, sizeof *times, by_time);
  return (double)times[count * 99 / 100] / 1e3;
}

static void late(sw_channel *channel, int count, int length) {
  static turns with, without;
  with.count = 0;
  without.count = 0;
  while (with.count < count) {
    block(channel, &without, length, false);
    block(channel, &with, length, true);
  }
  (void)printf("{\"withUs\":%.2f,\"withoutUs\":%.2f,\"workUs\":%.2f,\"emptyUs\":%.2f}\n",
               p99_us(with.lateness, with.count), p99_us(without.lateness, without.count),
               p99_us(with.work, with.count), p99_us(without.work, without.count));
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
    int length;
    if (sscanf(line, "rate %31s %ld", what, &count) == 2)
      rate(channel, what, count);
    else if (sscanf(line, "late %ld %d", &count, &length) == 2 && count > 0 && count <= MAX_TURNS &&
             length > 3)
      late(channel, (int)count, length);
    else
      net_fail("what is %s", line);
    (void)fflush(stdout);
  }
  sw_driver_destroy(driver);
  return 0;
}
