// SPDX-License-Identifier: MIT
// The flags that many commands share, before or after the command's name.
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { colorsWanted, Output } from "./output.ts";

/** Flags of every command. */
export interface OutputFlags {
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Flags of the commands that ask a bridge. */
export interface BridgeFlags extends OutputFlags {
  readonly bridge?: string;
  /** Of the commands that stream. */
  readonly compress?: boolean;
}

const BRIDGE = "--bridge <name|url>";
const BRIDGE_TEXT = "which bridge (default: $STRUCTWIRE_URL, else the only one that runs)";
const JSON_TEXT = "one JSON object a line";
const COLOR_TEXT = "no colours, also on a terminal";

/** Adds `--json` and `--no-color`. */
export function withOutputFlags(command: Command): Command {
  return command.option("--json", JSON_TEXT).addOption(new Option("--no-color", COLOR_TEXT));
}

/** Adds `--bridge`, `--json` and `--no-color`. */
export function withBridgeFlags(command: Command): Command {
  return withOutputFlags(command.option(BRIDGE, BRIDGE_TEXT));
}

/** Adds `--upstream`. */
export function withUpstreamFlag(command: Command): Command {
  const what = "offer here what another bridge has (repeatable)";
  return command.option("--upstream <url[,prefix=p][,share=pattern…][,token-file=path]>", what, collect);
}

/** Adds `--gateway`. */
export function withGatewayFlag(command: Command): Command {
  return command.option(
    "--gateway <name[:port][,key=value…]>",
    "open a foreign protocol, socket-io, zmq or json-ws; open=PATTERN names what it shows (repeatable)",
    collect,
  );
}

/** Flags of the commands that run a bridge. */
export interface TlsFlags {
  readonly tls?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Adds `--tls`, `--tls-cert` and `--tls-key`. */
export function withTlsFlags(command: Command): Command {
  return command
    .option("--tls", "serve https and wss, with a certificate made at first use")
    .option("--tls-cert <file>", "serve https with this certificate (PEM, with its chain)")
    .option("--tls-key <file>", "the key of that certificate (PEM, without a passphrase)");
}

/** A command's own flags together with those given before its name. */
export function flagsOf<F extends BridgeFlags>(command: Command, own: F): F {
  const before = command.parent?.opts<BridgeFlags>() ?? {};
  return {
    ...own,
    ...(before.bridge !== undefined && own.bridge === undefined ? { bridge: before.bridge } : {}),
    json: own.json === true || before.json === true,
    color: own.color !== false && before.color !== false,
  };
}

/** The output that the flags ask for. */
export function outputOf(flags: OutputFlags): Output {
  return new Output({ json: flags.json === true, colors: colorsWanted(flags.color !== false, process.env) });
}

/** What a flag's number may be: at least `min`, or above `above`. */
type NumberLimits = ({ readonly min: number } | { readonly above: number }) & {
  readonly max?: number;
  readonly whole?: boolean;
};

/** Reads a flag's number. */
export function parseNumber(limits: NumberLimits) {
  return (text: string): number => {
    const number = text.trim() === "" ? NaN : Number(text);
    const { max = Infinity, whole = false } = limits;
    const [isEnough, from] =
      "min" in limits
        ? [number >= limits.min, `of at least ${String(limits.min)}`]
        : [number > limits.above, `above ${String(limits.above)}`];
    if (isEnough && number <= max && (!whole || Number.isInteger(number))) return number;
    const upTo = max === Infinity ? "" : ` and at most ${String(max)}`;
    throw new InvalidArgumentError(`It must be a ${whole ? "whole " : ""}number ${from}${upTo}.`);
  };
}

/** Collects a flag that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
