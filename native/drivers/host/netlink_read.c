/* SPDX-License-Identifier: MIT
 *
 * Takes the kernel's interface messages apart.
 */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "netlink.h"

static void copy_name(char *out, const void *bytes, size_t length) {
  memset(out, 0, NETLINK_NAME_BYTES);
  memcpy(out, bytes, length < NETLINK_NAME_BYTES ? length : NETLINK_NAME_BYTES - 1);
}

/* Reads one RTM_NEWLINK. False when it has no name or no counters. */
static bool read_link(const unsigned char *bytes, size_t length, struct netlink_link *link) {
  struct ifinfomsg about;
  if (length < sizeof about)
    return false;
  memcpy(&about, bytes, sizeof about);
  *link = (struct netlink_link){.index = about.ifi_index};

  bool counted = false;
  size_t at = NLMSG_ALIGN(sizeof about);
  while (at + sizeof(struct rtattr) <= length) {
    struct rtattr attribute;
    memcpy(&attribute, bytes + at, sizeof attribute);
    if (attribute.rta_len < sizeof attribute || attribute.rta_len > length - at)
      return false;
    const unsigned char *payload = bytes + at + sizeof attribute;
    size_t size = attribute.rta_len - sizeof attribute;
    if (attribute.rta_type == IFLA_IFNAME) {
      copy_name(link->name, payload, size);
    } else if (attribute.rta_type == IFLA_STATS64) {
      memcpy(&link->stats, payload, size < sizeof link->stats ? size : sizeof link->stats);
      counted = true;
    }
    at += RTA_ALIGN((size_t)attribute.rta_len);
  }
  return counted && link->name[0] != '\0';
}

enum netlink_piece netlink_read(const void *bytes, size_t length, uint32_t sequence, netlink_link_fn each,
                                void *context, bool *torn) {
  const unsigned char *start = bytes;
  size_t at = 0;
  while (at < length) {
    struct nlmsghdr header;
    if (length - at < sizeof header)
      return NETLINK_INVALID;
    memcpy(&header, start + at, sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > length - at)
      return NETLINK_INVALID;
    if (header.nlmsg_seq == sequence) {
      if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0)
        *torn = true;
      if (header.nlmsg_type == NLMSG_DONE)
        return NETLINK_DONE;
      if (header.nlmsg_type == NLMSG_ERROR)
        return NETLINK_INVALID;
      struct netlink_link link;
      const unsigned char *payload = start + at + sizeof header;
      if (header.nlmsg_type == RTM_NEWLINK && read_link(payload, header.nlmsg_len - sizeof header, &link))
        each(context, &link);
    }
    size_t step = NLMSG_ALIGN((size_t)header.nlmsg_len);
    at = step < length - at ? at + step : length;
  }
  return NETLINK_MORE;
}
