/* SPDX-License-Identifier: MIT
 *
 * load FORM PATH SOURCES CHANNELS: both ends of a way that samples take, in one program, so that what was
 * sent and what came are counted by one. FORM says what is sent (driver, records, frames, blobs, or nats with
 * a port as PATH); PATH is a socket, with several sources PATH is their folder and load0.sock … are there.
 * Lines of standard input are commands; each is answered by one line of JSON. It ends with its standard
 * input.
 *
 * - connect SINK PORT CLIENTS [TOKEN]: clients (bridge, websocket, socketio, nats, raw; none) and sources
 * - flood MS WINDOW SAMPLES: sends as fast as it can, at most WINDOW samples ahead of the slowest client
 * - pace MS PERIOD_US RECORDS SAMPLES: sends so many batches of so many samples each period, from each source
 * - stop CLIENT, go CLIENT: from now on that client does not read, or reads again
 * - tell CLIENT: what it got in all
 */
#include "net.h"
#include "sink.h"
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* After so long without anything new nothing more is coming. */
static const int64_t PATIENCE_NS = 10000000000;

typedef struct load {
  source_form form;
  source *sources;
  int *listeners;
  size_t source_count;
  sink *sinks;
  size_t sink_count;
} load;

typedef struct totals {
  uint64_t samples; /* of the slowest client that reads */
  uint64_t all, messages, lost, unexplained;
} totals;

/* ---- What came ---- */

static uint64_t samples_of(const load *load, const sink *sink, uint32_t batch) {
  if (sink->form == SINK_BRIDGE)
    return sink->samples;
  return sink->bytes * batch / source_write_bytes(load->form, batch);
}

/* Of the clients that read. Gaps count as come: nothing is to be waited for. */
static totals sum(const load *load, uint32_t batch) {
  totals totals = {.samples = UINT64_MAX};
  for (size_t at = 0; at < load->sink_count; at++) {
    const sink *sink = &load->sinks[at];
    if (sink->stopped)
      continue;
    const uint64_t samples = samples_of(load, sink, batch);
    totals.all += samples;
    totals.messages += sink->messages;
    totals.lost += sink->lost;
    totals.unexplained += sink->unexplained;
    if (samples + sink->lost < totals.samples)
      totals.samples = samples + sink->lost;
  }
  return totals;
}

static double percentile(const load *load, double part) {
  uint64_t classes[SINK_LATENCIES] = {0};
  uint64_t count = 0;
  for (size_t at = 0; at < load->sink_count; at++) {
    for (size_t class = 0; class < SINK_LATENCIES && !load->sinks[at].stopped; class ++) {
      classes[class] += load->sinks[at].latencies[class];
      count += load->sinks[at].latencies[class];
    }
  }
  uint64_t below = 0;
  for (size_t class = 0; class < SINK_LATENCIES; class ++) {
    below += classes[class];
    if (count > 0 && (double)below >= part * (double)count)
      return sink_latency_ns(class);
  }
  return 0;
}

static void forget_latencies(load *load) {
  for (size_t at = 0; at < load->sink_count; at++)
    memset((void *)load->sinks[at].latencies, 0, SINK_LATENCIES * sizeof *load->sinks[at].latencies);
}

/* Waits until all that was sent has come, or nothing does any more, and tells. */
static void settle(load *load, int64_t start, uint64_t sent, const totals *before, uint32_t batch) {
  totals now = sum(load, batch);
  int64_t progress = net_now();
  while (load->sink_count > 0 && now.samples - before->samples < sent && net_now() - progress < PATIENCE_NS) {
    const uint64_t samples = now.samples;
    net_sleep_until(net_now() + 100000);
    now = sum(load, batch);
    if (now.samples != samples)
      progress = net_now();
  }
  if (load->sink_count == 0) {
    for (size_t at = 0; at < load->source_count; at++)
      (void)source_drained(&load->sources[at], PATIENCE_NS);
    progress = net_now();
  }
  (void)printf(
      "{\"seconds\":%.6f,\"sent\":%llu,\"delivered\":%llu,\"messages\":%llu,\"lost\":%llu,"
      "\"unexplained\":%llu,\"p50us\":%.1f,\"p99us\":%.1f}\n",
      (double)(progress - start) / 1e9, (unsigned long long)sent, (unsigned long long)(now.all - before->all),
      (unsigned long long)(now.messages - before->messages), (unsigned long long)(now.lost - before->lost),
      (unsigned long long)(now.unexplained - before->unexplained), percentile(load, 0.5) / 1e3,
      percentile(load, 0.99) / 1e3);
}

/* ---- Commands ---- */

static void send_one(source *source, uint32_t records, uint32_t samples) {
  if (!source_send(source, records, samples))
    net_fail("whoever reads the samples is gone");
}

static void flood(load *load, int64_t ms, uint64_t window, uint32_t samples) {
  const totals before = sum(load, samples);
  const int64_t start = net_now();
  uint64_t sent = 0;
  while (net_now() < start + ms * 1000000) {
    if (load->sink_count > 0 && sent + samples > window + sum(load, samples).samples - before.samples) {
      net_sleep_until(net_now() + 20000);
      continue;
    }
    send_one(&load->sources[0], 1, samples);
    sent += samples;
  }
  settle(load, start, sent, &before, samples);
}

