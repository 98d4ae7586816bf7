/* SPDX-License-Identifier: MIT
 *
 * The loopback connection carries traffic, tells the kernel's state of it, and is opened anew when it broke.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "check.h"
#include "host/loopback.h"

/* The driver does not wait long and tries again after a while: a busy machine may need that. */
static void open_soon(struct loopback *loopback) {
  while (!loopback_open(loopback))
    CHECK(errno == ETIMEDOUT && loopback->near_fd == -1 && loopback->far_fd == -1);
}

/* Sends a block and moves it until the quarter that comes back is there. */
static void exchange(struct loopback *loopback) {
  uint64_t wanted = loopback->received + LOOPBACK_BLOCK_BYTES / 4;
  loopback_send(loopback);
  while (loopback->received < wanted) {
    struct pollfd ends[2] = {{.fd = loopback->near_fd, .events = POLLIN},
                             {.fd = loopback->far_fd, .events = POLLIN}};
    CHECK(poll(ends, 2, 60000) > 0);
    loopback_pump(loopback);
    CHECK(loopback->near_fd >= 0);
  }
}

static void has_traffic_that_the_kernel_counts(void) {
  struct loopback loopback;
  struct tcp_info before, after;
  uint32_t valid = 0;
  loopback_init(&loopback);
  CHECK(!loopback_read_state(&loopback, &before, &valid) && valid == 0 && before.tcpi_state == 0);
  open_soon(&loopback);
  CHECK(loopback_open(&loopback) && loopback.connections == 1);
  CHECK(loopback_read_state(&loopback, &before, &valid));
  CHECK(valid > 100 && valid <= sizeof before && before.tcpi_state == 1);
  exchange(&loopback);
  exchange(&loopback);
  CHECK(loopback_read_state(&loopback, &after, &valid));
  CHECK(loopback.sent == 2ull * LOOPBACK_BLOCK_BYTES && loopback.received == loopback.sent / 4);
  CHECK(after.tcpi_data_segs_out > before.tcpi_data_segs_out &&
        after.tcpi_bytes_received == loopback.received);
  loopback_fini(&loopback);
}

static void comes_back_after_it_broke(void) {
  struct loopback loopback;
  loopback_init(&loopback);
  open_soon(&loopback);
  exchange(&loopback);
  CHECK(shutdown(loopback.far_fd, SHUT_RDWR) == 0);
  loopback_pump(&loopback);
  CHECK(loopback.near_fd == -1 && loopback.far_fd == -1);
  loopback_send(&loopback);
  loopback_pump(&loopback);
  open_soon(&loopback);
  CHECK(loopback.connections == 2 && loopback.sent == 0);
  exchange(&loopback);
  loopback_fini(&loopback);
}

int main(void) {
  has_traffic_that_the_kernel_counts();
  comes_back_after_it_broke();
  return 0;
}
