/* SPDX-License-Identifier: MIT
 *
 * Publishes struct tcp_info of the loopback connection.
 */
#include "traffic.h"

#include "host.h"
#include "host.schema.h"
#include "reason.h"

static const int64_t RETRY_NS = 1000000000;

/* Where the loopback interface is down, say, it is tried again once a second and said once. */
static bool open_connection(struct traffic *traffic) {
  if (traffic->loopback.near_fd < 0 && sw_now(traffic->driver) < traffic->retry_at)
    return false;
  if (loopback_open(&traffic->loopback)) {
    traffic->complained = false;
    return true;
  }
  if (!traffic->complained)
    sw_log(traffic->driver, SW_WARN, "no TCP connection over 127.0.0.1: %s; trying again every second",
           reason());
  traffic->complained = true;
  traffic->retry_at = sw_now(traffic->driver) + RETRY_NS;
  return false;
}

sw_status traffic_init(struct traffic *traffic, sw_driver *driver) {
  *traffic = (struct traffic){.driver = driver};
  loopback_init(&traffic->loopback);
  const sw_channel_options room = {.ring_samples = 128}; /* 1.2 s at the shortest period */
  sw_status status = sw_advertise(driver, "tcp", &tcp_info_type, &room, &traffic->tcp_channel);
  if (status == SW_OK)
    status = sw_advertise(driver, "tcp_meta", &host_tcp_meta_type, &room, &traffic->meta_channel);
  if (status == SW_OK && open_connection(traffic))
    loopback_send(&traffic->loopback);
  return status;
}

void traffic_fini(struct traffic *traffic) {
  loopback_fini(&traffic->loopback);
}

void traffic_sample(struct traffic *traffic) {
  struct loopback *loopback = &traffic->loopback;
  struct tcp_info tcp;
  uint32_t valid_bytes = 0;
  bool connected = open_connection(traffic) && loopback_read_state(loopback, &tcp, &valid_bytes);
  int64_t now = sw_now(traffic->driver);
  const struct host_tcp_meta meta = {
      .sent = loopback->sent,
      .received = loopback->received,
      .connections = loopback->connections,
      .valid_bytes = valid_bytes,
      .struct_bytes = sizeof tcp,
      .local_port = loopback->near_port,
      .remote_port = loopback->far_port,
      .connected = connected,
  };
  if (connected)
    sw_publish_at(traffic->tcp_channel, &tcp, now);
  sw_publish_at(traffic->meta_channel, &meta, now);
  loopback_send(loopback);
}
