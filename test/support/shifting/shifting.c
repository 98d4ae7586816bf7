/* SPDX-License-Identifier: MIT
 *
 * Publishes 20 large samples a millisecond until standard input closes; what a busy machine holds up it
 * makes good, up to a limit. Says "full" on standard output once a bridge has not read for so long that
 * samples were dropped: then a record is cut in the middle in the socket. A letter on standard input changes
 * it: b publishes more at once than the ring holds, l goes on doing so until samples were dropped on the link
 * too (a bridge must not read then), p pauses until the next letter, e pauses behind a sample that the ring
 * dropped. Paused, it says so on standard output, with how many it has published.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BURST 20000 /* the ring holds 2048 */
#define PER_MS 20
#define LATE_MS 10 /* what is made good at once */

#include "shifting.h"
#include "shifting.schema.h"

/* Says whether the last one was taken. */
static int publish(sw_channel *flow, int count) {
  sw_status status = SW_OK;
  for (int i = 0; i < count; i++) {
    struct shifting_flow sample;
    memset(&sample, 0, sizeof sample);
    sample.number = sw_next_sequence(flow);
#ifdef SECOND_LAYOUT
    sample.twice = 2.0 * (double)sample.number;
#else
    sample.half = 0.5 * (double)sample.number;
#endif
    status = sw_publish(flow, &sample);
  }
  return status == SW_OK;
}

static long long clock_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static unsigned long long link_dropped(const sw_channel *flow) {
  sw_counters counters;
  sw_channel_counters(flow, &counters);
  return counters.link_dropped;
}

static void obey(char letter, sw_channel *flow) {
  const unsigned long long before = link_dropped(flow);
  if (letter == 'b' || letter == 'l')
    publish(flow, BURST);
  while (letter == 'l' && link_dropped(flow) == before)
    publish(flow, BURST);
  while (letter == 'e' && publish(flow, BURST))
    continue;
}

int main(void) {
  sw_driver *driver = NULL;
  sw_channel *flow = NULL;
  sw_driver_options options = {.name = "shifting", .schema = &shifting_schema, .link_bytes = 1 << 20};
  if (sw_driver_create(&options, &driver) != SW_OK ||
      sw_advertise(driver, "flow", &shifting_flow_type, NULL, &flow) != SW_OK)
    return 1;
  publish(flow, PER_MS); /* no bridge can have these */
  if (sw_start(driver) != SW_OK)
    return 1;
  struct pollfd input = {.fd = 0, .events = POLLIN};
  int told = 0;
  int paused = 0;
  long long done_ms = clock_ms();
  for (;;) {
    if (poll(&input, 1, paused ? -1 : 1) > 0) {
      char letter;
      if (read(0, &letter, 1) <= 0)
        break;
      paused = letter == 'p' || letter == 'e';
      obey(letter, flow);
      if (paused) {
        printf("paused %llu\n", (unsigned long long)sw_next_sequence(flow));
        fflush(stdout);
      }
      continue;
    }
    const long long late_ms = clock_ms() - done_ms;
    publish(flow, PER_MS * (int)(late_ms < LATE_MS ? late_ms : LATE_MS));
    done_ms += late_ms;
    if (link_dropped(flow) > 0 && !told) {
      told = 1;
      puts("full");
      fflush(stdout);
    }
  }
  sw_driver_destroy(driver);
  return 0;
}
