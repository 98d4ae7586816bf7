/* SPDX-License-Identifier: MIT
 *
 * What a bridge sends: read into a buffer that grows only with what really came, cut into records, checked,
 * carried out. Everything here is hostile until checked.
 */
#include "driver.h"
#include "platform.h"
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_ATTACH_BYTES = 4096, /* more than ATTACH has today: minor versions may add */
  READ_BYTES_A_TURN = 1 << 18,
  IN_KEEP_BYTES = 1 << 16
};

static sw_status take_attach(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why) {
  if (record[4] != SW_RECORD_ATTACH || bytes < SW_ATTACH_HEADER_BYTES) {
    *why = "the first record is not ATTACH";
    return SW_BAD_RECORD;
  }
  if (sw_get32(record + 8) != SW_MAGIC || sw_get16(record + 12) != SW_PROTOCOL_MAJOR) {
    *why = "this driver speaks version 1 of the protocol";
    return SW_VERSION_MISMATCH;
  }
  const uint32_t name_bytes = sw_get32(record + 16);
  if (name_bytes > SW_MAX_NAME_BYTES || SW_ATTACH_HEADER_BYTES + sw_pad8(name_bytes) > bytes) {
    *why = "the name of ATTACH does not fit";
    return SW_BAD_RECORD;
  }
  link->minor = sw_get16(record + 14);
  memcpy(link->bridge, record + SW_ATTACH_HEADER_BYTES, name_bytes); /* its zero is there already */
  sw_link_attach(link);
  return SW_OK;
}

/* An id names one request as long as it waits. */
static bool is_new_id(const sw_link *link, uint64_t id) {
  if (id == 0)
    return false;
  for (uint32_t i = 0; i < link->request_count; i++) {
    if (link->requests[i] == id)
      return false;
  }
  return true;
}

static sw_status take_set(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why) {
  *why = "SET does not fit its size, or its id is 0 or in use";
  if (bytes < SW_SET_HEADER_BYTES)
    return SW_BAD_RECORD;
  const uint64_t id = sw_get64(record + 8);
  const uint32_t size = sw_get32(record + 20);
  if (size > SW_MAX_SAMPLE_BYTES || bytes != SW_SET_HEADER_BYTES + 2u * sw_pad8(size))
    return SW_BAD_RECORD;
  if (!is_new_id(link, id))
    return SW_BAD_RECORD;
  const uint8_t *value = record + SW_SET_HEADER_BYTES;
  const sw_status status =
      sw_parameters_take(link, id, sw_get32(record + 16), value, value + sw_pad8(size), size);
  if (status != SW_OK)
    sw_link_refuse(link, id, status, "");
  return SW_OK;
}

static sw_status take_call(sw_link *link, const uint8_t *record, uint32_t bytes, const char **why) {
  *why = "CALL does not fit its size, or its id is 0 or in use";
  if (bytes < SW_CALL_HEADER_BYTES)
    return SW_BAD_RECORD;
  const uint64_t id = sw_get64(record + 8);
  const uint32_t size = sw_get32(record + 20);
  if (size > SW_MAX_SAMPLE_BYTES || bytes != SW_CALL_HEADER_BYTES + sw_pad8(size))
    return SW_BAD_RECORD;
  if (!is_new_id(link, id))
    return SW_BAD_RECORD;
  char reason[SW_REASON_BYTES] = "";
  const uint8_t *request = record + SW_CALL_HEADER_BYTES;
  const sw_status status = sw_services_take(link, id, sw_get32(record + 16), request, size, reason);
  if (status != SW_OK)
    sw_link_refuse(link, id, status, reason);
  return SW_OK;
}

static sw_status take_ping(sw_link *link, const uint8_t *record) {
  uint8_t *at = sw_outbox_urgent(&link->out, SW_PING_BYTES);
  if (at == NULL)
    return SW_OUT_OF_MEMORY;
  const int64_t clock = sw_now(link->driver);
  (void)sw_write_pong(at, sw_get64(record + 8), clock, sw_platform_utc() - clock);
  return SW_OK;
}

