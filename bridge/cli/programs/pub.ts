// SPDX-License-Identifier: MIT
// The command `pub`: publishes JSON or bytes in a channel.
import { Command } from "commander";
import type { Client } from "../../client/client.ts";
import type { Publisher } from "../../client/publish/publisher.ts";
import { MAX_SAMPLE_BYTES } from "../../model/batch.ts";
import { counted } from "../../model/counted.ts";
import { BridgeError } from "../../model/errors.ts";
import { flagsOf, outputOf, withBridgeFlags, type BridgeFlags } from "../flags.ts";
import type { Output } from "../output.ts";
import { readFileOfAtMost } from "../read-file.ts";
import { whenAskedToEnd, withBridge } from "../session.ts";
import { jsonValues, parseMessage, wholeInput } from "./json-lines.ts";

interface PubFlags extends BridgeFlags {
  readonly bytes?: string;
}

const EXAMPLES = `
Without a value, or with -, each line of standard input is one message. The channel is made when it is not there, and keeps its newest
message while the bridge runs (structwire sub --last). What a driver publishes nobody else can publish.

Examples:
  $ structwire pub data '{"x":1,"y":[2,3]}'
  $ structwire pub lights/kitchen true
  $ seq 1 1000 | structwire pub count -
  $ structwire sub motor/state --json | jq -c .value.angle --unbuffered | structwire pub angle -
  $ structwire pub camera/last --bytes image/jpeg picture.jpg
`;

/** How often the terminal is told how far a long input is. */
const PROGRESS_MS = 1000;

/** Makes the command. */
export function pubCommand(): Command {
  const command = new Command("pub")
    .summary("publish JSON or bytes in a channel")
    .description(
      "Publishes in a channel: {channel, epoch, seq, time} of one message or {channel, published} of many with --json.",
    )
    .argument("<channel>", "its name")
    .argument("[value]", "JSON; with --bytes a file; - (the default): standard input")
    .option("--bytes <type>", "publish bytes of this content type, such as image/png, as one message");
  return withBridgeFlags(command)
    .addHelpText("after", EXAMPLES)
    .action(async (channel: string, value: string | undefined) => {
      const flags = flagsOf(command, command.opts<PubFlags>());
      const output = outputOf(flags);
      // Read before anything is connected: a wrong value is no reason to ask a bridge.
      const message = value === undefined || value === "-" ? undefined : messageOf(value, flags.bytes);
      await withBridge(flags, (client) => publish(client, channel, message, flags, output));
    });
}

interface Message {
  readonly value: unknown;
}

function messageOf(value: string, type: string | undefined): Message {
  if (type === undefined) return { value: parseMessage(value) };
  try {
    return { value: readFileOfAtMost(value, MAX_SAMPLE_BYTES) };
  } catch (cause) {
    throw new BridgeError("usage", `${value}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function publish(
  client: Client,
  channel: string,
  message: Message | undefined,
  { bytes: contentType }: PubFlags,
  output: Output,
): Promise<void> {
  const end = whenAskedToEnd();
  try {
    if (message !== undefined && contentType === undefined) {
      const sample = await client.publish(channel, message.value);
      if (output.json) await output.object(sample);
      return;
    }
    const out = client.publisher(channel, { contentType });
    // What is refused is thrown by flush().
    out.on("refused", () => undefined);
    await out.opened;
    const count =
      contentType === undefined
        ? await publishLines(out, end.asked, output)
        : await publishBytes(out, message?.value ?? (await wholeInput(process.stdin, end.asked)), end.asked);
    await out.flush();
    if (output.json) await output.object({ channel, published: count });
    await out.close();
  } finally {
    end.release();
  }
}

async function publishBytes(out: Publisher, bytes: unknown, signal: AbortSignal): Promise<number> {
  if (signal.aborted) return 0;
  out.publish(bytes);
  await out.ready();
  return 1;
}

async function publishLines(out: Publisher, signal: AbortSignal, output: Output): Promise<number> {
  if (process.stdin.isTTY) output.note("each line is one message of JSON; Ctrl-D ends");
  let count = 0;
  let toldAt = performance.now();
  try {
    for await (const value of jsonValues(process.stdin, signal)) {
      count++;
      if (!out.publish(value)) await out.ready();
      if (!process.stderr.isTTY || performance.now() - toldAt < PROGRESS_MS) continue;
      toldAt = performance.now();
      output.note(counted(count, "message"));
    }
  } catch (thrown) {
    // What stood before a wrong line is published.
    await out.flush();
    throw thrown;
  }
  return count;
}
