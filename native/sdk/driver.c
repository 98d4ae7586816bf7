/* SPDX-License-Identifier: MIT
 *
 * A driver's beginning and end.
 */
#include "driver.h"
#include "control.h"
#include "name.h"
#include "platform.h"
#include "value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  DEFAULT_BRIDGES = 8,
  MAX_BRIDGES = 64,
  DEFAULT_LINK_BYTES = 4 << 20,
  LEAST_LINK_BYTES = 4096,
  MAX_LINK_BYTES = 1 << 30,
  DEFAULT_INBOX_BYTES = 4 << 20,
  LEAST_INBOX_BYTES = 4096,
  MAX_INBOX_BYTES = 1 << 30,
  DEFAULT_BATCH_BYTES = 64 << 10,
  LEAST_BATCH_BYTES = 256,
  MAX_BATCH_BYTES = 8 << 20,
  DEFAULT_BATCH_US = 1000,
  MAX_BATCH_US = 1000000
};

#define GOODBYE_NS INT64_C(100000000)

char *sw_text_copy(const char *text) {
  const size_t bytes = strlen(text) + 1u;
  char *copy = malloc(bytes);
  if (copy != NULL)
    memcpy(copy, text, bytes);
  return copy;
}

static uint32_t choose(uint32_t wanted, uint32_t otherwise, uint32_t least, uint32_t most) {
  if (wanted == 0)
    return otherwise;
  return wanted < least ? least : wanted > most ? most : wanted;
}

const sw_type *sw_driver_type(const sw_driver *driver, const sw_type *type) {
  if (type == NULL || driver->schema == NULL || type->size == 0 || type->size > SW_MAX_SAMPLE_BYTES)
    return NULL;
  for (uint32_t i = 0; i < driver->schema->type_count; i++) {
    const sw_type *known = driver->schema->types[i];
    if (known == type || (known->size == type->size && strcmp(known->name, type->name) == 0))
      return known;
  }
  return NULL;
}

bool sw_driver_can_name(const sw_driver *driver, const char *name) {
  return sw_name_is_path(name, SW_MAX_NAME_BYTES - 1u - strlen(driver->name));
}

int64_t sw_now(const sw_driver *driver) {
  if (driver->clock != NULL)
    return driver->clock(driver->clock_context);
  return sw_platform_monotonic() + driver->clock_start;
}

const char *sw_driver_path(const sw_driver *driver) {
  return driver->listener.path;
}

static void take_options(sw_driver *driver, const sw_driver_options *options) {
  memcpy(driver->name, options->name, strlen(options->name) + 1u);
  driver->schema = options->schema;
  driver->clock = options->clock;
  driver->clock_context = options->clock_context;
  driver->clock_offset = options->clock != NULL ? options->clock_offset : 0;
  const int64_t utc = sw_platform_utc();
  driver->clock_start = utc - sw_platform_monotonic();
  driver->epoch = (uint64_t)utc;
  driver->max_bridges = choose(options->max_bridges, DEFAULT_BRIDGES, 1, MAX_BRIDGES);
  driver->link_bytes = choose(options->link_bytes, DEFAULT_LINK_BYTES, LEAST_LINK_BYTES, MAX_LINK_BYTES);
  driver->batch_bytes = choose(options->batch_bytes, DEFAULT_BATCH_BYTES, LEAST_BATCH_BYTES, MAX_BATCH_BYTES);
  driver->inbox_bytes = choose(options->inbox_bytes, DEFAULT_INBOX_BYTES, LEAST_INBOX_BYTES, MAX_INBOX_BYTES);
  /* Several batches are to fit, or a full buffer would mean that everything is dropped. */
  if (driver->batch_bytes > driver->link_bytes / 4u)
    driver->batch_bytes = driver->link_bytes / 4u;
  driver->batch_ns = (int64_t)choose(options->batch_us, DEFAULT_BATCH_US, 1, MAX_BATCH_US) * 1000;
}

/* Tables that are written already are used as they are. */
static sw_status take_schema(sw_driver *driver) {
  char reason[SW_REASON_BYTES];
  if (driver->schema == NULL || driver->schema->blob != NULL)
    return SW_OK;
  const sw_status status = sw_described_schema_init(&driver->described, driver->schema, reason);
  driver->schema = &driver->described.schema;
  return status;
}

static sw_status create_hello(sw_driver *driver) {
  static const uint8_t no_schema[] = "{\"v\":1,\"endian\":\"le\",\"types\":{},\"messages\":[]}";
  sw_hello hello = {.epoch = driver->epoch,
                    .offset = driver->clock_offset,
                    .pid = (uint32_t)getpid(),
                    .name = sw_text_of(driver->name),
                    .blob = no_schema,
                    .blob_bytes = sizeof no_schema - 1u};
  if (driver->schema != NULL) {
    hello.blob = driver->schema->blob;
    hello.blob_bytes = driver->schema->blob_size;
  }
  driver->hello_bytes = sw_write_hello(NULL, &hello);
  if (driver->hello_bytes > SW_MAX_HELLO_BYTES)
    return SW_INVALID_ARGUMENT;
  driver->hello = malloc(driver->hello_bytes);
  if (driver->hello == NULL)
    return SW_OUT_OF_MEMORY;
  (void)sw_write_hello(driver->hello, &hello);
  return SW_OK;
}

