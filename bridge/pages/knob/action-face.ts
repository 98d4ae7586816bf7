// SPDX-License-Identifier: MIT
// The knob of a channel: samples with actions turn it, a hand does too, and its value goes to another channel if asked.
import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { parsePayload } from "../../client/trace/json-columns.ts";
import type { PageDelivery } from "../parts/link/client-port.ts";
import type { Outlet } from "../parts/link/outlet.ts";
import type { Session } from "../parts/link/session.ts";
import { startFeed } from "../parts/trace/feed.ts";
import { ACTION_RANGE, afterAction, afterTurn, FIRST_STATE, type ActionState } from "./action-knob.ts";
import type { KnobFace, KnobLook } from "./knob-face.ts";

/** Follows the actions of `channel`; the value goes to `outlet`, null: nowhere. */
export class ActionFace implements KnobFace {
  readonly name: string;
  readonly look: ReadonlySignal<KnobLook>;
  readonly awaited = "";
  readonly #state: Signal<ActionState> = signal<ActionState>(FIRST_STATE);
  readonly #outlet: Outlet | null;
  readonly #refusal: Signal<string | null> = signal<string | null>(null);

  constructor(session: Session, channel: string, outlet: Outlet | null) {
    this.name = channel;
    this.#outlet = outlet;
    this.look = computed(() => ({
      ...this.#state.value,
      range: ACTION_RANGE,
      unit: "",
      isPending: false,
      problem: this.#refusal.value ?? outlet?.problem.value ?? null,
      note: this.#state.value.isEnabled
        ? ""
        : `Disabled, until {"action":"enable"} comes in “${channel}” or you switch it on.`,
    }));
    effect(() => {
      const client = session.client.value;
      if (client === null) return;
      this.#refusal.value = null;
      const delivered = (item: PageDelivery): void => {
        this.#deliver(item);
      };
      const feed = startFeed(
        client,
        channel,
        { wait: true },
        {
          delivered,
          ended: (error) => {
            this.#refusal.value = error === null || error.code === "closed" ? null : error.message;
          },
        },
      );
      return feed.stop;
    });
  }

  turn(value: number): void {
    const state = this.#state.peek();
    this.#change(afterTurn(state, value - state.value));
  }

  readonly setEnabled = (isEnabled: boolean): void => {
    this.#change({ ...this.#state.peek(), isEnabled });
  };

  #deliver(item: PageDelivery): void {
    if (item.kind !== "batch" || item.carries !== "json") return;
    for (const payload of item.payloads()) this.#change(afterAction(this.#state.peek(), parsePayload(payload)));
  }

  #change(state: ActionState): void {
    const before = this.#state.peek();
    if (state === before) return;
    this.#state.value = state;
    if (state.value !== before.value) this.#outlet?.publish({ t: Date.now(), value: state.value });
  }
}
