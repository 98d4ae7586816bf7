// SPDX-License-Identifier: MIT
// The command `sub`: prints the samples of channels as they come.
import { Command, InvalidArgumentError, Option } from "commander";
import { accountText } from "../client/account.ts";
import type { Client } from "../client/client.ts";
import type { Delivery, Lost, Restart } from "../client/delivery.ts";
import type { SubscribeOptions } from "../client/options.ts";
import type { Subscription } from "../client/subscription.ts";
import { counted } from "../model/counted.ts";
import { BridgeError } from "../model/errors.ts";
import { COLUMN_MS, MAX_HZ, type Delivery as DeliveryMode } from "../session/messages.ts";
import { closingObject, closingText, latencyText, printedAccount } from "./closing.ts";
import { flagsOf, outputOf, parseNumber, withBridgeFlags, type BridgeFlags } from "./flags.ts";
import type { Output } from "./output.ts";
import { jsonLines, textLines } from "./sample-lines.ts";
import { whenAskedToEnd, withBridge } from "./session.ts";
import { tellState } from "./tell-state.ts";
import { waitingNote } from "./waiting.ts";

interface SubFlags extends BridgeFlags {
  readonly count?: number;
  readonly timeout?: number;
  readonly ns?: boolean;
  readonly last?: boolean;
  readonly latest?: boolean;
  readonly delivery?: DeliveryMode;
  readonly maxHz?: number;
  readonly columnMs?: number;
  readonly fields?: readonly string[];
  readonly latency?: boolean;
  readonly wait?: boolean;
}

const EXAMPLES = `
Patterns: * stands for one level, ** for any number of levels. Quote them.
What was lost and what began anew stands in its place among the samples. At the end, also on Ctrl-C, standard error says "complete", or how many
samples were lost and where.

Examples:
  $ structwire sub motor/state                        every sample, until Ctrl-C
  $ structwire sub 'host/**' --last                   the newest sample of each at once
  $ structwire sub motor/state --count 5000 --json    5000 samples as JSON lines
  $ structwire sub motor/state --latest --timeout 10  what there is time for, for ten seconds
  $ structwire sub motor/state --max-hz 10 --fields angle,reference
  $ structwire sub motor/state --delivery minmax --column-ms 100 --fields angle
`;

/** Makes the command. */
export function subCommand(): Command {
  const command = new Command("sub")
    .summary("print the samples of channels as they come")
    .description("Prints the samples of channels as they come: {channel, seq, time, value} each with --json.")
    .argument("<pattern...>", "channels by name or pattern")
    .option("--count <n>", "end after so many samples of all channels", parseNumber({ min: 1, whole: true }))
    .option("--timeout <seconds>", "end after so long; a failure when --count was not reached", parseNumber({ min: 0 }))
    .option("--ns", "with --json: the exact time in ns as time_ns")
    .option("--last", "begin with the newest sample that there is")
    .addOption(
      new Option(
        "--delivery <mode>",
        "queue: every sample; latest: only the newest; minmax: the extremes of each column",
      )
        .choices(["queue", "latest", "minmax"])
        .conflicts("latest"),
    )
    .option("--latest", "the same as --delivery latest")
    .option("--max-hz <n>", "at most so many samples a second of each channel", parseNumber({ above: 0, max: MAX_HZ }))
    .option("--column-ms <ms>", "with minmax: the width of a column", parseNumber(COLUMN_MS))
    .option("--fields <names>", "only these fields, a,b.c", parseNames)
    .option("--wait", "wait for channels that are not there yet")
    .option("--compress", "let the bridge compress what it sends: for slow links")
    .option("--latency", "say at the end how long samples took");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (patterns: readonly string[]) => {
      const flags = flagsOf(command, command.opts<SubFlags>());
      const output = outputOf(flags);
      checkThinning(flags);
      await withBridge(flags, (client) => print(client, patterns, flags, output));
    });
}

/** The same that the bridge would say, in the words of the flags. Throws `usage`. */
function checkThinning({ delivery, columnMs, maxHz }: SubFlags): void {
  const isMinMax = delivery === "minmax";
  if (isMinMax !== (columnMs !== undefined)) {
    throw new BridgeError("usage", "--column-ms belongs to --delivery minmax, which needs it");
  }
  if (isMinMax && maxHz !== undefined) {
    throw new BridgeError("usage", "--max-hz does not go with --delivery minmax");
  }
}

