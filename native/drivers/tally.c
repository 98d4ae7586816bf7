/* SPDX-License-Identifier: MIT
 *
 * The smallest useful driver: one service, one channel, one thread. docs/c-sdk.md explains it line by line.
 */
#include "tally.h"

#include "options.h"
#include "stop.h"
#include "tally.schema.h"

#include <structwire/structwire.h>

struct tally {
  sw_driver *driver;
  sw_channel *channel;
  struct tally_counts counts;
};

/* The range in the header was checked before this runs: a value above 10 never comes here. */
static void count(void *context, sw_call call, const void *request) {
  struct tally *tally = context;
  const struct tally_count *asked = request;
  tally->counts.counts[asked->value]++;
  tally->counts.last = asked->value;
  tally->counts.total++;
  (void)sw_publish(tally->channel, &tally->counts);
  (void)sw_reply(tally->driver, call, &tally->counts);
}

static sw_status open_tally(struct tally *tally, const char *name) {
  const sw_driver_options options = {.name = name, .schema = &tally_schema};
  sw_status status = sw_driver_create(&options, &tally->driver);
  if (status == SW_OK)
    status = sw_advertise(tally->driver, "counts", &tally_counts_type, NULL, &tally->channel);
  if (status == SW_OK)
    status = sw_service_declare(tally->driver, "count", &tally_count_type, &tally_counts_type, count, tally);
  return status;
}

int main(int argc, char **argv) {
  struct options options;
  const int code =
      options_parse(argc, argv, "tally", "Counts how often each number from 0 to 10 is named.", &options);
  if (code != OPTIONS_GO_ON)
    return code;

  struct stop stop;
  struct tally tally = {0};
  sw_status status = stop_init(&stop, options.stdin_eof) ? open_tally(&tally, options.name) : SW_SYSTEM_ERROR;
  if (status != SW_OK) {
    sw_driver_destroy(tally.driver);
    return options_open_failed(&options, status);
  }
  while (status == SW_OK && !stop_wanted(&stop)) {
    stop_wait(&stop, sw_poll_fd(tally.driver), sw_poll_timeout(tally.driver));
    status = sw_poll(tally.driver, 0);
    (void)sw_serve(tally.driver);
  }
  sw_driver_destroy(tally.driver);
  return status == SW_OK ? 0 : 1;
}
