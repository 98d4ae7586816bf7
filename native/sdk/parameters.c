/* SPDX-License-Identifier: MIT
 *
 * A set travels as one piece of memory: taken from the record by the I/O side, merged and checked by the
 * applying thread, answered and freed by the I/O side. The applying thread allocates nothing and waits for
 * nobody.
 */
#include "parameters.h"
#include "driver.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

/* Above this a bridge that does not read gets the newest values later instead of every one now. */
enum { MAX_VALUES_WAITING_BYTES = 1 << 18 };

static uint32_t stream_of(const sw_parameter *parameter) {
  return parameter->channel != NULL && !atomic_load(&parameter->channel->gone) ? parameter->channel->stream
                                                                               : 0;
}

/* What holds now, at the applying thread's moment. */
static sw_value_at value_now(const sw_parameter *parameter, const uint8_t *value) {
  const uint32_t stream = stream_of(parameter);
  return (sw_value_at){.parameter = parameter->id,
                       .stream = stream,
                       .next = stream != 0 ? sw_ring_next(&parameter->channel->ring) : 0,
                       .time = sw_now(parameter->driver),
                       .value = value,
                       .size = parameter->type->size};
}

static void free_parameter(sw_parameter *parameter) {
  if (parameter == NULL)
    return;
  for (uint32_t i = 0; i < 3; i++)
    free(parameter->changed.buffers[i]);
  free(parameter->name);
  free(parameter->merged);
  free(parameter->told_value);
  free(parameter);
}

static sw_parameter *create_parameter(sw_driver *driver, const char *name, const sw_type *type, void *value,
                                      const sw_parameter_options *options) {
  sw_parameter *parameter = calloc(1, sizeof *parameter);
  if (parameter == NULL)
    return NULL;
  parameter->driver = driver;
  parameter->type = type;
  parameter->id = driver->parameter_count + 1u;
  parameter->value = value;
  if (options != NULL) {
    parameter->channel = options->channel;
    parameter->check = options->check;
    parameter->context = options->context;
  }
  parameter->name = sw_text_copy(name);
  parameter->merged = calloc(1, type->size);
  parameter->told_value = malloc(type->size);
  void *buffers[3] = {NULL, NULL, NULL};
  bool whole = parameter->name != NULL && parameter->merged != NULL && parameter->told_value != NULL;
  for (uint32_t i = 0; i < 3; i++) {
    buffers[i] = calloc(1, sizeof(sw_changed) + type->size);
    whole = whole && buffers[i] != NULL;
  }
  sw_latest_init(&parameter->changed, buffers[0], buffers[1], buffers[2]);
  if (whole)
    return parameter;
  free_parameter(parameter);
  return NULL;
}

static sw_status check_declaration(const sw_driver *driver, const char *name, const sw_type *type,
                                   const void *value, const sw_parameter_options *options) {
  if (driver->set_up || type == NULL)
    return SW_INVALID_ARGUMENT;
  if (!sw_driver_can_name(driver, name))
    return SW_NAME_INVALID;
  for (uint32_t i = 0; i < driver->parameter_count; i++) {
    if (strcmp(driver->parameters[i]->name, name) == 0)
      return SW_NAME_IN_USE;
  }
  if (driver->parameter_count == SW_MAX_PARAMETERS)
    return SW_INVALID_ARGUMENT;
  if (SW_SET_HEADER_BYTES + 2u * sw_pad8(type->size) > SW_MAX_CONTROL_BYTES)
    return SW_INVALID_ARGUMENT;
  const sw_channel *governed = options != NULL ? options->channel : NULL;
  /* The samples of a shared channel are numbered by each bridge. */
  if (governed != NULL && (governed->driver != driver || governed->name[0] == '/'))
    return SW_INVALID_ARGUMENT;
  /* Where even the value to begin with is outside the limits, no set of another field could ever be accepted.
   */
  char reason[SW_REASON_BYTES];
  return sw_value_check(type, value, NULL, reason);
}

