/* SPDX-License-Identifier: MIT
 *
 * Writes control records. Padding is zeroed by writing the last 8 bytes of a record before its contents.
 */
#include "control.h"
#include "record.h"

#include <string.h>

sw_text sw_text_of(const char *text) {
  return (sw_text){text, text == NULL ? 0u : (uint32_t)strlen(text)};
}

/* Begins a record of `bytes` and zeroes where padding may be. */
static size_t begin(uint8_t *at, uint32_t type, size_t bytes) {
  const size_t whole = sw_pad8(bytes);
  if (at != NULL) {
    memset(at + whole - 8u, 0, 8u);
    sw_prefix_write(at, (uint32_t)whole, type, 0);
  }
  return whole;
}

static uint8_t *append(uint8_t *at, const void *bytes, size_t count) {
  if (count > 0)
    memcpy(at, bytes, count);
  return at + count;
}

size_t sw_write_hello(uint8_t *at, const sw_hello *hello) {
  const size_t bytes =
      begin(at, SW_RECORD_HELLO, (size_t)SW_HELLO_HEADER_BYTES + hello->name.bytes + hello->blob_bytes);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, SW_MAGIC);
  sw_put16(at + 12, SW_PROTOCOL_MAJOR);
  sw_put16(at + 14, SW_PROTOCOL_MINOR);
  sw_put64(at + 16, hello->epoch);
  sw_put64(at + 24, (uint64_t)hello->offset);
  sw_put32(at + 32, hello->name.bytes);
  sw_put32(at + 36, hello->blob_bytes);
  sw_put32(at + 40, hello->pid);
  sw_put32(at + 44, 0);
  (void)append(append(at + SW_HELLO_HEADER_BYTES, hello->name.at, hello->name.bytes), hello->blob,
               hello->blob_bytes);
  return bytes;
}

size_t sw_write_advertise(uint8_t *at, uint32_t stream, uint32_t kind, uint32_t size, sw_text name,
                          sw_text type, uint64_t next) {
  const size_t bytes =
      begin(at, SW_RECORD_ADVERTISE, (size_t)SW_ADVERTISE_HEADER_BYTES + name.bytes + type.bytes);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, stream);
  sw_put32(at + 12, kind);
  sw_put32(at + 16, size);
  sw_put32(at + 20, name.bytes);
  sw_put32(at + 24, type.bytes);
  sw_put32(at + 28, 0);
  sw_put64(at + 32, next);
  (void)append(append(at + SW_ADVERTISE_HEADER_BYTES, name.at, name.bytes), type.at, type.bytes);
  return bytes;
}

size_t sw_write_withdraw(uint8_t *at, uint32_t stream) {
  const size_t bytes = begin(at, SW_RECORD_WITHDRAW, SW_WITHDRAW_BYTES);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, stream);
  return bytes;
}

size_t sw_write_parameter(uint8_t *at, sw_text name, sw_text type, const sw_value_at *current) {
  const size_t texts = sw_pad8((size_t)SW_PARAMETER_HEADER_BYTES + name.bytes + type.bytes);
  const size_t bytes = begin(at, SW_RECORD_PARAMETER, texts + current->size);
  if (at == NULL)
    return bytes;
  memset(at + texts - 8u, 0, 8u);
  sw_put32(at + 8, current->parameter);
  sw_put32(at + 12, current->size);
  sw_put32(at + 16, name.bytes);
  sw_put32(at + 20, type.bytes);
  sw_put32(at + 24, current->stream);
  sw_put32(at + 28, 0);
  (void)append(append(at + SW_PARAMETER_HEADER_BYTES, name.at, name.bytes), type.at, type.bytes);
  (void)append(at + texts, current->value, current->size);
  return bytes;
}

size_t sw_write_value(uint8_t *at, uint64_t set, const sw_value_at *current) {
  const size_t bytes = begin(at, SW_RECORD_VALUE, (size_t)SW_VALUE_HEADER_BYTES + current->size);
  if (at == NULL)
    return bytes;
  sw_put64(at + 8, set);
  sw_put32(at + 16, current->parameter);
  sw_put32(at + 20, current->stream);
  sw_put64(at + 24, current->next);
  sw_put64(at + 32, (uint64_t)current->time);
  sw_put32(at + 40, current->size);
  sw_put32(at + 44, 0);
  (void)append(at + SW_VALUE_HEADER_BYTES, current->value, current->size);
  return bytes;
}

