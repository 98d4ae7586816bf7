/* SPDX-License-Identifier: MIT
 *
 * Publishes 20 large samples a millisecond until standard input closes. Says "full" on standard output once a
 * bridge has not read for so long that samples were dropped: then a record is cut in the middle in the
 * socket. A letter on standard input changes it: b publishes more at once than the ring holds, l goes on
 * doing so until samples were dropped on the link too (a bridge must not read then), p pauses until the next
 * letter, e pauses behind a sample that the ring dropped. Paused, it says so on standard output, with how
 * many it has published.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BURST 20000 /* the ring holds 2048 */

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
  publish(flow, 20); /* no bridge can have these */
  if (sw_start(driver) != SW_OK)
    return 1;
  struct pollfd input = {.fd = 0, .events = POLLIN};
  int told = 0;
  int paused = 0;
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
    publish(flow, 20);
    if (link_dropped(flow) > 0 && !told) {
      told = 1;
      puts("full");
      fflush(stdout);
    }
  }
  sw_driver_destroy(driver);
  return 0;
}