sw_status sw_parameter_declare(sw_driver *driver, const char *name, const sw_type *type, void *value,
                               const sw_parameter_options *options, sw_parameter **out) {
  if (driver == NULL || name == NULL || value == NULL)
    return SW_INVALID_ARGUMENT;
  type = sw_driver_type(driver, type);
  const sw_status status = check_declaration(driver, name, type, value, options);
  if (status != SW_OK)
    return status;
  sw_parameter *parameter = create_parameter(driver, name, type, value, options);
  sw_parameter **longer =
      realloc(driver->parameters, (driver->parameter_count + 1u) * sizeof(sw_parameter *));
  if (longer != NULL)
    driver->parameters = longer;
  if (parameter == NULL || longer == NULL) {
    free_parameter(parameter);
    return SW_OUT_OF_MEMORY;
  }
  memcpy(parameter->told_value, value, type->size);
  sw_value_zero_pads(type, parameter->told_value);
  parameter->told = value_now(parameter, parameter->told_value);
  if (parameter->channel != NULL)
    parameter->channel->governed = true;
  driver->parameters[driver->parameter_count++] = parameter;
  if (out != NULL)
    *out = parameter;
  return SW_OK;
}

void sw_parameters_fini(sw_driver *driver) {
  for (uint32_t i = 0; i < driver->parameter_count; i++)
    free_parameter(driver->parameters[i]);
  free(driver->parameters);
  for (sw_set *set; (set = sw_queue_pop(&driver->sets)) != NULL;)
    free(set);
  for (sw_set *set; (set = sw_queue_pop(&driver->applied)) != NULL;)
    free(set);
}

/* ---- The applying thread ---- */

static void apply_set(sw_set *set) {
  sw_parameter *parameter = set->parameter;
  const sw_type *type = parameter->type;
  const uint8_t *mask = set->bytes + type->size;
  uint8_t *merged = parameter->merged;
  sw_value_merge(merged, parameter->value, set->bytes, mask, type->size);
  sw_value_zero_pads(type, merged);
  set->status = sw_value_check(type, merged, mask, set->reason);
  if (set->status == SW_OK && parameter->check != NULL) {
    set->status = parameter->check(parameter->context, merged, set->reason);
    set->reason[SW_REASON_BYTES - 1u] = '\0';
    if ((uint32_t)set->status > SW_SERVICE_FAILED)
      set->status = SW_REFUSED;
  }
  if (set->status != SW_OK)
    return;
  memcpy(parameter->value, merged, type->size);
  memcpy(set->bytes, merged, type->size);
  set->applied = value_now(parameter, set->bytes);
  set->version = ++parameter->version;
}

int sw_apply(sw_driver *driver) {
  int applied = 0;
  /* Only what waits now: a bridge that keeps on setting must not hold the loop. */
  for (uint32_t left = sw_queue_waiting(&driver->sets); left > 0; left--) {
    sw_set *set = sw_queue_pop(&driver->sets);
    apply_set(set);
    if (set->status == SW_OK)
      applied++;
    /* There is room: as many sets are under way as either queue holds. */
    (void)sw_queue_push(&driver->applied, set);
  }
  sw_arrivals_run(driver);
  return applied;
}

void sw_parameter_changed(sw_parameter *parameter) {
  sw_changed *back = sw_latest_back(&parameter->changed);
  memcpy(back->value, parameter->value, parameter->type->size);
  sw_value_zero_pads(parameter->type, back->value);
  const sw_value_at now = value_now(parameter, back->value);
  back->next = now.next;
  back->time = now.time;
  back->stream = now.stream;
  back->version = ++parameter->version;
  sw_latest_publish(&parameter->changed);
}

/* ---- The I/O side ---- */

static size_t set_bytes(const sw_parameter *parameter) {
  return sizeof(sw_set) + 2u * (size_t)parameter->type->size;
}

sw_status sw_parameters_take(sw_link *link, uint64_t id, uint32_t parameter, const uint8_t *value,
                             const uint8_t *mask, uint32_t size) {
  sw_driver *driver = link->driver;
  if (parameter == 0 || parameter > driver->parameter_count)
    return SW_UNKNOWN_PARAMETER;
  sw_parameter *wanted = driver->parameters[parameter - 1u];
  if (size != wanted->type->size)
    return SW_INVALID_ARGUMENT;
  if (!sw_link_can_expect(link, set_bytes(wanted)) || driver->sets_out == driver->request_capacity)
    return SW_BUSY;
  sw_set *set = malloc(set_bytes(wanted));
  if (set == NULL)
    return SW_OUT_OF_MEMORY;
  memset(set, 0, sizeof *set);
  set->link_serial = link->serial;
  set->id = id;
  set->parameter = wanted;
  memcpy(set->bytes, value, size);
  memcpy(set->bytes + size, mask, size);
  if (!sw_queue_push(&driver->sets, set)) {
    free(set);
    return SW_BUSY;
  }
  driver->sets_out++;
  sw_link_expect(link, id, set_bytes(wanted));
  return SW_OK;
}