static sw_status create_queues(sw_driver *driver) {
  uint32_t capacity = SW_MAX_PENDING;
  while (capacity < SW_MAX_PENDING * driver->max_bridges)
    capacity *= 2u;
  driver->queue_slots = calloc((size_t)capacity * 7u, sizeof(void *));
  driver->call_slots = calloc(capacity, sizeof *driver->call_slots);
  driver->links = calloc(driver->max_bridges, sizeof *driver->links);
  if (driver->queue_slots == NULL || driver->call_slots == NULL || driver->links == NULL)
    return SW_OUT_OF_MEMORY;
  driver->request_capacity = capacity;
  sw_queue_init(&driver->sets, driver->queue_slots, capacity);
  sw_queue_init(&driver->applied, driver->queue_slots + capacity, capacity);
  sw_queue_init(&driver->calls, driver->queue_slots + 2u * (size_t)capacity, capacity);
  sw_queue_init(&driver->arrivals, driver->queue_slots + 3u * (size_t)capacity, 2u * capacity);
  sw_queue_init(&driver->returned, driver->queue_slots + 5u * (size_t)capacity, 2u * capacity);
  return sw_log_init(&driver->log) ? SW_OK : SW_OUT_OF_MEMORY;
}

static sw_status open_socket(sw_driver *driver, const char *path) {
  char found[SW_SOCKET_PATH_BYTES];
  sw_status status = SW_OK;
  if (path == NULL) {
    status = sw_folder_socket_path(driver->name, found);
    path = found;
  }
  if (status == SW_OK)
    status = sw_listener_open(&driver->listener, path);
  if (status != SW_OK)
    return status;
  if (!sw_loop_init(&driver->loop))
    return SW_SYSTEM_ERROR;
  return sw_loop_add(&driver->loop, driver->listener.fd, SW_LOOP_READ, &driver->listener) ? SW_OK
                                                                                          : SW_SYSTEM_ERROR;
}

static void free_channels(sw_channel *channel) {
  while (channel != NULL) {
    sw_channel *next = channel->next;
    sw_channel_free(channel);
    channel = next;
  }
}

static void free_driver(sw_driver *driver) {
  for (uint32_t slot = 0; driver->links != NULL && slot < driver->max_bridges; slot++) {
    if (driver->links[slot] == NULL)
      continue;
    sw_link_close(driver->links[slot]);
    sw_link_free(driver->links[slot]);
  }
  if (driver->request_capacity > 0) {
    sw_parameters_fini(driver);
    sw_services_fini(driver);
    sw_arrivals_fini(driver);
  }
  sw_subscriptions_fini(driver);
  free_channels(driver->channels);
  free_channels(driver->leaving);
  sw_loop_fini(&driver->loop);
  sw_listener_close(&driver->listener);
  sw_log_fini(&driver->log);
  sw_lock_fini(&driver->lock);
  free(driver->links);
  free(driver->call_slots);
  free(driver->queue_slots);
  free(driver->hello);
  sw_described_schema_fini(&driver->described);
  free(driver);
}

sw_status sw_driver_create(const sw_driver_options *options, sw_driver **out) {
  if (options == NULL || options->name == NULL || out == NULL)
    return SW_INVALID_ARGUMENT;
  if (!sw_name_is_level(options->name, SW_MAX_DRIVER_NAME_BYTES))
    return SW_NAME_INVALID;
  const size_t alignment = _Alignof(sw_driver);
  sw_driver *driver = aligned_alloc(alignment, (sizeof *driver + alignment - 1u) / alignment * alignment);
  if (driver == NULL)
    return SW_OUT_OF_MEMORY;
  memset(driver, 0, sizeof *driver);
  driver->listener.fd = -1;
  driver->loop.fd = -1;
  driver->loop.wake_fd = -1;
  sw_lock_init(&driver->lock);
  take_options(driver, options);
  sw_status status = take_schema(driver);
  if (status == SW_OK)
    status = create_hello(driver);
  if (status == SW_OK)
    status = create_queues(driver);
  if (status == SW_OK)
    status = open_socket(driver, options->path);
  if (status != SW_OK) {
    const int error = errno;
    free_driver(driver);
    errno = error;
    return status;
  }
  *out = driver;
  return SW_OK;
}

static void *run_thread(void *context) {
  sw_driver *driver = context;
  while (!atomic_load(&driver->stopping)) {
    bool worked;
    if (sw_driver_turn(driver, -1, &worked) != SW_OK)
      break;
  }
  return NULL;
}

sw_status sw_start(sw_driver *driver) {
  if (driver == NULL || driver->set_up)
    return SW_INVALID_ARGUMENT;
  driver->set_up = true;
  driver->has_thread = sw_thread_start(&driver->thread, run_thread, driver);
  if (driver->has_thread)
    return SW_OK;
  driver->set_up = false;
  return SW_SYSTEM_ERROR;
}

void sw_driver_destroy(sw_driver *driver) {
  if (driver == NULL)
    return;
  if (driver->has_thread) {
    atomic_store(&driver->stopping, true);
    sw_driver_wake(driver);
    sw_thread_join(&driver->thread);
  }
  sw_driver_say_goodbye(driver, GOODBYE_NS);
  free_driver(driver);
}
