/* SPDX-License-Identifier: MIT
 *
 * The driver `host`: reads this machine's kernel in one poll loop and publishes what it says.
 */
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../options.h"
#include "../stop.h"
#include "host.schema.h"
#include "links.h"
#include "metrics.h"
#include "processes.h"
#include "reason.h"
#include "traffic.h"

struct host {
  sw_driver *driver;
  struct stop stop;
  struct host_sampling sampling; /* written by the SDK, inside sw_apply */
  uint32_t period_ms;            /* that the timer has */
  int timer_fd;
  struct metrics metrics;
  struct links links;
  struct traffic traffic;
  struct processes processes;
};

/* The next sample is due one period from now, and so on. */
static bool set_timer(struct host *host) {
  host->period_ms = host->sampling.period_ms;
  const struct timespec period = {.tv_sec = host->period_ms / 1000,
                                  .tv_nsec = (long)(host->period_ms % 1000) * 1000000};
  const struct itimerspec timer = {.it_interval = period, .it_value = period};
  return timerfd_settime(host->timer_fd, 0, &timer, NULL) == 0;
}

static void run_processes(void *context, sw_call call, const void *request) {
  struct host *host = context;
  const struct host_processes_request *wanted = request;
  struct host_processes_reply reply;
  if (wanted->by != CPU && wanted->by != MEMORY)
    sw_fail(host->driver, call, SW_OUT_OF_RANGE, "by must be CPU or MEMORY");
  else if (wanted->limit < 1 || wanted->limit > HOST_MAX_PROCESSES)
    sw_fail(host->driver, call, SW_OUT_OF_RANGE, "limit must be from 1 to 50");
  else if (!processes_list(&host->processes, wanted->by, wanted->limit, &reply))
    sw_fail(host->driver, call, SW_SERVICE_FAILED, reason());
  else
    sw_reply(host->driver, call, &reply);
}

static sw_status declare(struct host *host) {
  sw_status status = metrics_init(&host->metrics, host->driver);
  if (status == SW_OK)
    status = traffic_init(&host->traffic, host->driver);
  const sw_parameter_options governs = {.channel = host->metrics.cpu_channel};
  sw_parameter *parameter;
  if (status == SW_OK)
    status = sw_parameter_declare(host->driver, "sampling", &host_sampling_type, &host->sampling, &governs,
                                  &parameter);
  if (status == SW_OK)
    status = sw_service_declare(host->driver, "processes", &host_processes_request_type,
                                &host_processes_reply_type, run_processes, host);
  if (status == SW_OK && !links_init(&host->links, host->driver))
    status = SW_SYSTEM_ERROR;
  return status;
}

static sw_status open_host(struct host *host, const struct options *options) {
  const sw_driver_options opening = {.name = options->name, .schema = &host_schema};
  if (!stop_init(&host->stop, options->stdin_eof))
    return SW_SYSTEM_ERROR;
  host->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (host->timer_fd < 0 || !set_timer(host))
    return SW_SYSTEM_ERROR;
  sw_status status = sw_driver_create(&opening, &host->driver);
  return status == SW_OK ? declare(host) : status;
}

static void close_host(struct host *host) {
  sw_driver_destroy(host->driver);
  processes_fini(&host->processes);
  traffic_fini(&host->traffic);
  links_fini(&host->links);
  metrics_fini(&host->metrics);
  if (host->timer_fd >= 0)
    close(host->timer_fd);
}

/* Sets and calls that arrive while others are carried out are carried out as well, before the loop waits
 * again. */
static void serve(struct host *host) {
  int done;
  do {
    sw_poll(host->driver, 0);
    done = sw_apply(host->driver) + sw_serve(host->driver);
    if (host->sampling.period_ms != host->period_ms)
      set_timer(host);
  } while (done > 0);
}

static void sample(struct host *host) {
  uint64_t periods; /* that have ended; more than one when the machine was busy: they get one sample */
  if (read(host->timer_fd, &periods, sizeof periods) != sizeof periods)
    return;
  metrics_sample(&host->metrics);
  links_sample(&host->links);
  traffic_sample(&host->traffic);
}

static void run(struct host *host) {
  while (!stop_wanted(&host->stop)) {
    struct pollfd fds[7] = {
        {.fd = sw_poll_fd(host->driver), .events = POLLIN},
        {.fd = host->timer_fd, .events = POLLIN},
        {.fd = host->links.netlink.notice_fd, .events = POLLIN},
        {.fd = host->traffic.loopback.near_fd, .events = POLLIN},
        {.fd = host->traffic.loopback.far_fd, .events = POLLIN},
    };
    memcpy(&fds[5], host->stop.fds, (size_t)host->stop.count * sizeof fds[0]);
    poll(fds, 5 + (nfds_t)host->stop.count, sw_poll_timeout(host->driver));
    serve(host);
    if (fds[2].revents != 0)
      links_update(&host->links);
    if (fds[3].revents != 0 || fds[4].revents != 0)
      loopback_pump(&host->traffic.loopback);
    sample(host);
  }
}

int main(int argc, char **argv) {
  struct options options;
  int exit_code = options_parse(argc, argv, "host",
                                "This machine's real figures from the kernel: channels cpu, memory, load, "
                                "disk, link/NAME, tcp and tcp_meta,\n"
                                "parameter sampling, service processes.",
                                &options);
  if (exit_code != OPTIONS_GO_ON)
    return exit_code;

  struct host host = {
      .sampling = {.period_ms = 1000},
      .timer_fd = -1,
      .links.netlink = {.ask_fd = -1, .notice_fd = -1},
      .traffic.loopback = {.near_fd = -1, .far_fd = -1},
  };
  sw_status status = open_host(&host, &options);
  if (status != SW_OK) {
    exit_code = options_open_failed(&options, status);
    close_host(&host);
    return exit_code;
  }
  sw_log(host.driver, SW_INFO, "reads the kernel every %u ms", host.period_ms);
  run(&host);
  close_host(&host);
  return 0;
}
