/* SPDX-License-Identifier: MIT
 *
 * A call is one piece of memory in a slot; its sw_call names slot and life, so that an answer to a call that
 * is over is recognised. The I/O side allocates and frees; all others only change flags under the lock.
 */
#include "services.h"
#include "driver.h"
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t size_of(const sw_type *type) {
  return type == NULL ? 0u : type->size;
}

/* ---- Set-up ---- */

static sw_status check_declaration(const sw_driver *driver, const char *name, const sw_type *request,
                                   const sw_type *reply) {
  if (driver->set_up)
    return SW_INVALID_ARGUMENT;
  if (request != NULL && sw_driver_type(driver, request) == NULL)
    return SW_INVALID_ARGUMENT;
  if (reply != NULL && sw_driver_type(driver, reply) == NULL)
    return SW_INVALID_ARGUMENT;
  if (!sw_driver_can_name(driver, name))
    return SW_NAME_INVALID;
  for (uint32_t i = 0; i < driver->service_count; i++) {
    if (strcmp(driver->services[i]->name, name) == 0)
      return SW_NAME_IN_USE;
  }
  return driver->service_count == SW_MAX_SERVICES ? SW_INVALID_ARGUMENT : SW_OK;
}

sw_status sw_service_declare(sw_driver *driver, const char *name, const sw_type *request,
                             const sw_type *reply, sw_service_fn run, void *context) {
  if (driver == NULL || name == NULL || run == NULL)
    return SW_INVALID_ARGUMENT;
  const sw_status status = check_declaration(driver, name, request, reply);
  if (status != SW_OK)
    return status;
  sw_service **longer = realloc(driver->services, (driver->service_count + 1u) * sizeof(sw_service *));
  if (longer == NULL)
    return SW_OUT_OF_MEMORY;
  driver->services = longer;
  sw_service *service = malloc(sizeof *service);
  char *copy = sw_text_copy(name);
  if (service == NULL || copy == NULL) {
    free(service);
    free(copy);
    return SW_OUT_OF_MEMORY;
  }
  *service = (sw_service){.name = copy,
                          .id = driver->service_count + 1u,
                          .request = sw_driver_type(driver, request),
                          .reply = sw_driver_type(driver, reply),
                          .run = run,
                          .context = context};
  driver->services[driver->service_count++] = service;
  return SW_OK;
}

void sw_services_fini(sw_driver *driver) {
  for (uint32_t slot = 0; slot < driver->request_capacity; slot++)
    free(driver->call_slots[slot]);
  for (uint32_t i = 0; i < driver->service_count; i++) {
    free(driver->services[i]->name);
    free(driver->services[i]);
  }
  free(driver->services);
}

/* ---- The program's threads ---- */

/* Under the lock. */
static void post_answer(sw_driver *driver, sw_pending_call *call) {
  call->next_answered = NULL;
  if (driver->answers == NULL)
    driver->answers = call;
  else
    driver->last_answer->next_answered = call;
  driver->last_answer = call;
  atomic_store(&driver->answered, true);
}

/* Under the lock. NULL when the call is over. */
static sw_pending_call *find_call(const sw_driver *driver, sw_call call) {
  const uint64_t slot = call & SW_CALL_SLOT_MASK;
  if (slot >= driver->request_capacity)
    return NULL;
  sw_pending_call *found = driver->call_slots[slot];
  return found != NULL && found->call == call && !found->answered ? found : NULL;
}

/* Whether the call is to be run; if not, it is refused or given up. */
static bool begin_call(sw_driver *driver, sw_pending_call *call) {
  sw_lock_take(&driver->lock);
  const bool wanted = !call->orphan && !call->cancelled;
  if (wanted) {
    call->running = true;
  } else {
    call->answered = true;
    call->status = SW_REFUSED;
    (void)snprintf(call->reason, sizeof call->reason, "cancelled before it began");
    post_answer(driver, call);
  }
  sw_lock_give(&driver->lock);
  return wanted;
}

static void end_call(sw_driver *driver, sw_pending_call *call) {
  sw_lock_take(&driver->lock);
  call->running = false;
  if (call->done)
    post_answer(driver, call); /* once more, to be freed */
  sw_lock_give(&driver->lock);
}

int sw_serve(sw_driver *driver) {
  int started = 0;
  /* Only what waits now: a bridge that keeps on calling must not hold the thread. */
  for (uint32_t left = sw_queue_waiting(&driver->calls); left > 0; left--) {
    sw_pending_call *call = sw_queue_pop(&driver->calls);
    if (!begin_call(driver, call))
      continue;
    started++;
    call->service->run(call->service->context, call->call, call->request);
    end_call(driver, call);
  }
  return started;
}

static sw_status answer_call(sw_driver *driver, sw_call call, sw_status status, const void *reply,
                             const char *reason) {
  sw_lock_take(&driver->lock);
  sw_pending_call *found = find_call(driver, call);
  const uint32_t size = found == NULL ? 0 : size_of(found->service->reply);
  if (found == NULL || (status == SW_OK && size > 0 && reply == NULL)) {
    sw_lock_give(&driver->lock);
    return SW_INVALID_ARGUMENT;
  }
  const bool orphan = found->orphan;
  found->answered = true;
  found->status = status;
  if (status != SW_OK) {
    (void)snprintf(found->reason, sizeof found->reason, "%s", reason == NULL ? sw_strerror(status) : reason);
  } else if (size > 0) {
    memcpy(found->reply, reply, size);
    sw_value_zero_pads(found->service->reply, found->reply);
  }
  post_answer(driver, found);
  sw_lock_give(&driver->lock);
  sw_driver_wake(driver);
  return orphan ? SW_CLOSED : SW_OK;
}

