/* SPDX-License-Identifier: MIT
 *
 * Asks the kernel for its network interfaces and hears when they change.
 */
#ifndef HOST_NETLINK_H
#define HOST_NETLINK_H

#include <linux/if_link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_NAME_BYTES 16 /* IFNAMSIZ */

struct netlink_link {
  int index;
  char name[NETLINK_NAME_BYTES];
  struct rtnl_link_stats64 stats; /* what this kernel does not know is 0 */
};

/* Called for each interface; `link` is valid during the call. */
typedef void (*netlink_link_fn)(void *context, const struct netlink_link *link);

struct netlink {
  int ask_fd;    /* questions and their answers */
  int notice_fd; /* readable when an interface came, went or changed; for the poll set */
  uint32_t sequence;
};

/* Opens both sockets. False with errno when the system refuses; nothing is left open. */
bool netlink_init(struct netlink *netlink);

void netlink_fini(struct netlink *netlink);

/* Lists all interfaces with their counters. Waits for the kernel, at most 50 ms for each part of the answer.
 * False with errno when the answer is not whole; EAGAIN when they changed meanwhile. */
bool netlink_list(struct netlink *netlink, netlink_link_fn each, void *context);

/* Takes all notices that wait. True when there was one, or when some were lost: list again. */
bool netlink_changed(struct netlink *netlink);

/* How a piece of an answer ended. */
enum netlink_piece {
  NETLINK_MORE,    /* another piece follows */
  NETLINK_DONE,    /* that was all */
  NETLINK_INVALID, /* not an answer */
};

/* Reads a piece of the answer to question `sequence`; messages that belong to other questions are passed
 * over. Sets `torn` when the interfaces changed meanwhile, so that the list is to be asked for again. Never
 * reads beyond `length`. */
enum netlink_piece netlink_read(const void *bytes, size_t length, uint32_t sequence, netlink_link_fn each,
                                void *context, bool *torn);

#endif
