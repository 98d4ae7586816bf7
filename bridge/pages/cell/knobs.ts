// SPDX-License-Identifier: MIT
// The knobs of one parameter in the output of a cell: what they show is what the driver applied, whoever set it.
import type { Client } from "../../client/client.ts";
import type { KnobsSpec } from "../../client/notebook/output.ts";
import type { ParameterEntry } from "../../session/messages.ts";
import type { Direction } from "../parts/knobs/history.ts";
import type { Knob } from "../parts/knobs/knob.ts";
import { Knobs } from "../parts/knobs/knobs.ts";
import { PresetShelf } from "../parts/presets/shelf.ts";
import { element, isTyping } from "./elements.ts";
import { fillKnobs } from "./knob-list.ts";
import { Link } from "./link.ts";
import { presetPanel } from "./preset-panel.ts";
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
  const list = element("fieldset", "structwire-knobs structwire-rows");
  const tools = element("span", "structwire-tools");
  place.replaceChildren(root);
  applyStyle(root);

  let client: Client | null = null;
  let trouble = "";
  let said = "";
  let stop = (): void => undefined;
  let knob: Knob | null = null;
  const knobs = new Knobs(() => client);
  const presets = presetPanel(new PresetShelf(() => client?.presets ?? null, [spec.parameter]));
  bar.append(title, status, tools, presets.toggle);
  root.append(bar, list, presets.panel);
  watchKeys(root, (direction) => knob?.go(direction));
  const tell = (): void => {
    status.textContent = trouble === "" ? said : trouble;
    status.classList.toggle("structwire-warning", trouble !== "");
    list.disabled = trouble !== "";
    tools.hidden = trouble !== "";
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
    knob = knobs.knob(entry);
    const fields = entry.fields.filter(({ name }) => spec.fields?.includes(name) !== false);
    stop = fillKnobs(list, tools, fields, knob, (text) => {
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
      presets.close();
      link.close();
    },
  };
}

/** The keys of every editor; a text that is being typed has an undo of its own. */
function watchKeys(root: HTMLElement, go: (direction: Direction) => void): void {
  // The notebook's own shortcuts would take the arrows and letters of a slider or list for theirs.
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.target instanceof HTMLInputElement && isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    go(key === "y" || event.shiftKey ? "redo" : "undo");
  });
}
