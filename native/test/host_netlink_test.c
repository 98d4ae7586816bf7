/* SPDX-License-Identifier: MIT
 *
 * The kernel's interface list is read whole, cut and garbled, and live; names become channel names.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "host/link_name.h"
#include "host/netlink.h"

enum { SEQUENCE = 7, ROOM = 1024 };

struct seen {
  int count;
  struct netlink_link last;
  bool loopback;
};

static void note(void *context, const struct netlink_link *link) {
  struct seen *seen = context;
  seen->count++;
  seen->last = *link;
  seen->loopback = seen->loopback || strcmp(link->name, "lo") == 0;
}

static size_t put_attribute(unsigned char *at, unsigned short type, const void *payload, size_t size) {
  const struct rtattr head = {.rta_len = (unsigned short)(sizeof head + size), .rta_type = type};
  memcpy(at, &head, sizeof head);
  memcpy(at + sizeof head, payload, size);
  return RTA_ALIGN(sizeof head + size);
}

/* An RTM_NEWLINK with a name and the first `stats_bytes` of counters that are all ones. */
static size_t put_link(unsigned char *at, int index, const char *name, size_t stats_bytes,
                       unsigned short flags) {
  unsigned char ones[512];
  memset(ones, 0xff, sizeof ones);
  memset(at, 0, ROOM / 2);
  const struct ifinfomsg about = {.ifi_index = index};
  size_t length = NLMSG_HDRLEN;
  memcpy(at + length, &about, sizeof about);
  length += NLMSG_ALIGN(sizeof about);
  length += put_attribute(at + length, IFLA_IFNAME, name, strlen(name) + 1);
  length += put_attribute(at + length, IFLA_STATS64, ones, stats_bytes);
  const struct nlmsghdr head = {
      .nlmsg_len = (uint32_t)length, .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = flags, .nlmsg_seq = SEQUENCE};
  memcpy(at, &head, sizeof head);
  return length;
}

static size_t put_done(unsigned char *at) {
  const struct nlmsghdr head = {.nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = NLMSG_DONE, .nlmsg_seq = SEQUENCE};
  memcpy(at, &head, sizeof head);
  return NLMSG_HDRLEN;
}

static void fills_what_an_older_kernel_does_not_know_with_zero(void) {
  unsigned char bytes[ROOM];
  struct seen seen = {0};
  bool torn = false;
  size_t length = put_link(bytes, 3, "eth0", 8, 0);
  CHECK(netlink_read(bytes, length, SEQUENCE, note, &seen, &torn) == NETLINK_MORE);
  CHECK(seen.count == 1 && seen.last.index == 3 && strcmp(seen.last.name, "eth0") == 0);
  CHECK(seen.last.stats.rx_packets == UINT64_MAX && seen.last.stats.tx_packets == 0 && !torn);
}

static void takes_no_more_than_the_struct_from_a_newer_kernel(void) {
  unsigned char bytes[ROOM];
  struct seen seen = {0};
  bool torn = false;
  size_t length =
      put_link(bytes, 3, "a name that is far too long", sizeof seen.last.stats + 64, NLM_F_DUMP_INTR);
  length += put_done(bytes + length);
  CHECK(netlink_read(bytes, length, SEQUENCE, note, &seen, &torn) == NETLINK_DONE);
  CHECK(seen.count == 1 && strcmp(seen.last.name, "a name that is ") == 0 && torn);
}

static void passes_over_other_answers(void) {
  unsigned char bytes[ROOM];
  struct seen seen = {0};
  bool torn = false;
  size_t length = put_link(bytes, 3, "eth0", 200, 0);
  length += put_done(bytes + length);
  CHECK(netlink_read(bytes, length, SEQUENCE + 1, note, &seen, &torn) == NETLINK_MORE);
  CHECK(seen.count == 0);
}

static void survives_cut_and_garbled_answers(void) {
  unsigned char whole[ROOM];
  size_t length = put_link(whole, 1, "lo", 200, 0);
  length += put_done(whole + length);
  for (size_t cut = 0; cut < length; cut++) {
    unsigned char *exact = malloc(cut + 1);
    struct seen seen = {0};
    bool torn = false;
    memcpy(exact + 1, whole, cut);
    CHECK(netlink_read(exact + 1, cut, SEQUENCE, note, &seen, &torn) != NETLINK_DONE);
    free(exact);
  }
  for (size_t at = 0; at < length; at++) {
    for (int value = 0; value < 256; value += 5) {
      unsigned char *exact = malloc(length);
      struct seen seen = {0};
      bool torn = false;
      memcpy(exact, whole, length);
      exact[at] = (unsigned char)value;
      netlink_read(exact, length, SEQUENCE, note, &seen, &torn);
      CHECK(seen.count <= 1);
      free(exact);
    }
  }
}

static void makes_names_fit_for_channels(void) {
  char name[48];
  link_name("eth0.100", 0, name, sizeof name);
  CHECK(strcmp(name, "link/eth0.100") == 0);
  link_name("veth@a:1", 0, name, sizeof name);
  CHECK(strcmp(name, "link/veth_a_1") == 0);
  link_name("veth@a:1", 12, name, sizeof name);
  CHECK(strcmp(name, "link/veth_a_1_12") == 0);
}

static void lists_this_machine(void) {
  struct netlink netlink;
  struct seen seen = {0};
  CHECK(netlink_init(&netlink));
  while (!netlink_list(&netlink, note, &seen)) {
    CHECK(errno == EAGAIN); /* an interface came or went meanwhile, or the kernel took its time */
    seen = (struct seen){0};
  }
  CHECK(seen.count >= 1 && seen.loopback);
  netlink_fini(&netlink);
}

int main(void) {
  fills_what_an_older_kernel_does_not_know_with_zero();
  takes_no_more_than_the_struct_from_a_newer_kernel();
  passes_over_other_answers();
  survives_cut_and_garbled_answers();
  makes_names_fit_for_channels();
  lists_this_machine();
  return 0;
}
