/* SPDX-License-Identifier: MIT
 *
 * The channels tcp and tcp_meta: what the kernel says of a connection that this driver keeps busy.
 */
#ifndef HOST_TRAFFIC_H
#define HOST_TRAFFIC_H

#include <structwire/structwire.h>

#include "loopback.h"

struct traffic {
  sw_driver *driver;
  sw_channel *tcp_channel, *meta_channel;
  struct loopback loopback; /* both its descriptors belong into the poll set, for reading */
  int64_t retry_at;         /* not to be opened before, in ns of the driver's clock */
  bool complained;
};

/* Advertises the channels and opens the connection. Set-up. */
sw_status traffic_init(struct traffic *traffic, sw_driver *driver);

/* Closes the connection; the channels end with the driver. */
void traffic_fini(struct traffic *traffic);

/* Publishes a sample on each channel, both with the same time, and sends the next block. Opens the connection
 * anew when it broke. */
void traffic_sample(struct traffic *traffic);

#endif
