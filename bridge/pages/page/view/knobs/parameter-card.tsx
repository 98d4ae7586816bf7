// SPDX-License-Identifier: MIT
// The knobs of one parameter: always what the driver applied, with what is on its way, and what came of it.
import type { JSX } from "preact";
import type { ParameterEntry } from "../../../../session/messages.ts";
import { elementsOf, readPath } from "../../../../client/trace/element-path.ts";
import { groupedText } from "../../../parts/fields/number-text.ts";
import type { Knob } from "../../../parts/knobs/knob.ts";
import type { KnobState } from "../../../parts/knobs/knob-state.ts";
import { usePage } from "../page-context.ts";
import { KnobTools } from "./knob-tools.tsx";
import { ValueInput } from "./value-input.tsx";
import { ValueRow } from "./value-row.tsx";

export function ParameterCard({ entry }: { readonly entry: ParameterEntry }): JSX.Element {
  const page = usePage();
  const knob = page.knobs.knob(entry);
  const state = knob.state.value;
  const isUp = page.catalog.driver(entry.driver)?.state === "up";
  return (
    <section class="card" aria-label={`Parameter ${entry.parameter}`}>
      <h3>
        <span class="muted">{entry.driver}/</span>
        {entry.parameter.slice(entry.driver.length + 1)}
        {!isUp && <span class="badge badge-bad">down</span>}
      </h3>
      <fieldset disabled={!page.isLive.value || !isUp}>
        {entry.fields.flatMap((field) =>
          elementsOf(field).map((element, index) => (
            <KnobRow
              key={element.path}
              knob={knob}
              state={state}
              parameter={entry.parameter}
              {...element}
              isBrief={index > 0}
            />
          )),
        )}
        <KnobTools entry={entry} knob={knob} />
      </fieldset>
      <Outcome state={state} />
    </section>
  );
}

interface KnobRowProps {
  readonly knob: Knob;
  readonly state: KnobState;
  readonly parameter: string;
  readonly path: string;
  readonly entry: ParameterEntry["fields"][number];
  readonly isBrief: boolean;
}

function KnobRow({ knob, state, parameter, path, entry, isBrief }: KnobRowProps): JSX.Element {
  const applied = readPath(state.applied, path);
  const isRefused = state.refusal?.paths.includes(path) === true;
  const isPending = state.drafts.has(path);
  return (
    <ValueRow
      name={path}
      entry={entry}
      isBrief={isBrief}
      state={isPending ? "pending" : isRefused ? "refused" : state.foreign.has(path) ? "foreign" : undefined}
    >
      <ValueInput
        entry={entry}
        value={isPending ? state.drafts.get(path) : applied}
        applied={applied}
        label={`${parameter} ${path}`}
        isInvalid={isRefused}
        onEdit={(value) => {
          knob.edit(path, value);
        }}
      />
    </ValueRow>
  );
}

function Outcome({ state }: { readonly state: KnobState }): JSX.Element {
  const { refusal, receipt } = state;
  const since = receipt?.seq === null || receipt === null ? "" : `, from sample ${groupedText(receipt.seq)} on`;
  return (
    <div class="outcome">
      <p class="problem" role="alert">
        {refusal !== null && (
          <>
            Refused: {refusal.message} <code>{refusal.code}</code>
          </>
        )}
      </p>
      <p class="receipt" role="status">
        {receipt !== null && `Applied ${receipt.paths.join(", ")}${since}`}
      </p>
    </div>
  );
}
