// SPDX-License-Identifier: MIT
// The names that both entry points (`index.ts`, `browser.ts`) offer.
export { accountText } from "./account.ts";
export type { Account, Losses } from "./account.ts";
export { Batch } from "./batch.ts";
export { Channel } from "./channel.ts";
export { Client } from "./client.ts";
export type { FieldValues, Ticket } from "./client.ts";
export type { Delivery, End, Lost, Restart, Sample } from "./delivery.ts";
export { DriverHandle } from "./driver.ts";
export type { AppliedTo } from "./driver.ts";
export type { AnyDriver, DriverTypes, Fields, Settable } from "./driver-types.ts";
export type { ClientEvents, ClientState, DirectoryEvent, NoticeEvent, ParameterEvent, StateEvent } from "./events.ts";
export type { Delays, Latency } from "./flow/latency.ts";
export type { ClockOffset } from "./link/bridge-clock.ts";
export type { KnobOptions, Notebook, PlotOptions } from "./notebook.ts";
export type { CallOptions, ConnectOptions, DriverOptions, RequestOptions, SubscribeOptions } from "./options.ts";
export { Subscription } from "./subscription.ts";
export type { TakeAmount, TakeOptions, Taken } from "./take.ts";
export type { Schema } from "../model/schema.ts";
export { BridgeError } from "../model/errors.ts";
export type { ErrorCode } from "../model/errors.ts";
export type { Column, Columns, Loss, LossReason, Value } from "../model/values.ts";
export type {
  Applied,
  ChannelEntry,
  Directory,
  DirectoryEntry,
  DriverEntry,
  DriverSchema,
  FieldEntry,
  Json,
  Ledger,
  LedgerEntry,
  LogEvent,
  ParameterEntry,
  ParameterValue,
  ServiceEntry,
  Tally,
  TicketGrant,
  Welcome,
} from "../session/messages.ts";
