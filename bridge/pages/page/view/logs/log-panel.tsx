// SPDX-License-Identifier: MIT
// The drivers' log lines, newest last; it follows the end unless somebody scrolled away from it.
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { clockText } from "../../../parts/fields/number-text.ts";
import { LEVELS, type Level, type LogLine } from "../../logs/log-book.ts";
import { Icon } from "../../../parts/view/icon.tsx";
import { usePage } from "../page-context.ts";

/** Closer than this to the end, in pixels, counts as being at the end. */
const END_PX = 24;

export function LogPanel(): JSX.Element {
  const { logs, logsOpen } = usePage();
  const [isFollowing, setFollowing] = useState(true);
  const list = useRef<HTMLDivElement>(null);
  const lines = logs.shown.value;
  useLayoutEffect(() => {
    if (isFollowing && list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [lines, isFollowing, logsOpen.value]);
  return (
    <section class="panel panel-logs" aria-label="Driver logs" data-open={logsOpen.value ? "" : undefined}>
      <div class="logs-head">
        <button
          type="button"
          class="button logs-toggle"
          aria-expanded={logsOpen.value}
          onClick={() => {
            logsOpen.value = !logsOpen.value;
          }}
        >
          <Icon name="chevron" /> Logs
        </button>
        <LastLine line={logsOpen.value ? undefined : lines.at(-1)} />
        <span class="space" />
        {!isFollowing && logsOpen.value && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setFollowing(true);
            }}
          >
            <Icon name="down" /> Follow
          </button>
        )}
        <LevelChoice />
        <button
          type="button"
          class="button"
          aria-label="Clear the logs"
          title="Clear"
          onClick={() => {
            logs.clear();
          }}
        >
          <Icon name="erase" />
        </button>
      </div>
      <div
        class="log-lines"
        role="log"
        aria-label="Log lines"
        tabIndex={0}
        ref={list}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          setFollowing(scrollHeight - scrollTop - clientHeight < END_PX);
        }}
      >
        <ol>
          {lines.map((line) => (
            <li key={line.id} class="log-line" data-level={line.level}>
              <time>{clockText(line.time, 3)}</time>
              <span class="log-level">{line.level}</span>
              <span class="log-driver">{line.driver}</span>
              <span class="log-text">{line.text}</span>
            </li>
          ))}
          {lines.length === 0 && <li class="empty">No lines yet.</li>}
        </ol>
      </div>
    </section>
  );
}

function LastLine({ line }: { readonly line: LogLine | undefined }): JSX.Element | null {
  if (line === undefined) return null;
  return (
    <span class="last-line" data-level={line.level}>
      <span class="log-driver">{line.driver}</span> {line.text}
    </span>
  );
}

function LevelChoice(): JSX.Element {
  const { level } = usePage().logs;
  return (
    <label class="choice">
      <span class="muted">Level</span>
      <select
        aria-label="Least important level shown"
        value={level.value}
        onChange={(event) => {
          level.value = event.currentTarget.value as Level;
        }}
      >
        {LEVELS.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}