static void pace(load *load, int64_t ms, int64_t period_us, uint32_t records, uint32_t samples) {
  const totals before = sum(load, samples);
  const int64_t start = net_now();
  uint64_t sent = 0;
  forget_latencies(load);
  for (int64_t at = start; at < start + ms * 1000000; at += period_us * 1000) {
    net_sleep_until(at);
    for (size_t source = 0; source < load->source_count; source++) {
      for (uint32_t left = records; left > 0;) {
        const uint32_t fit = SOURCE_BATCH_SAMPLES / samples;
        const uint32_t part = left < fit ? left : fit;
        send_one(&load->sources[source], part, samples);
        left -= part;
      }
      sent += (uint64_t)records * samples;
    }
  }
  settle(load, start, sent, &before, samples);
}

static int sink_form_of(const char *name) {
  static const char *const names[] = {"bridge", "websocket", "socketio", "nats", "raw"};
  for (int form = 0; form < 5; form++) {
    if (strcmp(name, names[form]) == 0)
      return form;
  }
  return -1;
}

static void open_all(load *load, const char *form, int port, size_t clients, const char *token,
                     uint32_t channels) {
  const int code = sink_form_of(form);
  load->sink_count = code < 0 ? 0 : clients;
  load->sinks = calloc(load->sink_count + 1, sizeof *load->sinks);
  if (load->sinks == NULL)
    net_fail("out of memory");
  const sink_place place = {.form = (sink_form)code, .port = port, .token = token};
  for (size_t at = 0; at < load->sink_count; at++)
    sink_open(&load->sinks[at], &place);
  for (size_t at = 0; at < load->source_count; at++) {
    char name[32];
    (void)snprintf(name, sizeof name, "load%zu", at);
    const int fd = load->form == SOURCE_NATS ? net_connect_tcp(port) : net_accept(load->listeners[at]);
    source_open(&load->sources[at], load->form, channels, name, fd);
    if (load->form == SOURCE_NATS && !net_write(fd, "CONNECT {\"verbose\":false}\r\n", 27))
      net_fail("closed by nats");
  }
  if (load->sink_count > 0)
    sinks_start(load->sinks, load->sink_count);
  (void)printf("{\"clients\":%zu}\n", load->sink_count);
}

static void tell(const load *load, const sink *sink) {
  (void)printf("{\"delivered\":%llu,\"lost\":%llu,\"unexplained\":%llu,\"sent\":%llu,\"gone\":%s}\n",
               (unsigned long long)sink->samples, (unsigned long long)sink->lost,
               (unsigned long long)sink->unexplained,
               (unsigned long long)(load->source_count > 0 ? load->sources[0].samples : 0),
               sink->gone ? "true" : "false");
}

static void obey(load *load, char *line, uint32_t channels) {
  char word[32];
  char token[256] = "";
  long long ms, period;
  unsigned long long window;
  unsigned records, samples;
  int port;
  size_t client;
  if (sscanf(line, "connect %31s %d %zu %255s", word, &port, &client, token) >= 3)
    open_all(load, word, port, client, token, channels);
  else if (sscanf(line, "flood %lld %llu %u", &ms, &window, &samples) == 3)
    flood(load, ms, window, samples);
  else if (sscanf(line, "pace %lld %lld %u %u", &ms, &period, &records, &samples) == 4)
    pace(load, ms, period, records, samples);
  else if (sscanf(line, "stop %zu", &client) == 1 && client < load->sink_count) {
    load->sinks[client].stopped = true;
    tell(load, &load->sinks[client]);
  } else if (sscanf(line, "go %zu", &client) == 1 && client < load->sink_count) {
    load->sinks[client].stopped = false;
    tell(load, &load->sinks[client]);
  } else if (sscanf(line, "tell %zu", &client) == 1 && client < load->sink_count)
    tell(load, &load->sinks[client]);
  else
    net_fail("what is %s", line);
  (void)fflush(stdout);
}

static source_form source_form_of(const char *name) {
  static const char *const names[] = {"driver", "records", "frames", "blobs", "nats"};
  for (int form = 0; form < 5; form++) {
    if (strcmp(name, names[form]) == 0)
      return (source_form)form;
  }
  net_fail("what is the form %s", name);
}

int main(int argc, char **argv) {
  char line[1024];
  if (argc != 5)
    net_fail("load FORM PATH SOURCES CHANNELS");
  load load = {.form = source_form_of(argv[1]), .source_count = strtoul(argv[3], NULL, 10)};
  load.sources = calloc(load.source_count, sizeof *load.sources);
  load.listeners = calloc(load.source_count, sizeof *load.listeners);
  if (load.sources == NULL || load.listeners == NULL)
    net_fail("out of memory");
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
  }
  for (size_t at = 0; at < load.source_count && load.form != SOURCE_NATS; at++) {
    if (load.form == SOURCE_DRIVER)
      (void)snprintf(line, sizeof line, "%s/load%zu.sock", argv[2], at);
    else
      (void)snprintf(line, sizeof line, "%s", argv[2]);
    load.listeners[at] = net_listen_unix(line);
  }
  (void)printf("{\"listening\":%zu}\n", load.source_count);
  (void)fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL)
    obey(&load, line, (uint32_t)strtoul(argv[4], NULL, 10));
  return 0;
}