size_t sw_write_service(uint8_t *at, uint32_t service, sw_text name, const sw_type *request,
                        const sw_type *reply) {
  const sw_text request_type = sw_text_of(request == NULL ? NULL : request->name);
  const sw_text reply_type = sw_text_of(reply == NULL ? NULL : reply->name);
  const size_t bytes =
      begin(at, SW_RECORD_SERVICE,
            (size_t)SW_SERVICE_HEADER_BYTES + name.bytes + request_type.bytes + reply_type.bytes);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, service);
  sw_put32(at + 12, request == NULL ? 0u : request->size);
  sw_put32(at + 16, reply == NULL ? 0u : reply->size);
  sw_put32(at + 20, name.bytes);
  sw_put32(at + 24, request_type.bytes);
  sw_put32(at + 28, reply_type.bytes);
  uint8_t *texts = append(at + SW_SERVICE_HEADER_BYTES, name.at, name.bytes);
  texts = append(texts, request_type.at, request_type.bytes);
  (void)append(texts, reply_type.at, reply_type.bytes);
  return bytes;
}

size_t sw_write_reply(uint8_t *at, uint64_t call, const uint8_t *reply, uint32_t size) {
  const size_t bytes = begin(at, SW_RECORD_REPLY, (size_t)SW_REPLY_HEADER_BYTES + size);
  if (at == NULL)
    return bytes;
  sw_put64(at + 8, call);
  sw_put32(at + 16, size);
  sw_put32(at + 20, 0);
  (void)append(at + SW_REPLY_HEADER_BYTES, reply, size);
  return bytes;
}

size_t sw_write_refuse(uint8_t *at, uint64_t id, sw_status code, sw_text reason) {
  const size_t bytes = begin(at, SW_RECORD_REFUSE, (size_t)SW_REFUSE_HEADER_BYTES + reason.bytes);
  if (at == NULL)
    return bytes;
  sw_put64(at + 8, id);
  sw_put32(at + 16, (uint32_t)code);
  sw_put32(at + 20, reason.bytes);
  (void)append(at + SW_REFUSE_HEADER_BYTES, reason.at, reason.bytes);
  return bytes;
}

size_t sw_write_subscribe(uint8_t *at, uint32_t subscription, uint32_t wanted, uint32_t flags,
                          sw_text pattern) {
  const size_t bytes = begin(at, SW_RECORD_SUBSCRIBE, (size_t)SW_SUBSCRIBE_HEADER_BYTES + pattern.bytes);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, subscription);
  sw_put32(at + 12, wanted);
  sw_put32(at + 16, flags);
  sw_put32(at + 20, pattern.bytes);
  (void)append(at + SW_SUBSCRIBE_HEADER_BYTES, pattern.at, pattern.bytes);
  return bytes;
}

size_t sw_write_unsubscribe(uint8_t *at, uint32_t subscription) {
  const size_t bytes = begin(at, SW_RECORD_UNSUBSCRIBE, SW_UNSUBSCRIBE_BYTES);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, subscription);
  sw_put32(at + 12, 0);
  return bytes;
}

size_t sw_write_ready(uint8_t *at) {
  return begin(at, SW_RECORD_READY, SW_PREFIX_BYTES);
}

size_t sw_write_log(uint8_t *at, int64_t time, sw_level level, sw_text text) {
  const size_t bytes = begin(at, SW_RECORD_LOG, (size_t)SW_LOG_HEADER_BYTES + text.bytes);
  if (at == NULL)
    return bytes;
  sw_put64(at + 8, (uint64_t)time);
  sw_put32(at + 16, (uint32_t)level);
  sw_put32(at + 20, text.bytes);
  (void)append(at + SW_LOG_HEADER_BYTES, text.at, text.bytes);
  return bytes;
}

size_t sw_write_pong(uint8_t *at, uint64_t id, int64_t clock, int64_t offset) {
  const size_t bytes = begin(at, SW_RECORD_PONG, SW_PING_BYTES);
  if (at == NULL)
    return bytes;
  sw_put64(at + 8, id);
  sw_put64(at + 16, (uint64_t)clock);
  sw_put64(at + 24, (uint64_t)offset);
  return bytes;
}

size_t sw_write_counters(uint8_t *at, uint32_t count) {
  const size_t bytes =
      begin(at, SW_RECORD_COUNTERS, SW_COUNTERS_HEADER_BYTES + (size_t)count * SW_COUNTERS_ENTRY_BYTES);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, count);
  sw_put32(at + 12, 0);
  return bytes;
}

void sw_write_counters_entry(uint8_t *at, uint32_t stream, const sw_counters *counters) {
  sw_put32(at, stream);
  sw_put32(at + 4, 0);
  sw_put64(at + 8, counters->published);
  sw_put64(at + 16, counters->ring_dropped);
  sw_put64(at + 24, counters->link_dropped);
}

size_t sw_write_end(uint8_t *at, sw_status code, sw_text text) {
  const size_t bytes = begin(at, SW_RECORD_END, (size_t)SW_END_HEADER_BYTES + text.bytes);
  if (at == NULL)
    return bytes;
  sw_put32(at + 8, (uint32_t)code);
  sw_put32(at + 12, text.bytes);
  (void)append(at + SW_END_HEADER_BYTES, text.at, text.bytes);
  return bytes;
}
