// SPDX-License-Identifier: MIT
// A batch as lines: of JSON, made from the text that the addon writes, or for people.
import type { Batch, Sender } from "../client/batch.ts";
import type { Layout } from "../model/schema.ts";
import { flatten, formatValue, oneLine, programText } from "./text.ts";

const BETWEEN = '},{"seq":';

/**
 * The first `count` samples of a batch as lines of `{"channel","seq","time","value"}`, each ended. The batch's JSON is cut where one sample ends and the next begins,
 * so that a sample costs no parsing; `ns` adds its exact time.
 */
export function jsonLines(batch: Batch, count: number, ns: boolean): string {
  const samples = splitSamples(batch.json(), batch.count)
    .slice(0, count)
    .map((sample) => withSender(sample, batch.sender));
  const type = batch.contentType === null ? "" : `"contentType":${JSON.stringify(batch.contentType)},`;
  const head = `{"channel":${JSON.stringify(batch.channel)},${type}"seq":`;
  const whole = ns ? samples.map((sample, i) => withTimeNs(sample, batch.timesNs[i] ?? 0n)) : samples;
  return whole.length === 0 ? "" : `${head}${whole.join(`}\n${head}`)}}\n`;
}

/** Who published, in place of the number that stands for it behind sequence and time. */
function withSender(sample: string, sender: Sender | null): string {
  const told = sender === null ? "" : `,"sender":${JSON.stringify(sender)}`;
  return sample.replace(/^(\d+,"time":[^,]+),"sender":\d+/, (_, before: string) => `${before}${told}`);
}

/** What stands between `{"seq":` and `}` of each sample of a JSON array of `count` samples. */
export function splitSamples(json: string, count: number): string[] {
  const body = json.slice('[{"seq":'.length, -"}]".length);
  const parts = body.split(BETWEEN);
  // The same characters can stand inside a value that is itself a list of objects with a first field "seq".
  return parts.length === count ? parts : splitCarefully(body);
}

/** As splitSamples, counting brackets. */
function splitCarefully(body: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const character = body[at];
    if (character === '"') {
      at = endOfString(body, at);
    } else if (character === "{" || character === "[") {
      depth++;
    } else if (character === "}" || character === "]") {
      if (depth > 0) {
        depth--;
      } else {
        parts.push(body.slice(start, at));
        start = at + BETWEEN.length;
        at = start - 1;
      }
    }
  }
  return [...parts, body.slice(start)];
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function withTimeNs(sample: string, time: bigint): string {
  const at = sample.indexOf(',"value":');
  return `${sample.slice(0, at)},"time_ns":"${String(time)}"${sample.slice(at)}`;
}

/** The first `count` samples of a batch as lines for people, each ended: local time, channel, sequence, fields with units. */
export function textLines(batch: Batch, count: number): string {
  const units = unitsOf(batch.layout);
  const who = batch.sender === null ? "" : `${programText(batch.sender)}  `;
  const type = batch.contentType === null ? "" : ` of ${batch.contentType}`;
  const lines = batch
    .values()
    .slice(0, count)
    .map((value, i) => {
      const fields = flatten(value).map(([path, each]) => formatField(path, each, units.get(path)));
      const seq = `#${String(batch.sequences[i] ?? 0)}`;
      return `${clockTime(batch.times[i] ?? 0)}  ${batch.channel}  ${seq}  ${oneLine(`${who}${fields.join("  ")}${type}`)}\n`;
    });
  return lines.join("");
}

function formatField(path: string, value: unknown, unit: string | undefined): string {
  const text = formatValue(value);
  return `${path === "" ? text : `${path}=${text}`}${unit === undefined ? "" : ` ${unit}`}`;
}

function unitsOf(layout: Layout | null): ReadonlyMap<string, string> {
  const leaves = layout?.leaves ?? [];
  return new Map(leaves.flatMap(({ path, unit }) => (unit === undefined ? [] : [[path, unit] as const])));
}

/** `12:34:56.789` in local time. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, "0");
  const whole = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${whole}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
