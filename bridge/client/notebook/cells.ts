// SPDX-License-Identifier: MIT
// The outputs that one client has in the cells of a notebook: draws them, and ends what the kernel does for them with the client.
import { BridgeError } from "../../model/errors.ts";
import type { Client } from "../client.ts";
import { showLogs, type LogPanelClient, type LogPanelOptions } from "../panel/log-panel.ts";
import type { Panel } from "../panel/panel.ts";
import type { Timers } from "../streams/timers.ts";
import { Audience } from "./audience.ts";
import { LiveOutput, type OutputParts } from "./live-output.ts";
import { asNotebook, takePlace, type DenoJupyter, type Notebook, type Place } from "./notebook.ts";
import type { PlotSeries, PlotSpec, Unopened } from "./output.ts";
import { OutputHandle } from "./output-handle.ts";
import { describeSeries, PlotHandle } from "./plot-handle.ts";
import { lookOf, type FormOptions, type KnobOptions, type PlotOptions } from "./plot-options.ts";
import { checkView, listed, plottable } from "./plottable.ts";
import type { MakeStill, Still } from "./still/still-port.ts";

/** What outputs need of their client. */
export type CellsClient = LogPanelClient &
  Pick<Client, "url" | "ticket" | "watchTicket" | "bridge" | "on" | "directory" | "entry" | "list" | "subscribe">;

/** What of the client's place is needed. */
export interface CellsPlace {
  readonly timers: Timers;
  /** Missing where no pictures can be drawn. */
  readonly makeStill: MakeStill | undefined;
}

/** The outputs of one client. */
export class Cells {
  readonly #client: CellsClient;
  readonly #place: CellsPlace;
  readonly #open = new Set<PlotHandle | OutputHandle>();
  #notebook: Notebook | undefined;

  constructor(client: CellsClient, place: CellsPlace) {
    this.#client = client;
    this.#place = place;
    client.on("state", ({ state }) => {
      if (state === "closed") for (const each of [...this.#open]) void each.leave().catch(() => undefined);
    });
  }

  /** What `attach` was given. */
  get notebook(): Notebook | undefined {
    return this.#notebook;
  }

  attach(kernel: Notebook | DenoJupyter): void {
    this.#notebook = asNotebook(kernel);
  }

  /**
   * Draws a live plot in the running cell. Rejects with `invalid_argument` without a notebook or for a field that is no number, with `unknown_channel` or `unknown_field` when the
   * bridge has no such thing to plot.
   */
  async plot(channel: string, fields: readonly string[], options: PlotOptions): Promise<PlotHandle> {
    // Before anything is awaited: later output would go to whichever cell then runs.
    const notebook = this.#attached();
    const livePlace = takePlace(notebook);
    const hasStill = this.#place.makeStill !== undefined && notebook.newDisplay !== undefined;
    const stillPlace = hasStill ? takePlace(notebook) : undefined;
    const look = lookOf(options);
    const series: readonly PlotSeries[] = [{ channel, fields }];
    checkView(look.view, series);
    await this.#client.list(); // what was known before may be of another life of the driver
    await this.#client.entry("channel", channel);
    const channels = [plottable(this.#client.directory, channel, fields)];
    const spec: Unopened<PlotSpec> = {
      ...{ kind: "plot", id: crypto.randomUUID(), title: options.title ?? channel, series },
      ...{ ...look, isPaused: false, isClosed: false },
    };
    const still = this.#place.makeStill?.({
      ...{ timers: this.#place.timers, spec, channels },
      subscribe: (name, how) => this.#client.subscribe(name, how),
      show: (png) => {
        stillPlace?.png(png);
      },
    });
    const audience = still === undefined ? undefined : this.#audienceOf(still);
    const plot = new PlotHandle(spec, {
      ...{ channels, still },
      live: (handle) =>
        new LiveOutput(this.#client, livePlace, {
          what: () => describeSeries(handle.spec.series),
          grant: () => ({ channels: handle.spec.series.map((each) => each.channel) }),
          spec: () => handle.spec,
          renewed: (ticket) => {
            audience?.follow(ticket);
          },
        }),
      list: () => this.#client.list(),
      place: () => takePlace(this.#attached()),
      ended: (handle) => {
        audience?.close();
        this.#open.delete(handle);
      },
    });
    return this.#opened(plot, () => plot.open());
  }

  /** Draws the knobs of a parameter in the running cell. Rejects with `invalid_argument` without a notebook, with `unknown_parameter` when the bridge has none such. */
  async knobs(parameter: string, options: KnobOptions): Promise<OutputHandle> {
    const place = takePlace(this.#attached());
    await this.#client.list();
    const entry = await this.#client.entry("parameter", parameter);
    if (entry === undefined) {
      const { parameters } = this.#client.directory;
      throw new BridgeError(
        "unknown_parameter",
        `there is no parameter "${parameter}"; ${listed(parameters.map((each) => each.parameter))}`,
      );
    }
    const { title = parameter, fields } = options;
    return this.#output(place, `knobs of ${parameter}`, (id) => ({
      what: () => parameter,
      // The channel that it governs too: without it the answer to a set could not name the first sample after.
      grant: () => ({ parameters: [parameter], channels: entry.channel === null ? [] : [entry.channel] }),
      spec: () => ({ kind: "knobs", id, parameter, title, ...(fields === undefined ? {} : { fields }) }),
    }));
  }

  /**
   * Draws a service as a form in the running cell: a control for each field of its request, a button that calls it, and what it replied. Rejects with `invalid_argument` without a
   * notebook, with `unknown_service` when the bridge has none such.
   */
  async form(service: string, options: FormOptions): Promise<OutputHandle> {
    const place = takePlace(this.#attached());
    await this.#client.list();
    if ((await this.#client.entry("service", service)) === undefined) {
      const { services } = this.#client.directory;
      throw new BridgeError(
        "unknown_service",
        `there is no service "${service}"; ${listed(services.map((each) => each.service))}`,
      );
    }
    const { title = service, button = "Call" } = options;
    return this.#output(place, `form of ${service}`, (id) => ({
      what: () => service,
      grant: () => ({ services: [service] }),
      spec: () => ({ kind: "call", id, service, title, button }),
    }));
  }

  #output(place: Place, printed: string, parts: (id: string) => OutputParts): Promise<OutputHandle> {
    const id = crypto.randomUUID();
    const live = new LiveOutput(this.#client, place, parts(id));
    const handle = new OutputHandle(id, printed, live, (ended) => this.#open.delete(ended));
    return this.#opened(handle, () => live.renew());
  }

  #audienceOf(still: Still): Audience {
    return new Audience({
      timers: this.#place.timers,
      watch: (ticket, changed) => this.#client.watchTicket(ticket, changed),
      missing: (isMissing) => {
        still.animate(isMissing);
      },
    });
  }

  /** Shows how a driver stands and the last lines of its log in the running cell. Rejects with `invalid_argument` without a notebook. */
  async logs(driver: string, options: LogPanelOptions): Promise<Panel> {
    const place = takePlace(this.#attached());
    return showLogs(this.#client, driver, { ...options, place, timers: this.#place.timers });
  }

  /** Throws `invalid_argument` without a notebook. */
  #attached(): Notebook {
    if (this.#notebook !== undefined) return this.#notebook;
    throw new BridgeError("invalid_argument", "nothing to draw in: call client.attach(tslab) first");
  }

  async #opened<H extends PlotHandle | OutputHandle>(handle: H, open: () => Promise<void>): Promise<H> {
    this.#open.add(handle);
    try {
      await open();
    } catch (error) {
      await handle.leave();
      throw error;
    }
    return handle;
  }
}
