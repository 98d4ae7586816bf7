/* SPDX-License-Identifier: MIT
 *
 * The connection to one bridge. The I/O side only. Whatever the other end sends costs at most this
 * connection.
 */
#ifndef STRUCTWIRE_SDK_LINK_H
#define STRUCTWIRE_SDK_LINK_H

#include "arrivals.h"
#include "outbox.h"
#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef enum sw_link_state {
  SW_LINK_OPEN,     /* HELLO is on its way, ATTACH is awaited */
  SW_LINK_ATTACHED, /* samples and requests flow */
  SW_LINK_ENDING,   /* END is on its way; what still comes is thrown away */
  SW_LINK_CLOSED    /* to be freed */
} sw_link_state;

struct sw_link {
  sw_driver *driver;
  int fd;
  uint32_t slot;   /* of the driver's links, and of each channel's lanes */
  uint64_t serial; /* never used twice; 0 is none */
  sw_link_state state;
  uint16_t minor;                      /* of the protocol that the bridge speaks; from ATTACH */
  char bridge[SW_MAX_NAME_BYTES + 1u]; /* its name; from ATTACH */
  int64_t deadline;                    /* monotonic: when OPEN and ENDING are over */

  uint8_t *in; /* what was received and not yet taken */
  size_t in_room, in_used;

  sw_outbox out;
  bool ended;         /* END was put into the outbox */
  bool blocked;       /* the kernel takes nothing now */
  uint32_t watched;   /* what the loop was asked to watch */
  uint64_t next_log;  /* number of the first line that was not queued yet */
  bool values_missed; /* VALUEs were held back: send the newest of all when there is room */

  uint64_t requests[SW_MAX_PENDING]; /* ids of the SETs and CALLs that wait for an answer */
  uint32_t request_count;
  size_t request_bytes; /* of memory that they hold */

  sw_feed **feeds; /* by rising stream */
  uint32_t feed_count, feed_room;
  uint32_t last_stream;
  uint32_t arrivals_out; /* messages of its feeds that the program has, and their bytes */
  size_t arrivals_bytes;
};

/* Takes over a connected descriptor, also when it fails. HELLO is sent at once. */
bool sw_link_open(sw_driver *driver, int fd);

/* The link that has `serial`, or NULL when it is gone. */
sw_link *sw_link_find(const sw_driver *driver, uint64_t serial);

/* Tells the bridge of a channel that came after it. */
void sw_link_advertise(sw_link *link, sw_channel *channel);

/* Reads what came and carries it out. */
void sw_link_receive(sw_link *link);

/* Answers ATTACH: declares all there is. */
void sw_link_attach(sw_link *link);

/* Carries out one whole record. Anything but SW_OK ends the link. */
sw_status sw_link_dispatch(sw_link *link, const uint8_t *record, const char **why);

/* Whether one more request may wait, for which `bytes` of memory are held. */
bool sw_link_can_expect(const sw_link *link, size_t bytes);

/* Notes that a request waits for an answer, and that it no longer does. `bytes` of memory are held for it. */
void sw_link_expect(sw_link *link, uint64_t id, size_t bytes);
void sw_link_answered(sw_link *link, uint64_t id, size_t bytes);

/* Refuses a SET or CALL. */
void sw_link_refuse(sw_link *link, uint64_t id, sw_status code, const char *reason);

/* Queues the lines of the log that the bridge has not got. */
void sw_link_queue_logs(sw_link *link);

/* Queues COUNTERS, unless the last still wait. */
void sw_link_queue_counters(sw_link *link);

/* Drops what waits, says END with `code` and closes as soon as that is sent, or after a second. */
void sw_link_end(sw_link *link, sw_status code, const char *text);

/* Refuses what waits for an answer and appends the last news and an orderly END. */
void sw_link_finish(sw_link *link);

/* The kernel takes bytes again. */
static inline void sw_link_unblock(sw_link *link) {
  link->blocked = false;
}

/* Sends what the kernel takes and asks the loop for what is wanted next. Returns the bytes sent. */
size_t sw_link_flush(sw_link *link);

/* Closes without a word; the memory is freed at the end of the turn. */
void sw_link_close(sw_link *link);
void sw_link_free(sw_link *link);

#endif
