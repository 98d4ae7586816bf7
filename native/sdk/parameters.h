/* SPDX-License-Identifier: MIT
 *
 * Parameters: the way of a set from the I/O side to the applying thread and back, and the value as bridges
 * know it.
 */
#ifndef STRUCTWIRE_SDK_PARAMETERS_H
#define STRUCTWIRE_SDK_PARAMETERS_H

#include "control.h"
#include "latest.h"
#include "value.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_link sw_link;

/* One SET. The I/O side makes it, the applying thread fills in what became of it, the I/O side answers and
 * frees it. */
typedef struct sw_set {
  uint64_t link_serial;
  uint64_t id;
  sw_parameter *parameter;
  sw_status status;
  uint64_t version; /* with SW_OK: of the value in `bytes` */
  sw_value_at applied;
  char reason[SW_REASON_BYTES];
  uint8_t bytes[]; /* the value, then the mask; afterwards what was applied */
} sw_set;

/* A value as sw_parameter_changed passes it on. */
typedef struct sw_changed {
  uint64_t version;
  uint64_t next;
  int64_t time;
  uint32_t stream;
  uint8_t value[];
} sw_changed;

struct sw_parameter {
  sw_driver *driver;
  const sw_type *type;
  char *name;
  uint32_t id;
  sw_channel *channel; /* that it governs, or NULL */
  sw_check_fn check;
  void *context;

  /* The applying thread's. */
  uint8_t *value;   /* the program's */
  uint8_t *merged;  /* room for a candidate */
  uint64_t version; /* of the value: how often it changed */

  sw_latest changed; /* from the applying thread to the I/O side */

  /* The I/O side's: what came through `changed` in this turn, and what bridges were told last. */
  const sw_changed *fresh;
  sw_value_at told;
  uint8_t *told_value;
  uint64_t told_version;
};

/* Takes a SET of `link` whose record is well formed. The I/O side. SW_OK: it waits to be applied; else it is
 * to be refused. */
sw_status sw_parameters_take(sw_link *link, uint64_t id, uint32_t parameter, const uint8_t *value,
                             const uint8_t *mask, uint32_t size);

/* Answers the sets that were applied and tells all bridges of values that changed. The I/O side. */
void sw_parameters_answer(sw_driver *driver);

/* Declares all parameters to a bridge. False: no memory. The I/O side. */
bool sw_parameters_declare_to(sw_link *link);

/* Frees all; nothing else runs any more. */
void sw_parameters_fini(sw_driver *driver);

#endif
