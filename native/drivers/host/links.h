/* SPDX-License-Identifier: MIT
 *
 * One channel for each network interface, for as long as the interface is there.
 */
#ifndef HOST_LINKS_H
#define HOST_LINKS_H

#include <structwire/structwire.h>

#include "netlink.h"

#define LINKS_MAX 256

struct links_entry {
  struct netlink_link link;
  char channel_name[48];
  sw_channel *channel; /* NULL: could not be advertised */
};

struct links {
  sw_driver *driver;
  struct netlink netlink;      /* notice_fd belongs into the poll set */
  struct links_entry *entries; /* LINKS_MAX, in the kernel's order */
  uint32_t count;
  struct netlink_link *found; /* LINKS_MAX, of the present listing */
  uint32_t found_count;
  uint32_t dropped; /* interfaces beyond LINKS_MAX in the present listing */
  bool complained;  /* about what cannot be shown */
};

/* Opens the sockets and advertises what is there. Allocates. False with errno when the system refuses. */
bool links_init(struct links *links, sw_driver *driver);

/* Closes and frees; the channels end with the driver. */
void links_fini(struct links *links);

/* Lists the interfaces, advertises and withdraws channels by what came and went, and publishes a sample of
 * each. */
void links_sample(struct links *links);

/* When notice_fd is readable: advertises and withdraws, and publishes a sample of those that are new. */
void links_update(struct links *links);

#endif
