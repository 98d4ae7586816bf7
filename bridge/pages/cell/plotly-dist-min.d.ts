// SPDX-License-Identifier: MIT
// The part of plotly.js that live plots use; the package brings no types.
declare module "plotly.js-dist-min" {
  /** One line of a plot. */
  export interface Trace {
    readonly type: "scatter";
    readonly mode: "lines";
    readonly name: string;
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly yaxis: string;
    readonly line: {
      readonly color: string;
      readonly width: number;
      readonly simplify: false;
      readonly shape: "linear" | "hv";
    };
    readonly connectgaps: false;
    readonly hovertemplate: string;
  }

  /** How the whole plot looks; plotly's own documentation lists the keys. */
  export type Layout = Readonly<Record<string, unknown>>;

  /** Draws, or changes what is drawn to the given state. */
  export function react(
    element: HTMLElement,
    traces: readonly Trace[],
    layout: Layout,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;

  /** Takes everything out of the element again. */
  export function purge(element: HTMLElement): void;
}
