// SPDX-License-Identifier: MIT
// A driver's channels, parameters and services under its name, typed by the interface that `structwire gen` wrote.
import type { FieldEntry, Json } from "../session/messages.ts";
import { BridgeError } from "../model/errors.ts";
import { sweep, type Sweep, type SweepOptions } from "./capture/sweep.ts";
import { Channel, DEFAULT_WAIT_MS } from "./channel.ts";
import type {
  AnyDriver,
  ChannelName,
  ColumnsOf,
  DriverTypes,
  ParameterName,
  ParameterOf,
  ReplyOf,
  RequestOf,
  ServiceName,
  Settable,
  ValueOf,
} from "./driver-types.ts";
import type { Client } from "./client.ts";
import { reviveFields } from "./json-values.ts";
import type { Expectation } from "./mismatch/expectation.ts";
import { currentFields, guardValue } from "./mismatch/guard.ts";
import type { Mismatch } from "./mismatch/mismatch.ts";
import type { OutputHandle } from "./notebook/output-handle.ts";
import type { PlotHandle } from "./notebook/plot-handle.ts";
import type { FormOptions, KnobOptions, PlotOptions } from "./notebook/plot-options.ts";
import type { CallOptions, RequestOptions } from "./options.ts";
import type { LogPanelOptions } from "./panel/log-panel.ts";
import type { Panel } from "./panel/panel.ts";

/** What a set did. */
export interface AppliedTo<T> {
  readonly parameter: string;
  /** The whole value that now holds. */
  readonly applied: T;
  /** The channel that the parameter governs, or null; then `epoch` and `seq` are null too. */
  readonly channel: string | null;
  readonly epoch: bigint | null;
  /** The first sample of `channel` that was published after the value took effect. */
  readonly seq: number | null;
  /** When it took effect, in ms since 1970 UTC. */
  readonly time: number;
}

/**
 * One driver. Names of channels, parameters, services and fields are checked by the compiler when `D` is the generated interface.
 *
 * @example
 * import type { Motor } from "./motor.js";
 * const motor = client.driver<Motor>("motor");
 * const { applied } = await motor.set("gains", { kp: 4 });
 */
export class DriverHandle<D extends DriverTypes = AnyDriver> {
  readonly name: string;
  readonly #client: Client;
  readonly #expectation: Expectation | undefined;

  /** Use `client.driver()`. */
  constructor(name: string, client: Client, expectation?: Expectation) {
    this.name = name;
    this.#client = client;
    this.#expectation = expectation;
  }

  channel<K extends ChannelName<D>>(channel: K): Channel<ValueOf<D, K>, ColumnsOf<D, K>> {
    const name = `${this.name}/${channel}`;
    const expectation = this.#expectation;
    if (expectation === undefined) return this.#client.channel<ValueOf<D, K>, ColumnsOf<D, K>>(name);
    return new Channel<ValueOf<D, K>, ColumnsOf<D, K>>(name, (whole, options) =>
      this.#client
        .subscribe(whole, options)
        .reading((delivery) =>
          delivery.kind === "batch" ? expectation.guard(delivery, channel, options.fields) : delivery,
        ),
    );
  }

  /** What a parameter is now. Rejects with `unknown_parameter`. */
  async get<K extends ParameterName<D>>(parameter: K): Promise<ParameterOf<D, K>> {
    const name = `${this.name}/${parameter}`;
    const mismatch = await this.#mismatch("parameter", parameter);
    const { value } = await this.#client.get(name); // of a driver that is only just coming nothing is listed before
    const fields = await this.#parameterFields(name);
    return this.#value(value, fields, mismatch) as ParameterOf<D, K>;
  }

  /**
   * Sets the named fields; the others keep what they have. All or nothing: a refused set rejects with `out_of_range`, `refused`, `unknown_field` or `bad_value` and has
   * changed nothing. Resolves once the driver's loop has applied it.
   */
  async set<K extends ParameterName<D>>(
    parameter: K,
    values: Settable<ParameterOf<D, K>>,
    options: RequestOptions = {},
  ): Promise<AppliedTo<ParameterOf<D, K>>> {
    const name = `${this.name}/${parameter}`;
    const mismatch = await this.#mismatch("parameter", parameter);
    const current = mismatch === null ? values : currentFields(values, mismatch);
    const applied = await this.#client.set(name, current, options);
    const fields = await this.#parameterFields(name);
    return {
      ...applied,
      applied: this.#value(applied.applied, fields, mismatch) as ParameterOf<D, K>,
      epoch: applied.epoch === null ? null : BigInt(applied.epoch),
    };
  }

