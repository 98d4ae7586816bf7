// SPDX-License-Identifier: MIT
// What this page shows already: notebooks make the place of an output anew when they draw it again, and what is shown moves into it.

/** What a spec looks like in its place. */
export interface LiveOutput<S> {
  /** Moves into another place of the same output and takes what changed in its spec. */
  adopt(place: HTMLElement, spec: S): void;
  /** Lets go of its connection, its timers and its listeners; what it shows stays as it is. */
  close(): void;
}

interface Kept<S> {
  readonly place: WeakRef<HTMLElement>;
  readonly output: WeakRef<LiveOutput<S>>;
}

/**
 * The outputs of one kind in this page, by the `id` of their specs. They are held by their places alone: an output that was scrolled away, and so is in no document for now, is
 * found again however late, and one that the notebook threw away is forgotten.
 */
export class Shown<S extends { readonly id: string }> {
  readonly #open: (place: HTMLElement, spec: S) => LiveOutput<S>;
  readonly #kept = new Map<string, readonly Kept<S>[]>();
  readonly #byPlace = new WeakMap<HTMLElement, LiveOutput<S>>();

  /** `open` shows a spec for the first time. */
  constructor(open: (place: HTMLElement, spec: S) => LiveOutput<S>) {
    this.#open = open;
  }

  /** Shows a spec in a place: what was shown in a place that is gone moves there; another view of the same notebook gets its own. */
  show(place: HTMLElement, spec: S): void {
    const kept = (this.#kept.get(spec.id) ?? []).filter(({ output }) => output.deref() !== undefined);
    const homeless = kept.find((each) => each.place.deref()?.isConnected !== true);
    const output = homeless?.output.deref() ?? this.#open(place, spec);
    if (homeless !== undefined) output.adopt(place, spec);
    const others = kept.filter((each) => each !== homeless);
    this.#kept.set(spec.id, [...others, { place: new WeakRef(place), output: new WeakRef(output) }]);
    this.#byPlace.set(place, output);
    this.#forgetGone();
  }

  /** Shows for the last time what is shown of a spec; false when that is nothing. */
  end(place: HTMLElement, spec: S): boolean {
    const outputs = (this.#kept.get(spec.id) ?? []).flatMap(({ output }) => output.deref() ?? []);
    outputs[0]?.adopt(place, spec);
    for (const output of outputs) output.close();
    this.#kept.delete(spec.id);
    return outputs.length > 0;
  }

  #forgetGone(): void {
    for (const [id, kept] of this.#kept) {
      if (kept.every(({ output }) => output.deref() === undefined)) this.#kept.delete(id);
    }
  }
}