sw_status sw_reply(sw_driver *driver, sw_call call, const void *reply) {
  return answer_call(driver, call, SW_OK, reply, NULL);
}

sw_status sw_fail(sw_driver *driver, sw_call call, sw_status status, const char *reason) {
  const bool is_failure = status != SW_OK && (uint32_t)status <= SW_SERVICE_FAILED;
  return answer_call(driver, call, is_failure ? status : SW_SERVICE_FAILED, NULL, reason);
}

int sw_cancelled(const sw_driver *driver, sw_call call) {
  sw_driver *writable = (sw_driver *)driver; /* for its lock */
  sw_lock_take(&writable->lock);
  const sw_pending_call *found = find_call(driver, call);
  const bool unwanted = found == NULL || found->cancelled || found->orphan;
  sw_lock_give(&writable->lock);
  return unwanted ? 1 : 0;
}

/* ---- The I/O side ---- */

static size_t call_bytes(const sw_service *service) {
  return sizeof(sw_pending_call) + sw_pad8(size_of(service->request)) + size_of(service->reply);
}

/* Gives the call a slot and a name; false when all slots are taken. */
static bool enter_call(sw_driver *driver, sw_pending_call *call) {
  bool entered = false;
  sw_lock_take(&driver->lock);
  for (uint32_t slot = 0; slot < driver->request_capacity && !entered; slot++) {
    if (driver->call_slots[slot] != NULL)
      continue;
    driver->call_slots[slot] = call;
    call->call = (++driver->call_serial << SW_CALL_SLOT_BITS) | slot;
    entered = true;
  }
  sw_lock_give(&driver->lock);
  return entered;
}

sw_status sw_services_take(sw_link *link, uint64_t id, uint32_t service, const uint8_t *request,
                           uint32_t size, char reason[SW_REASON_BYTES]) {
  sw_driver *driver = link->driver;
  if (service == 0 || service > driver->service_count)
    return SW_UNKNOWN_SERVICE;
  const sw_service *wanted = driver->services[service - 1u];
  if (size != size_of(wanted->request))
    return SW_INVALID_ARGUMENT;
  const sw_status status =
      wanted->request == NULL ? SW_OK : sw_value_check(wanted->request, request, NULL, reason);
  if (status != SW_OK)
    return status;
  if (!sw_link_can_expect(link, call_bytes(wanted)))
    return SW_BUSY;
  sw_pending_call *call = malloc(call_bytes(wanted));
  if (call == NULL)
    return SW_OUT_OF_MEMORY;
  memset(call, 0, call_bytes(wanted));
  call->link_serial = link->serial;
  call->id = id;
  call->service = wanted;
  call->reply = call->request + sw_pad8(size);
  memcpy(call->request, request, size);
  if (!enter_call(driver, call)) {
    free(call);
    return SW_BUSY;
  }
  sw_link_expect(link, id, call_bytes(wanted));
  (void)sw_queue_push(&driver->calls, call); /* there is room: no more calls wait than there are slots */
  return SW_OK;
}

void sw_services_cancel(sw_link *link, uint64_t id) {
  sw_driver *driver = link->driver;
  sw_lock_take(&driver->lock);
  for (uint32_t slot = 0; slot < driver->request_capacity; slot++) {
    sw_pending_call *call = driver->call_slots[slot];
    if (call != NULL && call->link_serial == link->serial && call->id == id && !call->answered)
      call->cancelled = true;
  }
  sw_lock_give(&driver->lock);
}

void sw_services_forget(sw_driver *driver, uint64_t link_serial) {
  sw_lock_take(&driver->lock);
  for (uint32_t slot = 0; slot < driver->request_capacity; slot++) {
    sw_pending_call *call = driver->call_slots[slot];
    if (call != NULL && call->link_serial == link_serial)
      call->orphan = true;
  }
  sw_lock_give(&driver->lock);
}

static void send_answer(const sw_driver *driver, const sw_pending_call *call) {
  sw_link *link = sw_link_find(driver, call->link_serial);
  if (link == NULL)
    return;
  sw_link_answered(link, call->id, call_bytes(call->service));
  if (call->status != SW_OK) {
    sw_link_refuse(link, call->id, call->status, call->reason);
    return;
  }
  const uint32_t size = size_of(call->service->reply);
  uint8_t *at = sw_outbox_urgent(&link->out, sw_write_reply(NULL, call->id, call->reply, size));
  if (at == NULL)
    sw_link_close(link);
  else
    (void)sw_write_reply(at, call->id, call->reply, size);
}

void sw_services_answer(sw_driver *driver) {
  if (!atomic_exchange(&driver->answered, false))
    return;
  sw_lock_take(&driver->lock);
  sw_pending_call *call = driver->answers;
  driver->answers = NULL;
  driver->last_answer = NULL;
  sw_lock_give(&driver->lock);
  while (call != NULL) {
    sw_pending_call *next = call->next_answered;
    if (!call->done)
      send_answer(driver, call);
    sw_lock_take(&driver->lock);
    call->done = true;
    const bool over = !call->running;
    if (over)
      driver->call_slots[call->call & SW_CALL_SLOT_MASK] = NULL;
    sw_lock_give(&driver->lock);
    if (over)
      free(call);
    call = next;
  }
}

bool sw_services_declare_to(sw_link *link) {
  const sw_driver *driver = link->driver;
  for (uint32_t i = 0; i < driver->service_count; i++) {
    const sw_service *service = driver->services[i];
    const sw_text name = sw_text_of(service->name);
    uint8_t *at = sw_outbox_declaration(
        &link->out, sw_write_service(NULL, service->id, name, service->request, service->reply));
    if (at == NULL)
      return false;
    (void)sw_write_service(at, service->id, name, service->request, service->reply);
  }
  return true;
}
