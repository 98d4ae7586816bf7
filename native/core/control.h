/* SPDX-License-Identifier: MIT
 *
 * The control records that a driver writes (docs/driver-protocol.md). Each function writes one whole record
 * to `at`, padding included, and returns its bytes; with `at` NULL it only returns them. Texts need no
 * terminator. Pure.
 */
#ifndef STRUCTWIRE_CORE_CONTROL_H
#define STRUCTWIRE_CORE_CONTROL_H

#include <stddef.h>
#include <stdint.h>
#include <structwire/structwire.h>

typedef struct sw_text {
  const char *at;
  uint32_t bytes;
} sw_text;

/* The text up to its NUL; NULL is an empty one. */
sw_text sw_text_of(const char *text);

typedef struct sw_hello {
  uint64_t epoch;
  int64_t offset;
  uint32_t pid;
  sw_text name;
  const uint8_t *blob;
  uint32_t blob_bytes;
} sw_hello;

size_t sw_write_hello(uint8_t *at, const sw_hello *hello);

size_t sw_write_advertise(uint8_t *at, uint32_t stream, uint32_t kind, uint32_t size, sw_text name,
                          sw_text type, uint64_t next);

size_t sw_write_withdraw(uint8_t *at, uint32_t stream);

typedef struct sw_value_at {
  uint32_t parameter;
  uint32_t stream; /* of the channel it governs, or 0 */
  uint64_t next;   /* sequence of the first sample of it after */
  int64_t time;    /* when it took effect */
  const uint8_t *value;
  uint32_t size;
} sw_value_at;

size_t sw_write_parameter(uint8_t *at, sw_text name, sw_text type, const sw_value_at *current);

/* `set` is the SET that it answers, or 0. */
size_t sw_write_value(uint8_t *at, uint64_t set, const sw_value_at *current);

size_t sw_write_service(uint8_t *at, uint32_t service, sw_text name, const sw_type *request,
                        const sw_type *reply);

size_t sw_write_reply(uint8_t *at, uint64_t call, const uint8_t *reply, uint32_t size);

size_t sw_write_refuse(uint8_t *at, uint64_t id, sw_status code, sw_text reason);

/* `pattern` is a whole name, or a pattern of them. */
size_t sw_write_subscribe(uint8_t *at, uint32_t subscription, uint32_t wanted, uint32_t flags,
                          sw_text pattern);

size_t sw_write_unsubscribe(uint8_t *at, uint32_t subscription);

size_t sw_write_ready(uint8_t *at);

size_t sw_write_log(uint8_t *at, int64_t time, sw_level level, sw_text text);

size_t sw_write_pong(uint8_t *at, uint64_t id, int64_t clock, int64_t offset);

/* The header of COUNTERS; `count` entries of sw_write_counters_entry follow it. Returns the bytes of all. */
size_t sw_write_counters(uint8_t *at, uint32_t count);

void sw_write_counters_entry(uint8_t *at, uint32_t stream, const sw_counters *counters);

size_t sw_write_end(uint8_t *at, sw_status code, sw_text text);

#endif
