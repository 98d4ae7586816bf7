/* SPDX-License-Identifier: MIT
 *
 * A bridge as the tests play it: a real socket, records in and out, nothing taken for granted.
 */
#ifndef TEST_BRIDGE_H
#define TEST_BRIDGE_H

#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct bridge {
  int fd;
  uint8_t *in;
  size_t used, taken;
  const sw_driver *driver; /* with bridge_pump: its I/O is done while the bridge waits */
} bridge;

/* Connects without a word. */
bridge bridge_dial(const char *path);

/* Connects, reads HELLO, sends ATTACH. */
bridge bridge_attach(const char *path);

/* The same as a bridge of an older minor version. */
bridge bridge_attach_minor(const char *path, uint16_t minor);

void bridge_hang_up(bridge *b);

/* Does the I/O of a driver without a thread whenever the bridge waits. */
void bridge_pump(bridge *b, sw_driver *driver);

/* Bytes as they are; fails when the driver does not take them. */
void bridge_send(bridge *b, const void *bytes, size_t count);

/* The next record, valid until the next call; NULL at the end of the stream. Fails after 5 min. */
const uint8_t *bridge_next(bridge *b);

/* The next record of a type; others are passed over. Fails at the end of the stream. */
const uint8_t *bridge_expect(bridge *b, uint32_t type);

/* Whether the stream ends after END with `code`; other records before it are passed over. */
bool bridge_sees_end(bridge *b, sw_status code);

/* Requests. The records are as the protocol says, except where an argument makes them wrong. */
void bridge_send_attach(bridge *b, uint32_t magic, uint16_t major);
void bridge_set(bridge *b, uint64_t id, uint32_t parameter, const void *value, const void *mask,
                uint32_t size);
void bridge_call(bridge *b, uint64_t id, uint32_t service, const void *request, uint32_t size);
void bridge_cancel(bridge *b, uint64_t id);

/* What a bridge gives to subscriptions; times are 1000 ns for each sequence. `type` is empty for JSON. */
void bridge_stream(bridge *b, uint32_t stream, uint32_t subscription, const char *name, const char *type,
                   uint64_t next);
void bridge_stream_end(bridge *b, uint32_t stream, uint32_t subscription, sw_status code, const char *text);
void bridge_texts(bridge *b, uint32_t stream, uint64_t first, uint32_t count, const char *const *texts);
void bridge_gap(bridge *b, uint32_t stream, uint64_t from, uint64_t to, uint32_t reason);

/* The epoch of all streams of bridge_stream. */
#define BRIDGE_EPOCH UINT64_C(77)

/* Whether the next answer is REFUSE of `id` with `code`. */
bool bridge_sees_refusal(bridge *b, uint64_t id, sw_status code);

/* ---- For all tests of the driver ---- */

/* A runtime folder of its own, named in the environment. */
void make_runtime_folder(void);
const char *runtime_folder(void);
void remove_runtime_folder(void);

/* Sets an environment variable; NULL removes it. */
void set_variable(const char *name, const char *value);

/* How many descriptors this process has open. */
int open_descriptors(void);

/* A driver called "test" with the schema of messages.h. */
sw_driver *open_test_driver(const sw_driver_options *more);

/* Waits for a condition that another thread makes true; fails after 5 min. */
#define WAIT_UNTIL(condition)                                                                                \
  do {                                                                                                       \
    for (int tries_ = 0; !(condition); tries_++) {                                                           \
      CHECK(tries_ < 300000);                                                                                \
      wait_a_little();                                                                                       \
    }                                                                                                        \
  } while (0)
void wait_a_little(void);

#endif
