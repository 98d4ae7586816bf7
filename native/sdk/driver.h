/* SPDX-License-Identifier: MIT
 *
 * The driver: what the files of this floor share. Three kinds of state: what is constant after set-up, what
 * the I/O side alone touches, and what is shared under the lock or by atomics.
 */
#ifndef STRUCTWIRE_SDK_DRIVER_H
#define STRUCTWIRE_SDK_DRIVER_H

#include "arrivals.h"
#include "channel.h"
#include "describe/schema.h"
#include "link.h"
#include "listener.h"
#include "log.h"
#include "loop.h"
#include "parameters.h"
#include "queue.h"
#include "services.h"
#include "subscriptions.h"
#include "thread.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

struct sw_driver {
  /* Constant after set-up. */
  char name[SW_MAX_DRIVER_NAME_BYTES + 1u];
  const sw_schema *schema;
  sw_described_schema described; /* when the types describe themselves; then `schema` is in it */
  sw_clock_fn clock;
  void *clock_context;
  int64_t clock_offset; /* to UTC, as HELLO says it */
  int64_t clock_start;  /* the default clock: UTC minus monotonic at the start */
  uint64_t epoch;
  uint32_t max_bridges;
  uint32_t link_bytes;
  uint32_t batch_bytes;
  uint32_t inbox_bytes;
  int64_t batch_ns;
  uint8_t *hello;
  size_t hello_bytes;
  sw_parameter **parameters;
  uint32_t parameter_count;
  sw_service **services;
  uint32_t service_count;
  bool set_up; /* sw_start or sw_poll was called: parameters and services are fixed */

  /* The I/O side's. */
  sw_listener listener;
  sw_loop loop;
  sw_link **links; /* max_bridges slots */
  uint64_t link_serial;
  sw_channel *channels; /* that bridges see */
  sw_channel *leaving;  /* withdrawn, but not yet sent everywhere */
  sw_subscription *subscriptions;
  sw_feed *closed_feeds; /* that no record is for any more */
  uint32_t arrivals_out; /* messages that the program has, and their bytes */
  size_t arrivals_bytes;
  bool arrivals_due;  /* something had no room to be handed on */
  uint32_t sets_out;  /* SETs that were taken and not yet answered, those of dead links too */
  int64_t drained_at; /* monotonic times */
  int64_t active_at;
  int64_t counters_at;
  int64_t accept_at; /* not before; 0: at once */
  bool answering;    /* the last turn began with an answer, not by waiting */
  bool hurried;      /* a ring was found more than a quarter full */

  /* Shared. */
  _Atomic uintptr_t io_thread; /* sw_thread_self of the I/O side */
  atomic_bool woken;
  atomic_bool changed;     /* channels or subscriptions have come or gone */
  atomic_bool answered;    /* `answers` is not empty */
  _Atomic uint64_t logged; /* lines so far: tells without the lock whether there are new ones */
  sw_queue sets;           /* I/O side to sw_apply */
  sw_queue applied;        /* sw_apply to I/O side */
  sw_queue calls;          /* I/O side to sw_serve */
  sw_queue arrivals;       /* I/O side to sw_apply */
  sw_queue returned;       /* sw_apply to I/O side */
  void **queue_slots;
  uint32_t request_capacity; /* of each queue (twice that of those of arrivals) and of call_slots */

  sw_lock lock; /* for what follows; held for moments only, never during a callback or a system call */
  sw_channel *named;
  uint32_t channel_count;
  uint32_t stream_serial;
  sw_change *changes, *last_change;
  sw_subscription *new_subscriptions;
  uint32_t subscription_count, subscription_serial;
  sw_pending_call **call_slots;
  uint64_t call_serial;
  sw_pending_call *answers, *last_answer;
  sw_log_ring log;

  bool has_thread;
  atomic_bool stopping;
  sw_thread thread;
};

/* Wakes the I/O side, unless it is the caller. At most one system call. */
void sw_driver_wake(sw_driver *driver);

/* The driver's own table of `type`, or NULL when it is none of its schema. */
const sw_type *sw_driver_type(const sw_driver *driver, const sw_type *type);

/* Whether `name` can stand below the driver's name. */
bool sw_driver_can_name(const sw_driver *driver, const char *name);

/* Does all I/O that is due, after waiting up to `timeout_ns` (negative: for ever) for something to do.
 * *worked: something was received or sent, or
 * a signal came. */
sw_status sw_driver_turn(sw_driver *driver, int64_t timeout_ns, bool *worked);

/* ns until the next turn is due, or -1 when only an event can make it so. */
int64_t sw_driver_due(sw_driver *driver);

/* Tells every bridge that it is an orderly end and closes; waits at most `timeout_ns`. */
void sw_driver_say_goodbye(sw_driver *driver, int64_t timeout_ns);

/* A copy on the heap, or NULL. */
char *sw_text_copy(const char *text);

#endif
