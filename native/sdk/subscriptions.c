/* SPDX-License-Identifier: MIT
 *
 * A subscription is made by any thread, asked of the bridges by the I/O side, and freed by that when neither
 * a bridge nor anything that came refers to it any more.
 */
#include "subscriptions.h"
#include "control.h"
#include "driver.h"
#include "name.h"

#include <stdlib.h>
#include <string.h>

/* ---- The program's threads ---- */

static void free_subscription(sw_subscription *subscription) {
  free(subscription->pattern);
  free(subscription->bridge);
  free(subscription);
}

static bool enter(sw_driver *driver, sw_subscription *subscription) {
  sw_lock_take(&driver->lock);
  const bool fits = driver->subscription_count < SW_MAX_SUBSCRIPTIONS;
  if (fits) {
    driver->subscription_count++;
    subscription->id = ++driver->subscription_serial;
    sw_subscription **end = &driver->new_subscriptions;
    while (*end != NULL)
      end = &(*end)->next;
    *end = subscription;
    atomic_store(&driver->changed, true);
  }
  sw_lock_give(&driver->lock);
  return fits;
}

sw_status sw_subscribe(sw_driver *driver, const char *pattern, const sw_subscription_options *options,
                       sw_arrival_fn run, void *context, sw_subscription **out) {
  if (driver == NULL || pattern == NULL || run == NULL)
    return SW_INVALID_ARGUMENT;
  const sw_subscription_options wanted = options == NULL ? (sw_subscription_options){0} : *options;
  if (wanted.wanted != SW_AS_JSON && wanted.wanted != SW_AS_PUBLISHED)
    return SW_INVALID_ARGUMENT;
  const char *name = pattern[0] == '/' ? pattern + 1 : pattern;
  if (!sw_name_is_pattern(name, SW_MAX_NAME_BYTES))
    return SW_NAME_INVALID;
  sw_subscription *subscription = calloc(1, sizeof *subscription);
  if (subscription == NULL)
    return SW_OUT_OF_MEMORY;
  subscription->driver = driver;
  subscription->wanted = wanted.wanted == SW_AS_JSON ? SW_WANTED_JSON : SW_WANTED_PUBLISHED;
  subscription->flags = (wanted.latest ? SW_FLAG_LATEST : 0u) | (wanted.last ? SW_FLAG_LAST : 0u);
  subscription->run = run;
  subscription->context = context;
  subscription->pattern = sw_text_copy(name);
  subscription->bridge = sw_text_copy(wanted.bridge == NULL ? "" : wanted.bridge);
  sw_status status = SW_OK;
  if (subscription->pattern == NULL || subscription->bridge == NULL)
    status = SW_OUT_OF_MEMORY;
  else if (!enter(driver, subscription))
    status = SW_INVALID_ARGUMENT;
  if (status != SW_OK) {
    free_subscription(subscription);
    return status;
  }
  sw_driver_wake(driver);
  if (out != NULL)
    *out = subscription;
  return SW_OK;
}

sw_status sw_unsubscribe(sw_subscription *subscription) {
  if (subscription == NULL || atomic_exchange(&subscription->gone, true))
    return SW_INVALID_ARGUMENT;
  sw_driver *driver = subscription->driver;
  sw_lock_take(&driver->lock);
  driver->subscription_count--;
  atomic_store(&driver->changed, true);
  sw_lock_give(&driver->lock);
  sw_driver_wake(driver);
  return SW_OK;
}

/* ---- The I/O side ---- */

static uint64_t bit_of(const sw_link *link) {
  return UINT64_C(1) << link->slot;
}

typedef uint8_t *(*append_fn)(sw_outbox *out, size_t bytes);

/* A bridge that cannot be asked is passed over. False: no memory. */
static bool ask(sw_link *link, sw_subscription *subscription, append_fn append) {
  if (link->minor < SW_MINOR_CHANNELS || atomic_load(&subscription->gone))
    return true;
  if (subscription->bridge[0] != '\0' && strcmp(subscription->bridge, link->bridge) != 0)
    return true;
  const sw_text pattern = sw_text_of(subscription->pattern);
  uint8_t *at = append(&link->out, sw_write_subscribe(NULL, 0, 0, 0, pattern));
  if (at == NULL)
    return false;
  (void)sw_write_subscribe(at, subscription->id, subscription->wanted, subscription->flags, pattern);
  subscription->slots |= bit_of(link);
  return true;
}

bool sw_subscriptions_ask(sw_link *link) {
  bool whole = true;
  for (sw_subscription *each = link->driver->subscriptions; each != NULL; each = each->next)
    whole = whole && ask(link, each, sw_outbox_declaration);
  return whole;
}

static void end(sw_driver *driver, sw_subscription *subscription) {
  subscription->ending = true;
  for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
    sw_link *link = driver->links[slot];
    if (link == NULL || (subscription->slots & bit_of(link)) == 0 || link->ended)
      continue;
    uint8_t *at = sw_outbox_control(&link->out, SW_UNSUBSCRIBE_BYTES);
    if (at == NULL)
      sw_link_close(link);
    else
      (void)sw_write_unsubscribe(at, subscription->id);
  }
}

static void take_new(sw_driver *driver) {
  sw_lock_take(&driver->lock);
  sw_subscription *fresh = driver->new_subscriptions;
  driver->new_subscriptions = NULL;
  sw_lock_give(&driver->lock);
  sw_subscription **last = &driver->subscriptions;
  while (*last != NULL)
    last = &(*last)->next;
  *last = fresh;
  for (; fresh != NULL; fresh = fresh->next) {
    for (uint32_t slot = 0; slot < driver->max_bridges; slot++) {
      sw_link *link = driver->links[slot];
      if (link == NULL || link->state != SW_LINK_ATTACHED || link->ended)
        continue;
      if (!ask(link, fresh, sw_outbox_control))
        sw_link_close(link);
    }
  }
}

void sw_subscriptions_update(sw_driver *driver) {
  take_new(driver);
  for (sw_subscription **at = &driver->subscriptions; *at != NULL;) {
    sw_subscription *each = *at;
    const bool gone = atomic_load(&each->gone);
    if (gone && !each->ending)
      end(driver, each);
    if (gone && each->slots == 0 && each->feeds == 0) {
      *at = each->next;
      free_subscription(each);
    } else {
      at = &each->next;
    }
  }
}

sw_subscription *sw_subscription_of(const sw_link *link, uint32_t id) {
  for (sw_subscription *each = link->driver->subscriptions; each != NULL; each = each->next) {
    if (each->id == id)
      return (each->slots & bit_of(link)) != 0 ? each : NULL;
  }
  return NULL;
}

void sw_subscription_over(sw_subscription *subscription, const sw_link *link) {
  subscription->slots &= ~bit_of(link);
  if (atomic_load(&subscription->gone))
    atomic_store(&subscription->driver->changed, true); /* it may be freed now */
}

void sw_subscriptions_forget(const sw_link *link) {
  for (sw_subscription *each = link->driver->subscriptions; each != NULL; each = each->next)
    sw_subscription_over(each, link);
}

static void free_list(sw_subscription *each) {
  while (each != NULL) {
    sw_subscription *next = each->next;
    free_subscription(each);
    each = next;
  }
}

void sw_subscriptions_fini(sw_driver *driver) {
  free_list(driver->new_subscriptions);
  free_list(driver->subscriptions);
}