async function print(client: Client, patterns: readonly string[], flags: SubFlags, output: Output): Promise<void> {
  tellState(client, output);
  const stop = new AbortController();
  const end = whenAskedToEnd();
  const signal = AbortSignal.any([stop.signal, end.asked, output.closed]);
  const expire = (): void => {
    stop.abort();
  };
  const timer = flags.timeout === undefined ? undefined : setTimeout(expire, flags.timeout * 1000);
  let left = flags.count ?? Infinity;
  try {
    const subscription = client.subscribe(patterns, optionsOf(flags, signal));
    tellWaiting(client, patterns, subscription.ready, output);
    for await (const each of subscription) {
      await printOne(each, left, flags, output);
      if (each.kind === "batch") left -= each.count;
      if (left <= 0) break;
    }
    if (left > 0 && stop.signal.aborted && flags.count !== undefined) throw tooFew(subscription, flags);
    // Whose reader has gone (`| head`) wants to know no more.
    if (!output.closed.aborted) tellAccount(subscription, Math.max(0, -left), flags, output);
  } catch (error) {
    if (error instanceof BridgeError && error.code === "unknown_channel") throw withAdvice(error);
    throw error;
  } finally {
    clearTimeout(timer);
    end.release();
  }
}

/** Says of a channel that is not there what a newcomer may have wanted. */
function withAdvice(error: BridgeError): BridgeError {
  const advice = "--wait waits for it, structwire ls shows what there is";
  return new BridgeError(error.code, `${error.message}; ${advice}`, { cause: error });
}

function tooFew({ account }: Subscription, flags: SubFlags): BridgeError {
  const seen = `only ${String(account.delivered)} of ${counted(flags.count ?? 0, "sample")} came`;
  return new BridgeError("timeout", `${seen} within ${String(flags.timeout)} s; ${accountText(account)}`);
}

function optionsOf(flags: SubFlags, signal: AbortSignal): SubscribeOptions {
  const { last, wait, maxHz, columnMs, fields } = flags;
  const delivery = flags.latest === true ? "latest" : flags.delivery;
  return { delivery, last, wait, maxHz, columnMs, fields, signal };
}

function parseNames(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("It must be names of fields, a,b.c.");
  return names;
}

/** The last words; `unprinted` samples were read and are beyond `--count`. */
function tellAccount(subscription: Subscription, unprinted: number, flags: SubFlags, output: Output): void {
  const account = printedAccount(subscription.account, unprinted);
  const { latency } = subscription;
  if (output.json) {
    output.tell(closingObject(account, latency));
    return;
  }
  output.note(closingText(account));
  if (flags.latency === true) output.note(latencyText(latency));
}

/** Says on standard error for which patterns nothing is there yet. */
function tellWaiting(client: Client, patterns: readonly string[], ready: Promise<void>, output: Output): void {
  const tell = async (): Promise<void> => {
    await ready;
    const { channels } = await client.list();
    const note = waitingNote(
      patterns,
      channels.map(({ channel }) => channel),
    );
    if (note !== undefined) output.note(note);
  };
  // What went wrong the loop over the samples says.
  tell().catch(() => undefined);
}

/** `left`: how many samples may still be printed. */
async function printOne(delivery: Delivery, left: number, flags: SubFlags, output: Output): Promise<void> {
  switch (delivery.kind) {
    case "batch":
      await output.write(output.json ? jsonLines(delivery, left, flags.ns === true) : textLines(delivery, left));
      break;
    case "lost":
      await printLost(delivery, output);
      break;
    case "restart":
      await printRestart(delivery, output);
      break;
    case "end":
      output.note(`${delivery.channel} is gone (${delivery.reason}); waiting for it to come back`);
      break;
  }
}

async function printLost({ channel, loss }: Lost, output: Output): Promise<void> {
  const { from, to, count, reason } = loss;
  if (output.json) {
    await output.object({ channel, lost: { from, to, count, reason } });
  } else {
    const which = `#${String(from)} to #${String(to)}`;
    await output.line(output.style("yellow", `-- ${channel}: ${counted(count, "sample")} lost, ${which} (${reason})`));
  }
}

async function printRestart({ channel, epoch, previous }: Restart, output: Output): Promise<void> {
  if (output.json) {
    await output.object({ channel, restart: { epoch: String(epoch), previous: String(previous) } });
  } else {
    const since = new Date(Number(epoch / 1_000_000n)).toLocaleTimeString();
    const what = epoch === previous ? "it was advertised anew" : `its driver began anew at ${since}`;
    await output.line(output.style("yellow", `-- ${channel}: ${what}; sequences start again`));
  }
}
