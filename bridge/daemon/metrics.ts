// SPDX-License-Identifier: MIT
// The bridge's state as Prometheus reads it (text format 0.0.4).
import type { BridgeState } from "./status.ts";

type Labels = Readonly<Record<string, string>>;

/** The content type of {@link metricsText}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Writes all metrics. Costs time in the number of channels and sessions. */
export function metricsText(state: BridgeState): string {
  const page = new Page();
  const { memory, cpu, loop, counts, samples } = state;
  page.add("structwire_uptime_seconds", "gauge", "Time since the bridge started", {}, state.uptimeMs / 1000);
  page.add("structwire_memory_bytes", "gauge", "Memory of the bridge", { kind: "resident" }, memory.rssBytes);
  page.add("structwire_memory_bytes", "gauge", "", { kind: "heap" }, memory.heapBytes);
  page.add("structwire_memory_bytes", "gauge", "", { kind: "external" }, memory.externalBytes);
  page.add("structwire_cpu_seconds_total", "counter", "CPU time", { mode: "user" }, cpu.userMs / 1000);
  page.add("structwire_cpu_seconds_total", "counter", "", { mode: "system" }, cpu.systemMs / 1000);
  page.add("structwire_loop_delay_seconds", "gauge", "How late timers run", { quantile: "0.5" }, loop.p50Ms / 1000);
  page.add("structwire_loop_delay_seconds", "gauge", "", { quantile: "0.99" }, loop.p99Ms / 1000);
  for (const [kind, count] of Object.entries(counts)) {
    page.add("structwire_entries", "gauge", "How many there are", { kind }, count);
  }
  page.add("structwire_delivered_samples_total", "counter", "Samples sent to sessions", {}, samples.delivered);
  for (const [reason, count] of Object.entries(samples.lost)) {
    page.add(
      "structwire_lost_samples_total",
      "counter",
      "Samples that sessions were due and did not get",
      { reason },
      count,
    );
  }
  for (const { driver, address, state: is, latency } of state.drivers) {
    const labels = { driver, address };
    page.add("structwire_driver_up", "gauge", "1: connected", labels, is === "up" ? 1 : 0);
    if (latency === null) continue;
    const name = "structwire_driver_latency_seconds";
    page.add(
      name,
      "gauge",
      "From publishing to the bridge, of the last seconds",
      { ...labels, quantile: "0.5" },
      latency.p50Ms / 1000,
    );
    page.add(name, "gauge", "", { ...labels, quantile: "0.99" }, latency.p99Ms / 1000);
  }
  for (const { channel, published, ringDropped, linkDropped, received } of state.channels) {
    const labels = { channel };
    page.add(
      "structwire_channel_published",
      "gauge",
      "Samples published in this epoch, dropped ones too",
      labels,
      published,
    );
    page.add("structwire_channel_ring_dropped", "gauge", "Of these dropped in the driver's ring", labels, ringDropped);
    page.add(
      "structwire_channel_link_dropped",
      "gauge",
      "Of these dropped on the link to this bridge",
      labels,
      linkDropped,
    );
    page.add("structwire_channel_received_samples_total", "counter", "Samples that this bridge read", labels, received);
  }
  for (const { session, client, queueBytes, sent, published, provides } of state.sessions) {
    const labels = { session, client };
    page.add("structwire_session_queue_bytes", "gauge", "What waits for a client", labels, queueBytes);
    page.add("structwire_session_published_samples", "gauge", "Samples it published", labels, published.published);
    page.add("structwire_session_refused_records", "gauge", "Of its records refused", labels, published.refused);
    page.add("structwire_session_services", "gauge", "Services that it provides", labels, provides.services);
    page.add("structwire_session_calls_waiting", "gauge", "Calls that wait for its answer", labels, provides.waiting);
    page.add("structwire_session_sent_samples", "gauge", "Samples handed to its connection", labels, sent.samples);
    page.add(
      "structwire_session_dropped_samples",
      "gauge",
      "Samples it lost because it read too slowly",
      labels,
      sent.dropped,
    );
  }
  for (const { upstream, address, state: is, links, channels, reading } of state.upstreams) {
    const labels = { upstream, address };
    page.add("structwire_upstream_up", "gauge", "1: connected", labels, is === "up" ? 1 : 0);
    page.add("structwire_upstream_links_total", "counter", "Connections to another bridge", labels, links);
    page.add("structwire_upstream_channels", "gauge", "Channels of another bridge", labels, channels);
    page.add("structwire_upstream_reading", "gauge", "Of these subscribed there", labels, reading);
  }
  for (const { gateway, url, peers, refused, dropped } of state.gateways) {
    const labels = { gateway, url };
    page.add("structwire_gateway_peers", "gauge", "Clients of a gateway that are connected", labels, peers);
    page.add("structwire_gateway_refused_total", "counter", "Connections and messages it refused", labels, refused);
    page.add(
      "structwire_gateway_dropped_total",
      "counter",
      "Messages its clients did not take in time",
      labels,
      dropped,
    );
  }
  return page.text();
}

/** Groups the lines of each metric, as the format wants. */
class Page {
  readonly #metrics = new Map<string, string[]>();

  add(name: string, type: "gauge" | "counter", help: string, labels: Labels, value: number): void {
    let lines = this.#metrics.get(name);
    if (lines === undefined) {
      lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
      this.#metrics.set(name, lines);
    }
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    lines.push(`${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${String(value)}`);
  }

  text(): string {
    return `${[...this.#metrics.values()].flat().join("\n")}\n`;
  }
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
