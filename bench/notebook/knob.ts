// SPDX-License-Identifier: MIT
// A knob's way from the page to the driver and back, against a set on a bare WebSocket of the same page.
import type { Browser } from "playwright-core";
import type { Child } from "../support/children.ts";
import { quantile, type Gate } from "../support/gate.ts";
import type { Run } from "../support/report.ts";
import { interleave, ratios, values } from "../support/rounds.ts";
import { Tab } from "./tab.ts";

/** Who sets: the knob of the output, or a WebSocket that does nothing else. */
type Way = "knob" | "bare";

declare global {
  interface Window {
    /** Sets the gain kp and resolves when the page knows, or shows, that it was applied. */
    readonly set: Readonly<Record<Way, (kp: number) => Promise<void>>>;
  }
}

/** The rows that {@link measureKnob} reports. */
export const KNOB_ROWS = ["notebook/knob", "notebook/knob-busy"] as const;

const SETS = 30;
/** As far apart as the sets of a slider that is dragged; and not in step with the motor, which applies sets once a ms. */
const EVERY_MS = 75.3;
const PAGE_PX = 600;
const GATE: Gate = { is: "at most", bound: 2 };

/** Measures the knobs whose output `kernel` drew; the kernel computes when told. */
export async function measureKnob(
  run: Run,
  browser: Browser,
  { kernel, output, link }: { readonly kernel: Child; readonly output: string; readonly link: string },
): Promise<void> {
  const tab = await Tab.open(browser, [output], PAGE_PX);
  try {
    await tab.page.getByLabel("kp", { exact: true }).waitFor();
    await tab.page.evaluate(offerWays, link);
    const sets = run.tiny ? 2 : SETS;
    const measure = async (way: Way): Promise<number> =>
      quantile(await tab.page.evaluate(timeSets, { way, sets, everyMs: EVERY_MS }), 0.5);
    const whileBusy = async (way: Way): Promise<number> => {
      await kernel.ask(String(sets * EVERY_MS * 1.5));
      const ms = await measure(way);
      await kernel.line(); // it has ended, and disturbs nobody else
      return ms;
    };
    const measured = await interleave(run, "notebook/knob", [
      { name: "bare", measure: () => measure("bare") },
      { name: "knob", measure: () => measure("knob") },
      { name: "bare-busy", measure: () => whileBusy("bare") },
      { name: "knob-busy", measure: () => whileBusy("knob") },
    ]);
    const p50 = (ms: number): number => ms;
    const what = "a set on a bare WebSocket of the page";
    run.row({ id: KNOB_ROWS[0], of: "p50", what, gate: GATE }, ratios(measured, "knob", "bare", p50));
    run.row(
      { id: KNOB_ROWS[1], of: "p50", what: `${what}, both while the kernel computes`, gate: GATE },
      ratios(measured, "knob-busy", "bare-busy", p50),
    );
    for (const name of measured.keys())
      run.figure(`notebook/knob/${name}`, quantile(values(measured, name, p50), 0.5), "ms");
  } finally {
    await tab.close();
  }
}

/** In the page: how many ms each of some sets takes, one after the other. */
async function timeSets({ way, sets, everyMs }: { way: Way; sets: number; everyMs: number }): Promise<number[]> {
  const times: number[] = [];
  for (let set = 0; set < sets; set++) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    const began = performance.now();
    await window.set[way](2 + (set % 10) / 10);
    times.push(performance.now() - began);
  }
  return times;
}

/** In the page: opens the bare WebSocket, and offers both ways. */
async function offerWays(link: string): Promise<void> {
  const { host, hash } = new URL(link);
  const socket = new WebSocket(`ws://${host}/ws`, "structwire.v1");
  let heard: (message: { op: string; id?: number }) => void = () => undefined;
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    heard(JSON.parse(data) as { op: string; id?: number });
  };
  const answer = (wanted: string, id?: number): Promise<void> =>
    new Promise((resolve, reject) => {
      heard = (message) => {
        if (message.op === wanted && message.id === id) resolve();
        else if (message.op === "error") reject(new Error(JSON.stringify(message)));
      };
    });
  await new Promise((resolve) => (socket.onopen = resolve));
  const token = new URLSearchParams(hash.slice(1)).get("token");
  socket.send(JSON.stringify({ op: "hello", version: 1, token, client: "bench" }));
  await answer("welcome");
  let id = 0;
  const bare = (kp: number): Promise<void> => {
    socket.send(JSON.stringify({ op: "set", id: ++id, parameter: "motor/gains", values: { kp } }));
    return answer("result", id);
  };

  const knob = (kp: number): Promise<void> =>
    new Promise((resolve) => {
      const status = document.querySelector("[role=status]");
      const input = document.querySelector<HTMLInputElement>("input[aria-label=kp]");
      if (status === null || input === null) throw new Error("the output has no knob kp, or no status");
      const observer = new MutationObserver(() => {
        if (!status.textContent.startsWith("applied")) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(status, { childList: true, characterData: true, subtree: true });
      input.value = String(kp);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  Object.assign(window, { set: { bare, knob } });
}
