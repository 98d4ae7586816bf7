// SPDX-License-Identifier: MIT
// A service as a form in the output of a cell: its request as controls, a button, and below it what it replied.
import { effect } from "@preact/signals";
import type { Client } from "../../client/client.ts";
import type { CallSpec } from "../../client/notebook/output.ts";
import type { Json, ServiceEntry } from "../../session/messages.ts";
import { durationText } from "../parts/fields/number-text.ts";
import type { Call, CallState } from "../parts/services/call.ts";
import { Calls } from "../parts/services/calls.ts";
import { type CallValues, callValues, formFields } from "../parts/services/program-request.ts";
import { firstRequest, requestElements } from "../parts/services/request.ts";
import { replyElement } from "./call-reply.ts";
import { type ElementControl, elementControl } from "./control.ts";
import { element } from "./elements.ts";
import { Link } from "./link.ts";
import type { LiveOutput } from "./shown.ts";
import { applyStyle } from "./style.ts";

/** Shows the form in its place; what was typed stays while the driver comes and goes. */
export function showCall(place: HTMLElement, spec: CallSpec): LiveOutput<CallSpec> {
  const root = element("form", "structwire-cell");
  const bar = element("div", "structwire-bar");
  const title = element("strong", "structwire-title");
  title.textContent = spec.title;
  const status = element("span", "structwire-status");
  status.setAttribute("role", "status");
  const fields = element("fieldset", "structwire-knobs");
  const list = element("div", "structwire-rows");
  const press = element("button", "structwire-button structwire-press");
  const reply = element("div", "structwire-reply");
  fields.append(list, press);
  bar.append(title, status);
  root.append(bar, fields, reply);
  place.replaceChildren(root);
  applyStyle(root);

  let client: Client | null = null;
  let entry: ServiceEntry | undefined;
  let trouble = "";
  let values = new Map<string, Json>();
  const call = new Calls(() => client).call(spec.service);

  const tell = (): void => {
    const state = call.state.value;
    status.textContent = trouble === "" ? sentence(state) : trouble;
    status.classList.toggle("structwire-warning", trouble !== "" || state.kind === "failed");
    fields.disabled = trouble !== "" || entry === undefined;
    press.textContent = state.kind === "running" ? "Cancel" : spec.button;
    if (state.kind === "replied" && entry !== undefined) reply.replaceChildren(replyElement(entry, state.reply));
    else if (state.kind === "failed") reply.replaceChildren();
  };
  const show = (joined: Client): void => {
    entry = joined.directory.services.find(({ service }) => service === spec.service);
    trouble = entry === undefined ? "the driver is gone; the form works again when it is back" : "";
    if (entry !== undefined) values = fillForm(list, entry, values);
    tell();
  };
  root.noValidate = true;
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (entry !== undefined) submit(root, call, callValues(entry, values));
  });
  const stop = effect(tell);

  const link = new Link(root, spec, {
    joined: async (joined) => {
      client = joined;
      joined.on("directory", ({ added, removed }) => {
        if (added.length > 0 || removed.length > 0) show(joined);
      });
      joined.on("state", ({ state }) => {
        if (state === "open") show(joined);
      });
      await joined.watch();
      show(joined);
    },
    left: () => {
      client = null;
    },
    told: (text) => {
      trouble = text;
      tell();
    },
  });
  return {
    adopt: (other, changed) => {
      other.replaceChildren(root);
      title.textContent = changed.title;
      link.renew(changed);
    },
    close: () => {
      stop();
      call.cancel();
      link.close();
    },
  };
}

/** Calls, or cancels what runs. Enter in a field never cancels, and what a field complains about is not sent. */
function submit(root: HTMLElement, call: Call, values: CallValues): void {
  const isRunning = call.state.peek().kind === "running";
  if (isRunning && !(document.activeElement instanceof HTMLInputElement)) call.cancel();
  const isInvalid = root.querySelector(".structwire-reason:not(:empty)") !== null;
  if (!isRunning && !isInvalid) void call.run(values);
}

/** Fills the list with a control for each element of the request; returns its values, those typed before where they still fit. */
function fillForm(list: HTMLElement, entry: ServiceEntry, typed: ReadonlyMap<string, Json>): Map<string, Json> {
  const request = formFields(entry);
  const values = firstRequest(request);
  const controls = requestElements(request).map(({ path, entry: field }) => {
    const first = typed.get(path) ?? values.get(path) ?? null;
    values.set(path, first);
    const control: ElementControl = elementControl(path, field, (value) => {
      values.set(path, value);
      control.show(value, "");
    });
    control.show(first, "");
    return control.row;
  });
  list.replaceChildren(...controls);
  return values;
}

function sentence(state: CallState): string {
  switch (state.kind) {
    case "idle":
      return "";
    case "running":
      return "runs";
    case "replied":
      return `replied after ${durationText(state.tookMs)}`;
    case "failed":
      return `${state.message} (${state.code})`;
  }
}
