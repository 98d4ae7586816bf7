/* SPDX-License-Identifier: MIT
 *
 * Subscriptions: what the program wants to read, asked of every bridge, also of those that come later.
 */
#ifndef STRUCTWIRE_SDK_SUBSCRIPTIONS_H
#define STRUCTWIRE_SDK_SUBSCRIPTIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_link sw_link;

struct sw_subscription {
  sw_driver *driver;
  char *pattern;
  char *bridge; /* only of bridges of this name; empty: of all */
  uint32_t id;
  uint32_t wanted; /* SW_WANTED_… */
  uint32_t flags;
  sw_arrival_fn run;
  void *context;
  atomic_bool gone;      /* sw_unsubscribe was called */
  sw_subscription *next; /* of the new ones, under the lock; then of the I/O side's */

  /* The I/O side's. */
  bool ending;    /* the bridges were told that it is not wanted any more */
  uint64_t slots; /* a bit for each link that was asked and has not said that it is over */
  uint32_t feeds; /* that belong to it */
};

/* Takes over the new ones and lets go of those that are not wanted any more. The I/O side. */
void sw_subscriptions_update(sw_driver *driver);

/* Asks a bridge that has just attached for all there is. False: no memory. The I/O side. */
bool sw_subscriptions_ask(sw_link *link);

/* One that this bridge was asked for and that is not over; NULL: there is none. The I/O side. */
sw_subscription *sw_subscription_of(const sw_link *link, uint32_t id);

/* It is over at this bridge. The I/O side. */
void sw_subscription_over(sw_subscription *subscription, const sw_link *link);

/* The link is gone. The I/O side. */
void sw_subscriptions_forget(const sw_link *link);

/* Frees all; nothing else runs any more. */
void sw_subscriptions_fini(sw_driver *driver);

#endif
