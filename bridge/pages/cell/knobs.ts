// SPDX-License-Identifier: MIT
// The knobs of one parameter in the output of a cell: what they show is what the driver applied, whoever set it.
import { effect } from "@preact/signals";
import type { Client } from "../../client/client.ts";
import type { KnobsSpec } from "../../client/notebook/output.ts";
import type { ParameterEntry } from "../../session/messages.ts";
import { elementsOf, readPath } from "../../client/trace/element-path.ts";
import type { Knob } from "../parts/knobs/knob.ts";
import type { KnobState } from "../parts/knobs/knob-state.ts";
import { Knobs } from "../parts/knobs/knobs.ts";
import { type ElementControl, elementControl } from "./control.ts";
import { element } from "./elements.ts";
import { Link } from "./link.ts";
import type { LiveOutput } from "./shown.ts";
import { applyStyle } from "./style.ts";

/** Shows the knobs in their place and keeps them true while they are seen. */
export function showKnobs(place: HTMLElement, spec: KnobsSpec): LiveOutput<KnobsSpec> {
  const root = element("div", "structwire-cell");
  const bar = element("div", "structwire-bar");
  const title = element("strong", "structwire-title");
  title.textContent = spec.title;
  const status = element("span", "structwire-status");
  status.setAttribute("role", "status");
  const list = element("fieldset", "structwire-knobs");
  bar.append(title, status);
  root.append(bar, list);
  place.replaceChildren(root);
  applyStyle(root);

  let client: Client | null = null;
  let trouble = "";
  let said = "";
  let stop = (): void => undefined;
  const knobs = new Knobs(() => client);
  const tell = (): void => {
    status.textContent = trouble === "" ? said : trouble;
    status.classList.toggle("structwire-warning", trouble !== "");
    list.disabled = trouble !== "";
  };

  const find = (joined: Client): ParameterEntry | undefined =>
    joined.directory.parameters.find((entry) => entry.parameter === spec.parameter);
  const show = (joined: Client): void => {
    const entry = find(joined);
    trouble = entry === undefined ? "the driver is gone; the knobs work again when it is back" : "";
    tell();
    if (entry === undefined) return;
    knobs.update([entry]);
    stop();
    stop = fillList(list, entry, knobs.knob(entry), (text) => {
      said = text;
      tell();
    });
  };

  const link = new Link(root, spec, {
    joined: async (joined) => {
      client = joined;
      joined.on("parameter", (event) => {
        knobs.changed(event);
      });
      // Another life of the driver may have other fields.
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
      link.close();
    },
  };
}

/** Fills the list with a control for each element of the parameter; returns what stops it. */
function fillList(list: HTMLElement, entry: ParameterEntry, knob: Knob, say: (text: string) => void): () => void {
  const controls = new Map<string, ElementControl>();
  for (const { path, entry: field } of entry.fields.flatMap((each) => elementsOf(each))) {
    controls.set(
      path,
      elementControl(path, field, (value) => {
        knob.edit(path, value);
      }),
    );
  }
  list.replaceChildren(...[...controls.values()].map(({ row }) => row));
  return effect(() => {
    const state = knob.state.value;
    for (const [path, control] of controls) {
      const shown = state.drafts.get(path) ?? readPath(state.applied, path);
      control.show(shown, state.refusal?.paths.includes(path) === true ? state.refusal.message : "");
    }
    say(sentence(state));
  });
}

function sentence({ refusal, receipt }: KnobState): string {
  if (refusal !== null) return "refused: nothing was changed";
  if (receipt === null) return "";
  return receipt.seq === null ? "applied" : `applied from sample ${receipt.seq.toLocaleString("en-US")} on`;
}
