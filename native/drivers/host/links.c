/* SPDX-License-Identifier: MIT
 *
 * Keeps the channels link/NAME equal to the kernel's list of interfaces.
 */
#include "links.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host.schema.h"
#include "link_name.h"
#include "reason.h"

static void collect(void *context, const struct netlink_link *link) {
  struct links *links = context;
  if (links->found_count < LINKS_MAX)
    links->found[links->found_count++] = *link;
  else
    links->dropped++;
}

/* Interfaces that come and go tear the kernel's list; the next try mostly gets it whole. */
static bool list(struct links *links) {
  enum { TRIES = 3 };
  for (int attempt = 0; attempt < TRIES; attempt++) {
    links->found_count = 0;
    links->dropped = 0;
    if (netlink_list(&links->netlink, collect, links))
      return true;
    if (errno != EAGAIN)
      return false;
  }
  return false;
}

static bool same(const struct netlink_link *a, const struct netlink_link *b) {
  return a->index == b->index && strcmp(a->name, b->name) == 0;
}

static const struct netlink_link *find_found(const struct links *links, const struct netlink_link *link) {
  for (uint32_t i = 0; i < links->found_count; i++) {
    if (same(&links->found[i], link))
      return &links->found[i];
  }
  return NULL;
}

static struct links_entry *find_entry(struct links *links, const struct netlink_link *link) {
  for (uint32_t i = 0; i < links->count; i++) {
    if (same(&links->entries[i].link, link))
      return &links->entries[i];
  }
  return NULL;
}

/* First what is gone, because its name may be taken by what is new. */
static void withdraw_gone(struct links *links) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < links->count; i++) {
    struct links_entry *entry = &links->entries[i];
    if (find_found(links, &entry->link) != NULL)
      links->entries[kept++] = *entry;
    else if (entry->channel != NULL)
      sw_withdraw(entry->channel);
  }
  links->count = kept;
}

static void advertise(struct links *links, const struct netlink_link *link) {
  struct links_entry *entry = &links->entries[links->count++];
  *entry = (struct links_entry){.link = *link};
  const sw_channel_options room = {.ring_samples = 128}; /* 1.2 s at the shortest period */
  link_name(link->name, 0, entry->channel_name, sizeof entry->channel_name);
  sw_status status =
      sw_advertise(links->driver, entry->channel_name, &rtnl_link_stats64_type, &room, &entry->channel);
  if (status == SW_NAME_IN_USE) {
    link_name(link->name, link->index, entry->channel_name, sizeof entry->channel_name);
    status =
        sw_advertise(links->driver, entry->channel_name, &rtnl_link_stats64_type, &room, &entry->channel);
  }
  if (status != SW_OK) {
    entry->channel = NULL; /* and is not tried again */
    sw_log(links->driver, SW_WARN, "the interface %s has no channel: %s", link->name, sw_strerror(status));
  }
}

static void refresh(struct links *links, bool publish_all) {
  if (!list(links)) {
    if (!links->complained)
      sw_log(links->driver, SW_WARN, "the kernel did not list the interfaces: %s", reason());
    links->complained = true;
    return;
  }
  if (links->dropped > 0 && !links->complained) {
    sw_log(links->driver, SW_WARN, "only the first %d interfaces have channels, %u have none", LINKS_MAX,
           links->dropped);
    links->complained = true;
  }
  withdraw_gone(links);
  for (uint32_t i = 0; i < links->found_count; i++) {
    const struct netlink_link *link = &links->found[i];
    struct links_entry *entry = find_entry(links, link);
    bool is_new = entry == NULL;
    if (is_new) {
      if (links->count == LINKS_MAX) /* the kernel listed one twice */
        continue;
      advertise(links, link);
      entry = &links->entries[links->count - 1];
    }
    if (entry->channel != NULL && (is_new || publish_all))
      sw_publish(entry->channel, &link->stats);
  }
}

bool links_init(struct links *links, sw_driver *driver) {
  *links = (struct links){.driver = driver};
  if (!netlink_init(&links->netlink))
    return false;
  links->entries = calloc(LINKS_MAX, sizeof *links->entries);
  links->found = calloc(LINKS_MAX, sizeof *links->found);
  if (links->entries == NULL || links->found == NULL) {
    links_fini(links);
    errno = ENOMEM;
    return false;
  }
  refresh(links, false);
  return true;
}

void links_fini(struct links *links) {
  netlink_fini(&links->netlink);
  free(links->entries);
  free(links->found);
  links->entries = NULL;
  links->found = NULL;
  links->count = 0;
}

void links_sample(struct links *links) {
  refresh(links, true);
}

void links_update(struct links *links) {
  if (netlink_changed(&links->netlink))
    refresh(links, false);
}
