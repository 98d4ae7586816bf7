// SPDX-License-Identifier: MIT
// The router's own objects, which its published client calls to start and stop streams, to list them and to ask for versions.
import { toBridgeError } from "../../model/errors.ts";
import type { Json } from "../../session/messages.ts";
import { configurationOf, type Listing, type TopicEncoding } from "./listing.ts";
import { pickle } from "./pickle/pickle.ts";
import { fitName, keyErrorText, pickledStreams } from "./python-names.ts";
import { argsOf, namedOf, type RouterRequest } from "./request.ts";

/** What the objects are about. */
export interface Administered {
  readonly version: string;
  listing(): Listing;
  encoding(channel: string, kind: "json" | "bytes"): TopicEncoding;
  /** Rejects with `refused` for a stream that nobody but its program starts and stops. */
  adjust(stream: string, change: { readonly enabled: boolean }): Promise<unknown>;
  call(
    service: string,
    args: readonly Json[],
    named: Readonly<Record<string, Json>>,
    signal: AbortSignal,
  ): Promise<Json>;
}

/** An error whose text is told as it stands, as the router itself would word it. */
export class RouterError extends Error {
  override readonly name = "RouterError";
}

/** The pickled result of a call of one of the router's own objects; undefined: `object` is none of them. */
export async function administrate(
  about: Administered,
  request: RouterRequest,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const { object, attribute, args, named } = request;
  switch (object) {
    case "__router_server":
      if (attribute === "get_version" || attribute === "version") return pickle(about.version);
      break;
    case "__streamer":
      if (attribute === "enable" || attribute === "disable") {
        await adjust(about, args[0] ?? named["name"], attribute === "enable");
        return pickle(null);
      }
      if (attribute === "get_configuration") return configuration(about, args[0] ?? named["as_dict"]);
      break;
    case "__rpc_server":
      if (attribute === "_call_by_name" || attribute === "call_by_name")
        return pickle(await callByName(about, request, signal));
      break;
    default:
      return undefined;
  }
  throw new RouterError(`Instance ${object} does not have attribute: ${attribute}. Error: it is not offered here`);
}

async function adjust(about: Administered, given: Json | undefined, enabled: boolean): Promise<void> {
  const text = typeof given === "string" ? given : "";
  const { streams, channels } = about.listing();
  const name = fitName(text);
  const stream = streams.find((each) => each.stream === name);
  if (stream?.type === "manual" || (stream === undefined && channels.some(({ channel }) => channel === name))) {
    throw new RouterError(`Stream: ${text} cannot be enabled or disabled.`);
  }
  if (stream === undefined) throw new RouterError(keyErrorText(`Stream: ${text} does not exist.`));
  await about.adjust(stream.stream, { enabled });
}

function configuration(about: Administered, asDict: Json | undefined): Uint8Array {
  const streams = configurationOf(about.listing(), (channel, kind) => about.encoding(channel, kind));
  const plain = JSON.parse(JSON.stringify(streams)) as { readonly [key: string]: Json };
  return asDict === false ? pickledStreams(plain) : pickle(plain);
}

async function callByName(about: Administered, { args, named }: RouterRequest, signal: AbortSignal): Promise<Json> {
  const [call = named["call_name"], ownArgs = named["args"], ownNamed = named["kwargs"]] = args;
  const text = typeof call === "string" ? call : "";
  const unknown = new RouterError(keyErrorText(`'${text}' is not a named call.`));
  const name = fitName(text);
  if (name === undefined) throw unknown;
  try {
    return await about.call(name, argsOf(ownArgs), namedOf(ownNamed), signal);
  } catch (thrown) {
    const error = toBridgeError(thrown);
    throw error.code === "unknown_service" ? unknown : error;
  }
}
