// SPDX-License-Identifier: MIT
// The names that both entry points (`index.ts`, `browser.ts`) offer.
export { accountText } from "./account.ts";
export type { Account, Losses } from "./account.ts";
export { Batch } from "./batch.ts";
export { align } from "./capture/align.ts";
export type { Aligned, AlignInput, AlignOptions } from "./capture/align.ts";
export { toArrow } from "./capture/arrow.ts";
export type { ColumnSource } from "./capture/column-source.ts";
export { toObjects } from "./capture/objects.ts";
export type { SampleObject } from "./capture/objects.ts";
export type { TakeAmount, Taken } from "./capture/pieces.ts";
export type { CaptureOptions } from "./capture/reading.ts";
export { Recent } from "./capture/recent.ts";
export type { KeepOptions } from "./channel.ts";
export type { Sweep, SweepFailure, SweepOptions, SweepRun } from "./capture/sweep.ts";
export type { Triggered, TriggerSpec } from "./capture/trigger.ts";
export type { Sender } from "./batch.ts";
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
export type { OutputHandle } from "./notebook/output-handle.ts";
export type { DenoJupyter, Notebook } from "./notebook/notebook.ts";
export type { FormOptions, KnobOptions, PlotOptions } from "./notebook/plot-options.ts";
export type { PlotHandle } from "./notebook/plot-handle.ts";
export type { PlotSnapshot } from "./notebook/snapshot.ts";
export type { PlotEngine, PlotView } from "./notebook/output.ts";
export type {
  CallOptions,
  ConnectOptions,
  DriverOptions,
  RequestOptions,
  SubscribeOptions,
  TargetOptions,
} from "./options.ts";
export type { PresetDifference } from "./presets/compare.ts";
export { Presets } from "./presets/presets.ts";
export type { LoadedPreset, PresetLoadOptions } from "./presets/presets.ts";
export type { LogPanelOptions } from "./panel/log-panel.ts";
export { Panel } from "./panel/panel.ts";
export type { PanelLevel } from "./panel/panel-html.ts";
export type { PublishOnceOptions } from "./publish/once.ts";
export { Publisher } from "./publish/publisher.ts";
export type { PublisherOptions, PublishOptions, Refused } from "./publish/publisher.ts";
export { cancellable } from "./services/cancellable.ts";
export { Exposure } from "./services/exposure.ts";
export type { AliasOptions } from "./services/exposure.ts";
export type { ExposeOptions } from "./services/methods.ts";
export type { Remote, RemoteOptions } from "./services/remote.ts";
export { Stream } from "./streams/stream.ts";
export type { StreamOptions } from "./streams/stream.ts";
export { ManualStream, StreamSet } from "./streams/stream-set.ts";
export type { PeriodicOptions, RelayOptions } from "./streams/stream-set.ts";
export { Subscription } from "./subscription.ts";
export type { Schema } from "../model/schema.ts";
export { BridgeError } from "../model/errors.ts";
export type { ErrorCode } from "../model/errors.ts";
export type { Column, Columns, Loss, LossReason, Value } from "../model/values.ts";
export type { PublishedSample } from "../session/channel-messages.ts";
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
  Timed,
  Welcome,
} from "../session/messages.ts";
export type { Preset, PresetEntry } from "../session/preset-messages.ts";
export type { StreamEntry, StreamOffer } from "../session/program-messages.ts";