static void send_value(sw_link *link, uint64_t set, const sw_value_at *value) {
  uint8_t *at = sw_outbox_urgent(&link->out, sw_write_value(NULL, set, value));
  if (at == NULL)
    sw_link_close(link);
  else
    (void)sw_write_value(at, set, value);
}

/* Tells all bridges but `asker` what a parameter is now, unless they know of something newer. */
static void tell(sw_parameter *parameter, uint64_t version, const sw_value_at *value, const sw_link *asker) {
  if (version <= parameter->told_version)
    return;
  const sw_driver *driver = parameter->driver;
  memcpy(parameter->told_value, value->value, value->size);
  parameter->told = *value;
  parameter->told.value = parameter->told_value;
  parameter->told_version = version;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link == NULL || link == asker || link->state != SW_LINK_ATTACHED || link->ended)
      continue;
    if (sw_outbox_urgent_waiting(&link->out) > MAX_VALUES_WAITING_BYTES)
      link->values_missed = true;
    else
      send_value(link, 0, value);
  }
}

static void answer_set(sw_driver *driver, sw_set *set) {
  sw_link *link = sw_link_find(driver, set->link_serial);
  if (link != NULL) {
    sw_link_answered(link, set->id, set_bytes(set->parameter));
    if (set->status == SW_OK)
      send_value(link, set->id, &set->applied);
    else
      sw_link_refuse(link, set->id, set->status, set->reason);
  }
  if (set->status == SW_OK)
    tell(set->parameter, set->version, &set->applied, link);
  driver->sets_out--;
  free(set);
}

static void tell_changed(sw_parameter *parameter) {
  const sw_changed *changed = parameter->fresh;
  if (changed == NULL)
    return;
  parameter->fresh = NULL;
  const sw_value_at value = {.parameter = parameter->id,
                             .stream = changed->stream,
                             .next = changed->next,
                             .time = changed->time,
                             .value = changed->value,
                             .size = parameter->type->size};
  tell(parameter, changed->version, &value, NULL);
}

static void tell_missed(sw_link *link) {
  const sw_driver *driver = link->driver;
  if (!link->values_missed || sw_outbox_urgent_waiting(&link->out) > 0)
    return;
  link->values_missed = false;
  for (uint32_t i = 0; i < driver->parameter_count; i++) {
    sw_value_at value = driver->parameters[i]->told;
    value.stream = stream_of(driver->parameters[i]); /* the channel may have gone since */
    send_value(link, 0, &value);
  }
}

void sw_parameters_answer(sw_driver *driver) {
  /* The changes are looked at before the sets and told after them: a set that was applied before a change
   * must not be answered after it, or the asker would take the older value for the newer. */
  for (uint32_t i = 0; i < driver->parameter_count; i++) {
    driver->parameters[i]->fresh = sw_latest_take(&driver->parameters[i]->changed);
  }
  for (sw_set *set; (set = sw_queue_pop(&driver->applied)) != NULL;)
    answer_set(driver, set);
  for (uint32_t i = 0; i < driver->parameter_count; i++)
    tell_changed(driver->parameters[i]);
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    if (driver->links[slot] != NULL)
      tell_missed(driver->links[slot]);
  }
}

bool sw_parameters_declare_to(sw_link *link) {
  const sw_driver *driver = link->driver;
  for (uint32_t i = 0; i < driver->parameter_count; i++) {
    const sw_parameter *parameter = driver->parameters[i];
    const sw_text name = sw_text_of(parameter->name);
    const sw_text type = sw_text_of(parameter->type->name);
    sw_value_at current = parameter->told;
    current.stream = stream_of(parameter);
    uint8_t *at = sw_outbox_declaration(&link->out, sw_write_parameter(NULL, name, type, &current));
    if (at == NULL)
      return false;
    (void)sw_write_parameter(at, name, type, &current);
  }
  return true;
}