  /** Calls a service. Rejects with `unknown_service`, `service_failed`, `timeout` or `cancelled`. */
  async call<K extends ServiceName<D>>(
    service: K,
    request?: Settable<RequestOf<D, K>>,
    options: CallOptions = {},
  ): Promise<ReplyOf<D, K>> {
    const name = `${this.name}/${service}`;
    const [asked, answered] = await Promise.all([this.#mismatch("request", service), this.#mismatch("reply", service)]);
    const current = asked === null ? (request ?? {}) : currentFields(request ?? {}, asked);
    const reply = await this.#client.call(name, current, options);
    const fields = await this.#replyFields(name);
    return this.#value(reply, fields, answered) as ReplyOf<D, K>;
  }

  /**
   * Goes through all combinations of the values in `grid`, sets each and records the parameter's channel (or `channel`) from the exact sample on at which it took effect. A
   * combination that the driver refuses stands in `failed`; when the driver goes away, what was measured is kept and `failed` says why the rest was not. Afterwards the
   * parameter has its former value again.
   *
   * @example
   * const { runs } = await motor.sweep("gains", { kp: [1, 2, 4] }, { settle: { ms: 500 }, record: { ms: 1000 } });
   * for (const { set, columns } of runs) console.log(set.kp, Math.max(...columns.angle));
   */
  async sweep<K extends ParameterName<D>, S extends ChannelName<D>>(
    parameter: K,
    grid: { readonly [F in keyof ParameterOf<D, K>]?: readonly ParameterOf<D, K>[F][] },
    options: SweepOptions & { readonly channel?: S },
  ): Promise<Sweep<ParameterOf<D, K>, ValueOf<D, S>, ColumnsOf<D, S>>> {
    const name = `${this.name}/${parameter}`;
    const { timeoutMs = DEFAULT_WAIT_MS } = options;
    const governed = async (): Promise<string> => {
      const entry = await this.#client.entry("parameter", name);
      if (entry === undefined) throw new BridgeError("unknown_parameter", `there is no parameter "${name}"`);
      if (entry.channel !== null) return entry.channel.slice(this.name.length + 1);
      throw new BridgeError(
        "invalid_argument",
        `"${name}" governs no channel: say which one to record with { channel }`,
      );
    };
    const source = this.channel((options.channel ?? (await governed())) as S);
    const set = (values: Partial<ParameterOf<D, K>>): Promise<AppliedTo<ParameterOf<D, K>>> =>
      this.set(parameter, values as Settable<ParameterOf<D, K>>, { timeoutMs });
    return sweep({ source, get: () => this.get(parameter), set }, grid, { ...options, timeoutMs });
  }

  /** Draws fields of a channel live in the notebook cell that runs now; `client.attach()` first. */
  plot<K extends ChannelName<D>>(
    channel: K,
    fields: (keyof ColumnsOf<D, K> & string) | readonly (keyof ColumnsOf<D, K> & string)[],
    options: PlotOptions = {},
  ): Promise<PlotHandle> {
    return this.#client.plot(`${this.name}/${channel}`, fields, options);
  }

  /** Draws a parameter's knobs in the notebook cell that runs now; `client.attach()` first. */
  knobs(parameter: ParameterName<D>, options: KnobOptions = {}): Promise<OutputHandle> {
    return this.#client.knobs(`${this.name}/${parameter}`, options);
  }

  /** Draws a service as a form with a button in the notebook cell that runs now; `client.attach()` first. */
  form(service: ServiceName<D>, options: FormOptions = {}): Promise<OutputHandle> {
    return this.#client.form(`${this.name}/${service}`, options);
  }

  /** Shows in the notebook cell that runs now how the driver stands and the last lines of its log, whoever started it; `client.attach()` first. */
  showLogs(options: LogPanelOptions = {}): Promise<Panel> {
    return this.#client.showLogs(this.name, options);
  }

  /** How a message differs from what the program was built for; null when it was not said. */
  async #mismatch(role: "parameter" | "request" | "reply", name: string): Promise<Mismatch | null> {
    return (await this.#expectation?.mismatch(role, name)) ?? null;
  }

  #value(json: Json, fields: readonly FieldEntry[], mismatch: Mismatch | null): unknown {
    const value = reviveFields(json, fields);
    return mismatch === null ? value : guardValue(value, mismatch);
  }

  async #parameterFields(name: string): Promise<readonly FieldEntry[]> {
    return (await this.#client.entry("parameter", name))?.fields ?? [];
  }

  async #replyFields(name: string): Promise<readonly FieldEntry[]> {
    return (await this.#client.entry("service", name))?.reply.fields ?? [];
  }
}
