// SPDX-License-Identifier: MIT
// A service as a form: its request's fields, the call while it runs, its reply or its failure.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Json, ServiceEntry } from "../../../../session/messages.ts";
import { durationText } from "../../../parts/fields/number-text.ts";
import { callValues, formFields, replyText } from "../../../parts/services/program-request.ts";
import { requestElements, firstRequest } from "../../../parts/services/request.ts";
import { ValueInput } from "../knobs/value-input.tsx";
import { ValueRow } from "../knobs/value-row.tsx";
import { LiveText } from "../../../parts/view/live-text.tsx";
import { usePage } from "../page-context.ts";
import { ReplyTable } from "./reply-table.tsx";

export function ServiceCard({ entry }: { readonly entry: ServiceEntry }): JSX.Element {
  const page = usePage();
  const call = page.calls.call(entry.service);
  const state = call.state.value;
  const fields = formFields(entry);
  const [values, setValues] = useState<ReadonlyMap<string, Json>>(() => firstRequest(fields));
  // What another program provides is there as long as it is listed.
  const isUp = entry.driver === null || page.catalog.driver(entry.driver)?.state === "up";
  const nameAt = entry.service.indexOf("/") + 1;
  const isRunning = state.kind === "running";
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    // Enter in a field calls, but must not cancel what runs.
    if (isRunning && !(document.activeElement instanceof HTMLInputElement)) call.cancel();
    const isInvalid =
      event.currentTarget instanceof HTMLFormElement &&
      event.currentTarget.querySelector("[aria-invalid='true']") !== null;
    if (!isRunning && !isInvalid) void call.run(callValues(entry, values));
  };
  return (
    <section class="card" aria-label={`Service ${entry.service}`}>
      <form onSubmit={submit}>
        <div class="service-head">
          <h3>
            <span class="muted">{entry.service.slice(0, nameAt)}</span>
            {entry.service.slice(nameAt)}
            {!isUp && <span class="badge badge-bad">down</span>}
          </h3>
          {/* One button for both: the focus stays on it, and a click is never the first half of another. */}
          <button
            type="submit"
            class={isRunning ? "button" : "button button-main"}
            disabled={!page.isLive.value || !isUp}
          >
            {isRunning ? "Cancel" : "Call"}
          </button>
        </div>
        <fieldset disabled={!page.isLive.value || !isUp}>
          {requestElements(fields).map(({ path, entry: field }) => (
            <ValueRow key={path} name={path} entry={field} isBrief={false}>
              <ValueInput
                entry={field}
                value={values.get(path)}
                label={`${entry.service} ${path}`}
                isInvalid={false}
                onEdit={(value) => {
                  setValues(new Map(values).set(path, value));
                }}
              />
            </ValueRow>
          ))}
        </fieldset>
      </form>
      <div role="status">
        {state.kind === "running" && (
          <p class="receipt">
            <span class="pending" aria-hidden="true" /> runs since{" "}
            <LiveText class="number" read={() => durationText(Date.now() - state.sinceMs)} />
          </p>
        )}
        {state.kind === "replied" && (
          <>
            <p class="receipt">Replied after {durationText(state.tookMs)}</p>
            {entry.driver === null ? (
              <pre class="reply">{replyText(state.reply)}</pre>
            ) : (
              <ReplyTable fields={entry.reply.fields} reply={state.reply} />
            )}
          </>
        )}
      </div>
      <p class="problem" role="alert">
        {state.kind === "failed" && (
          <>
            {state.message} <code>{state.code}</code>
          </>
        )}
      </p>
    </section>
  );
}
