/* SPDX-License-Identifier: MIT
 *
 * What comes for subscriptions: the way of a record from the I/O side to the applying thread and back. The
 * I/O side copies it into a message of its own; the applying thread calls the program's functions, allocates
 * nothing and waits for nobody; the I/O side frees.
 */
#ifndef STRUCTWIRE_SDK_ARRIVALS_H
#define STRUCTWIRE_SDK_ARRIVALS_H

#include "record.h"
#include "value.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_link sw_link;
typedef struct sw_feed sw_feed;

/* Messages of one link that the program may leave untaken. */
#define SW_ARRIVALS_A_LINK 256u

/* What happened on a feed, in this order: it started, lost, brought samples, ended. */
typedef struct sw_message {
  sw_feed *feed;
  size_t bytes;   /* of memory, as it is counted */
  bool is_newest; /* the feed's mark: its newest message is to be looked at */
  bool started, ended;
  uint64_t next;  /* with `started` */
  sw_gap lost;    /* count 0: nothing */
  sw_batch batch; /* count 0: none; its record stands behind the message, with one byte more */
  sw_status status;
} sw_message;

/* One channel of one bridge for one subscription. */
struct sw_feed {
  /* Constant. */
  sw_subscription *subscription;
  uint64_t link_serial;
  uint64_t epoch;
  uint32_t stream;
  const char *bridge, *channel;
  const char *content_type; /* NULL: JSON */

  /* With SW_FLAG_LATEST: what the applying thread has not taken yet; the mark is queued when it was NULL. */
  sw_message *_Atomic newest;
  sw_message mark;

  /* The I/O side's. */
  sw_link *link; /* NULL once that is gone */
  sw_feed *next_closed;
  uint64_t next; /* no sequence below comes any more */
  uint32_t out;  /* messages and marks that the program has */
  bool start_due, end_due;
  uint64_t start_next;
  sw_gap lost; /* that the program was not told; count 0: nothing */
  sw_status status;
  char text[SW_REASON_BYTES];
};

/* Carry out a whole record of a bridge. Anything but SW_OK ends the link. The I/O side. */
sw_status sw_arrivals_stream(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why);
sw_status sw_arrivals_end(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why);
sw_status sw_arrivals_batch(sw_link *link, const uint8_t *record, const char **why);
sw_status sw_arrivals_gap(sw_link *link, const uint8_t *record, const char **why);

/* Takes back what the program has read and hands on what had no room. The I/O side. */
void sw_arrivals_collect(sw_driver *driver);

/* The link is gone, and with it all its feeds. The I/O side. */
void sw_arrivals_forget(sw_link *link);

/* Calls the program's functions with what waits. The applying thread. */
void sw_arrivals_run(sw_driver *driver);

/* Frees all; nothing else runs any more. */
void sw_arrivals_fini(sw_driver *driver);

#endif
