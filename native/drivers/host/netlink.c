/* SPDX-License-Identifier: MIT
 *
 * The two netlink sockets.
 */
#include "netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* Room for one piece of an answer. The kernel makes pieces of at most 32 KiB. */
enum { PIECE_BYTES = 65536 };

static int open_socket(uint32_t groups, int flags) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE);
  if (fd < 0)
    return -1;
  const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
  if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0)
    return fd;
  int why = errno;
  close(fd);
  errno = why;
  return -1;
}

bool netlink_init(struct netlink *netlink) {
  *netlink = (struct netlink){.ask_fd = open_socket(0, 0), .notice_fd = -1};
  if (netlink->ask_fd < 0)
    return false;
  const struct timeval patience = {.tv_usec = 50000};
  setsockopt(netlink->ask_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  netlink->notice_fd = open_socket(RTMGRP_LINK, SOCK_NONBLOCK);
  if (netlink->notice_fd >= 0)
    return true;
  int why = errno;
  netlink_fini(netlink);
  errno = why;
  return false;
}

void netlink_fini(struct netlink *netlink) {
  if (netlink->ask_fd >= 0)
    close(netlink->ask_fd);
  if (netlink->notice_fd >= 0)
    close(netlink->notice_fd);
  netlink->ask_fd = netlink->notice_fd = -1;
}

static bool read_answer(struct netlink *netlink, netlink_link_fn each, void *context) {
  unsigned char piece[PIECE_BYTES];
  bool torn = false;
  for (;;) {
    struct sockaddr_nl from = {.nl_pid = 0};
    socklen_t from_bytes = sizeof from;
    ssize_t got =
        recvfrom(netlink->ask_fd, piece, sizeof piece, MSG_TRUNC, (struct sockaddr *)&from, &from_bytes);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return false;
    if (from.nl_pid != 0) /* not from the kernel */
      continue;
    if ((size_t)got > sizeof piece) {
      errno = EMSGSIZE;
      return false;
    }
    enum netlink_piece end = netlink_read(piece, (size_t)got, netlink->sequence, each, context, &torn);
    if (end == NETLINK_MORE)
      continue;
    errno = end == NETLINK_INVALID ? EPROTO : EAGAIN;
    return end == NETLINK_DONE && !torn;
  }
}

bool netlink_list(struct netlink *netlink, netlink_link_fn each, void *context) {
  const struct {
    struct nlmsghdr header;
    struct ifinfomsg about;
  } question = {
      .header = {.nlmsg_len = sizeof question,
                 .nlmsg_type = RTM_GETLINK,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                 .nlmsg_seq = ++netlink->sequence},
  };
  const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  if (sendto(netlink->ask_fd, &question, sizeof question, 0, (const struct sockaddr *)&kernel,
             sizeof kernel) < 0)
    return false;
  return read_answer(netlink, each, context);
}

bool netlink_changed(struct netlink *netlink) {
  unsigned char forgotten[256]; /* what it says is asked for anew */
  bool changed = false;
  for (;;) {
    ssize_t got = recv(netlink->notice_fd, forgotten, sizeof forgotten, 0);
    if (got >= 0 || errno == ENOBUFS)
      changed = true;
    else if (errno != EINTR)
      return changed;
  }
}
