/* SPDX-License-Identifier: MIT
 *
 * Services: the way of a call from the I/O side to the serving thread, and of its answer from any thread
 * back.
 */
#ifndef STRUCTWIRE_SDK_SERVICES_H
#define STRUCTWIRE_SDK_SERVICES_H

#include "value.h"

#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_link sw_link;

/* An sw_call is the slot it is in and a serial number. */
#define SW_CALL_SLOT_BITS 16u
#define SW_CALL_SLOT_MASK 0xffffu

typedef struct sw_service {
  char *name;
  uint32_t id;
  const sw_type *request; /* NULL: takes nothing */
  const sw_type *reply;   /* NULL: answers nothing */
  sw_service_fn run;
  void *context;
} sw_service;

/* One CALL. Everything that may change is under the driver's lock. */
typedef struct sw_pending_call {
  sw_call call;
  uint64_t link_serial;
  uint64_t id; /* of the CALL on its link */
  const sw_service *service;
  struct sw_pending_call *next_answered;
  bool running;   /* its function runs now and may look at the request */
  bool answered;  /* in the list of the answered, or beyond */
  bool done;      /* the answer was sent or given up; freed when it no longer runs */
  bool cancelled; /* the caller does not want the answer */
  bool orphan;    /* the caller's link is gone */
  sw_status status;
  char reason[SW_REASON_BYTES];
  uint8_t *reply;    /* room for it */
  uint8_t request[]; /* then the reply */
} sw_pending_call;

/* Takes a CALL of `link` whose record is well formed. The I/O side. SW_OK: it waits to be run; else it is to
 * be refused with `reason`, where that is not empty. */
sw_status sw_services_take(sw_link *link, uint64_t id, uint32_t service, const uint8_t *request,
                           uint32_t size, char reason[SW_REASON_BYTES]);

/* Notes that the answer of CALL `id` is no longer wanted. */
void sw_services_cancel(sw_link *link, uint64_t id);

/* Sends the answers that wait. The I/O side. */
void sw_services_answer(sw_driver *driver);

/* Gives up the calls of a link that is gone. The I/O side. */
void sw_services_forget(sw_driver *driver, uint64_t link_serial);

/* Declares all services to a bridge. False: no memory. The I/O side. */
bool sw_services_declare_to(sw_link *link);

/* Frees all; nothing else runs any more. */
void sw_services_fini(sw_driver *driver);

#endif