sw_status sw_link_dispatch(sw_link *link, const uint8_t *record, const char **why) {
  const uint32_t bytes = sw_get32(record);
  if (link->state == SW_LINK_OPEN && record[4] != SW_RECORD_END)
    return take_attach(link, record, bytes, why);
  switch (record[4]) {
  case SW_RECORD_BATCH:
    return sw_arrivals_batch(link, record, why);
  case SW_RECORD_GAP:
    return sw_arrivals_gap(link, record, why);
  case SW_RECORD_STREAM:
    return sw_arrivals_stream(link, record, bytes, why);
  case SW_RECORD_STREAM_END:
    return sw_arrivals_end(link, record, bytes, why);
  case SW_RECORD_SET:
    return take_set(link, record, bytes, why);
  case SW_RECORD_CALL:
    return take_call(link, record, bytes, why);
  case SW_RECORD_CANCEL:
    *why = "CANCEL has a wrong length";
    if (bytes != SW_CANCEL_BYTES)
      return SW_BAD_RECORD;
    sw_services_cancel(link, sw_get64(record + 8));
    return SW_OK;
  case SW_RECORD_PING:
    *why = "PING has a wrong length";
    return bytes == SW_PING_BYTES ? take_ping(link, record) : SW_BAD_RECORD;
  case SW_RECORD_PONG:
    return SW_OK;
  case SW_RECORD_END:
    sw_link_close(link);
    return SW_OK;
  default:
    *why = "a record of this type is not expected here";
    return SW_BAD_RECORD;
  }
}

/* Carries out the whole records that are there; keeps the rest. */
static void take_records(sw_link *link) {
  size_t at = 0;
  while (link->state <= SW_LINK_ATTACHED && !link->ended) {
    const uint32_t max_bytes = link->state == SW_LINK_OPEN ? MAX_ATTACH_BYTES : SW_MAX_CONTROL_BYTES;
    sw_prefix prefix;
    const sw_parse parse = sw_prefix_read(link->in + at, link->in_used - at, max_bytes, &prefix);
    if (parse == SW_PARSE_MORE)
      break;
    if (parse == SW_PARSE_BAD) {
      sw_link_end(link, SW_BAD_RECORD, "a record has an impossible length");
      break;
    }
    const char *why = "";
    const sw_status status = sw_link_dispatch(link, link->in + at, &why);
    if (status != SW_OK)
      sw_link_end(link, status, why);
    at += prefix.bytes;
  }
  link->in_used -= at;
  memmove(link->in, link->in + at, link->in_used);
}

/* Room for more: the buffer is doubled only when it is full of a record's beginning, so its size follows what
 * really came. */
static bool make_room(sw_link *link) {
  if (link->in_used == 0 && link->in_room > IN_KEEP_BYTES) {
    uint8_t *smaller = realloc(link->in, IN_KEEP_BYTES);
    if (smaller != NULL) {
      link->in = smaller;
      link->in_room = IN_KEEP_BYTES;
    }
  }
  if (link->in_used < link->in_room)
    return true;
  const size_t room = link->in_room > 0 ? link->in_room * 2u : IN_KEEP_BYTES;
  uint8_t *larger = realloc(link->in, room);
  if (larger == NULL)
    return false;
  link->in = larger;
  link->in_room = room;
  return true;
}

void sw_link_receive(sw_link *link) {
  for (size_t total = 0; total < READ_BYTES_A_TURN && link->state != SW_LINK_CLOSED;) {
    if (!make_room(link)) {
      sw_link_end(link, SW_OUT_OF_MEMORY, "");
      return;
    }
    const ssize_t got = sw_stream_receive(link->fd, link->in + link->in_used, link->in_room - link->in_used);
    if (got < 0)
      sw_link_close(link);
    if (got <= 0)
      return;
    total += (size_t)got;
    if (link->ended)
      continue; /* thrown away: in_used stays */
    link->in_used += (size_t)got;
    const bool filled = link->in_used == link->in_room;
    take_records(link);
    if (!filled)
      return; /* the kernel had no more */
  }
}
