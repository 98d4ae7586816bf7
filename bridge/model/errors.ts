// SPDX-License-Identifier: MIT
// The one table of error codes, and the one error class that carries them through every room.

/** What a code means to a user, and the WebSocket close code where the session ends with it. */
export interface ErrorEntry {
  readonly message: string;
  readonly close?: number;
}

/** Every code that a bridge, driver, client or command line can report. */
export type ErrorCode =
  | "invalid_argument"
  | "out_of_memory"
  | "name_invalid"
  | "name_in_use"
  | "path_too_long"
  | "system_error"
  | "ring_full"
  | "out_of_range"
  | "refused"
  | "unknown_parameter"
  | "unknown_service"
  | "bad_record"
  | "version_mismatch"
  | "busy"
  | "closed"
  | "folder_unsafe"
  | "service_failed"
  | "bad_schema"
  | "schema_mismatch"
  | "unknown_field"
  | "bad_value"
  | "bad_filter"
  | "unknown_channel"
  | "unknown_driver"
  | "unknown_stream"
  | "unknown_subscription"
  | "unknown_preset"
  | "bad_message"
  | "message_too_large"
  | "unsafe_pickle"
  | "unauthorized"
  | "forbidden"
  | "unsupported"
  | "timeout"
  | "cancelled"
  | "disconnected"
  | "no_bridge"
  | "several_bridges"
  | "port_in_use"
  | "driver_unreachable"
  | "driver_failed"
  | "config_invalid"
  | "addon_missing"
  | "compiler_failed"
  | "type_unsupported"
  | "build_failed"
  | "notebook_failed"
  | "usage"
  | "internal";

/** What each code means. `docs/errors.md` lists the same; a test compares them. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorEntry>> = {
  invalid_argument: { message: "an argument has a value that cannot be" },
  out_of_memory: { message: "there was not enough memory" },
  name_invalid: { message: "a name is empty, too long or has other characters than A-Z a-z 0-9 _ . - and /" },
  name_in_use: { message: "another one of that name is there already" },
  path_too_long: { message: "a socket path is longer than the system takes" },
  system_error: { message: "the operating system refused something" },
  ring_full: { message: "a sample was dropped because the driver's ring was full" },
  out_of_range: { message: "a value is outside the limits of its field, or not a number" },
  refused: { message: "the program refused the value or the call" },
  unknown_parameter: { message: "there is no parameter of that name" },
  unknown_service: { message: "there is no service of that name" },
  bad_record: { message: "bytes do not fit the record format" },
  version_mismatch: { message: "the other side speaks another version of the protocol", close: 4406 },
  busy: { message: "too many requests wait for an answer" },
  closed: { message: "the other side ends", close: 1001 },
  folder_unsafe: { message: "the runtime or state folder belongs to another user or is open to others" },
  service_failed: { message: "the service ran and failed" },
  bad_schema: { message: "a schema breaks the rules of the format" },
  schema_mismatch: { message: "the driver's schema is not the one that this program was built for" },
  unknown_field: { message: "the struct has no field of that name" },
  bad_value: { message: "a value does not fit the type of its field, or is not JSON that can be sent" },
  bad_filter: { message: "a filter is not what filters are, or does not fit the struct" },
  unknown_channel: { message: "there is no channel of that name" },
  unknown_driver: { message: "there is no driver of that name" },
  unknown_stream: { message: "there is no stream of that name" },
  unknown_subscription: { message: "the session has no subscription of that number" },
  unknown_preset: { message: "there is no preset of that name" },
  bad_message: { message: "a message is not what the protocol says", close: 4400 },
  message_too_large: { message: "a message is larger than the limit", close: 1009 },
  unsafe_pickle: { message: "a pickle would import or call something" },
  unauthorized: { message: "the token or ticket is missing or wrong", close: 4401 },
  forbidden: { message: "this is not allowed here, or not with this ticket" },
  unsupported: { message: "this bridge does not carry this out yet, or does not know it" },
  timeout: { message: "no answer came in time", close: 4408 },
  cancelled: { message: "the request was cancelled" },
  disconnected: { message: "the connection was lost before the answer came" },
  no_bridge: { message: "no running bridge was found" },
  several_bridges: { message: "several bridges run; name one" },
  port_in_use: { message: "the port is taken by another program" },
  driver_unreachable: { message: "nothing listens at the driver's address" },
  driver_failed: { message: "the driver program could not be started or died" },
  config_invalid: { message: "the configuration has a wrong key or value" },
  addon_missing: { message: "the native addon is not built" },
  compiler_failed: { message: "the compiler did not compile the header" },
  type_unsupported: { message: "a struct has a member that cannot be sent" },
  build_failed: { message: "building the drivers failed" },
  notebook_failed: { message: "JupyterLab could not be installed or started, or ended" },
  usage: { message: "the command was used wrongly" },
  internal: { message: "a fault of the bridge itself", close: 1011 },
};

/** What else an error says: `name` and `detail` are the name and the code that the failed service itself gave its error. */
export interface BridgeErrorOptions extends ErrorOptions {
  readonly name?: string | undefined;
  readonly detail?: string | undefined;
}

/** An error that a peer or user is told: a code for programs, a message for people, and what caused it. */
export class BridgeError extends Error {
  /** `BridgeError`, or with `service_failed` the name of what the service threw, such as `RangeError`. */
  override readonly name: string;
  readonly code: ErrorCode;
  /** With `service_failed`: the code that the service gave its error. */
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message?: string, options: BridgeErrorOptions = {}) {
    super(message ?? ERROR_CODES[code].message, options);
    this.code = code;
    this.name = options.name ?? "BridgeError";
    this.detail = options.detail;
  }
}

/** Whether `text` is a known code: for codes that come from a peer. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}

/** Any thrown thing as a {@link BridgeError}; what is none becomes `internal` with the original as its cause. */
export function toBridgeError(thrown: unknown): BridgeError {
  if (thrown instanceof BridgeError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new BridgeError("internal", text, { cause: thrown });
}

/** The close code of the WebSocket for an error that ends a session. */
export function closeCode(code: ErrorCode): number {
  const entry: ErrorEntry = ERROR_CODES[code];
  return entry.close ?? 4400;
}

/**
 * `sw_status` of the C SDK and of the driver protocol → code. The numbers stand in `docs/driver-protocol.md`; 0 is "ok" and
 * not an error.
 */
export const STATUS_CODES: readonly (ErrorCode | "ok")[] = [
  "ok",
  "invalid_argument",
  "out_of_memory",
  "name_invalid",
  "name_in_use",
  "path_too_long",
  "system_error",
  "ring_full",
  "out_of_range",
  "refused",
  "unknown_parameter",
  "unknown_service",
  "bad_record",
  "version_mismatch",
  "busy",
  "closed",
  "folder_unsafe",
  "service_failed",
];
