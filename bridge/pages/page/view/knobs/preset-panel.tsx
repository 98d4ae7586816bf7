// SPDX-License-Identifier: MIT
// Presets of all parameters: saved, loaded, compared with what holds now, removed.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { jsonText } from "../../../parts/fields/value-text.ts";
import type { PresetShelf, ShelfState } from "../../../parts/presets/shelf.ts";
import { usePage } from "../page-context.ts";

/** A line that opens what there is. */
export function PresetPanel(): JSX.Element {
  const { presets: shelf } = usePage();
  const { presets, said, compared } = shelf.state.value;
  return (
    <details
      class="card presets"
      onToggle={(event) => {
        if (event.currentTarget.open) void shelf.refresh();
      }}
    >
      <summary>Presets</summary>
      {presets?.length === 0 && <p class="empty">None yet: save what all knobs are now under a name.</p>}
      {presets?.map(({ preset, parameters }) => (
        <PresetRow key={preset} preset={preset} title={parameters.join(", ")} shelf={shelf} />
      ))}
      <SaveForm shelf={shelf} />
      <p class={said.isBad ? "problem" : "receipt"} role="status">
        {said.text}
      </p>
      {compared !== null && <Comparison {...compared} />}
    </details>
  );
}

interface PresetRowProps {
  readonly preset: string;
  readonly title: string;
  readonly shelf: PresetShelf;
}

function PresetRow({ preset, title, shelf }: PresetRowProps): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  return (
    <div class="preset-row" role="group" aria-label={`Preset ${preset}`}>
      <span title={title}>{preset}</span>
      <button type="button" class="button button-line" onClick={() => void shelf.load(preset)}>
        Load
      </button>
      <button type="button" class="button button-line" onClick={() => void shelf.compare(preset)}>
        Compare
      </button>
      <button
        type="button"
        class="button"
        onBlur={() => {
          setAsked(false);
        }}
        onClick={() => {
          if (isAsked) void shelf.remove(preset);
          else setAsked(true);
        }}
      >
        {isAsked ? "Sure?" : "Remove"}
      </button>
    </div>
  );
}

function SaveForm({ shelf }: { readonly shelf: PresetShelf }): JSX.Element {
  const [name, setName] = useState("");
  const isThere = shelf.state.value.presets?.some(({ preset }) => preset === name) === true;
  return (
    <form
      class="preset-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "") void shelf.save(name);
        setName("");
      }}
    >
      <input
        class="text-input"
        type="text"
        placeholder="name"
        maxLength={64}
        spellcheck={false}
        autocomplete="off"
        aria-label="Name of a preset"
        value={name}
        onInput={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <button type="submit" class="button button-line">
        {isThere ? "Replace" : "Save"}
      </button>
    </form>
  );
}

function Comparison({ preset, differences }: NonNullable<ShelfState["compared"]>): JSX.Element {
  if (differences.length === 0) return <p class="receipt">Nothing differs from {preset}.</p>;
  return (
    <table class="reply">
      <thead>
        <tr>
          {["field", preset, "now"].map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {differences.map(({ parameter, field, saved, other }) => (
          <tr key={`${parameter} ${field}`}>
            <th scope="row">
              <span class="muted">{parameter}</span> {field}
            </th>
            <td>{jsonText(saved)}</td>
            <td>{jsonText(other)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
