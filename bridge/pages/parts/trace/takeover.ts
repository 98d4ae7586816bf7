// SPDX-License-Identifier: MIT
// One subscription of a channel takes over from another without a hole: every sample once, every loss told once.
import type { PageDelivery } from "../link/client-port.ts";
import type { SequenceCheck } from "./sequence-check.ts";

/** So many deliveries wait for the former subscription; then it is taken to be silent. */
const MAX_WAITING = 1024;

/** Holds back what the next subscription brings until the former one has come to where the next one begins. */
export class Takeover {
  readonly #check: SequenceCheck;
  readonly #pass: (delivery: PageDelivery) => void;
  readonly #over: () => void;
  #waiting: PageDelivery[] = [];
  #isOver = false;
  /** Whether the former one said last that the channel is gone: it may not come back in that form. */
  #hasEnded: boolean;
  /** Whether the next one may still bring what the former one brought. */
  #overlaps = true;

  /** `check` counts what both bring; `pass` gets what the next one brings; `over` ends the former one, which may have said that the channel is gone. */
  constructor(
    check: SequenceCheck,
    { hasEnded, pass, over }: { hasEnded: boolean; pass: (delivery: PageDelivery) => void; over: () => void },
  ) {
    this.#check = check;
    this.#pass = pass;
    this.#over = over;
    this.#hasEnded = hasEnded;
  }

  /** A delivery of the next subscription. */
  next(delivery: PageDelivery): void {
    if (this.#isOver) {
      this.#passNews(delivery);
      return;
    }
    this.#waiting.push(delivery);
    this.#settle();
  }

  /** The former subscription has brought this, which was passed on. */
  brought({ kind }: PageDelivery): void {
    this.#hasEnded = kind === "end";
    this.#settle();
  }

  #settle(): void {
    if (this.#isOver) return;
    const [head] = this.#waiting;
    if (this.#hasReached(head)) {
      this.#take();
    } else if (this.#waiting.length > MAX_WAITING) {
      this.#check.seam();
      this.#take();
    } else if (this.#hasEnded && this.#isNewLife(head)) {
      // What the former one has of that life came before this and is read in this turn.
      setTimeout(() => {
        if (this.#isOver || !this.#hasEnded) return;
        this.#beginLife(head);
        this.#take();
      }, 0);
    }
  }

  #take(): void {
    this.#isOver = true;
    this.#over();
    for (const delivery of this.#waiting.splice(0)) this.#passNews(delivery);
  }

  #isNewLife(head: PageDelivery | undefined): head is Exclude<PageDelivery, { kind: "end" }> {
    const { epoch } = this.#check;
    return head !== undefined && head.kind !== "end" && epoch !== null && lifeOf(head).epoch > epoch;
  }

  /** The former one cannot be had in the new life, so nobody told its beginning. */
  #beginLife(head: Exclude<PageDelivery, { kind: "end" }>): void {
    const { channel } = head;
    const { epoch, first } = lifeOf(head);
    const previous = this.#check.epoch;
    if (head.kind === "restart" || previous === null) return;
    this.#pass({ kind: "restart", channel, epoch, previous });
    if (first === 0) return;
    this.#pass({
      kind: "lost",
      channel,
      loss: { epoch, from: 0, to: first - 1, count: first, reason: "disconnected" },
    });
  }

  #hasReached(head: PageDelivery | undefined): boolean {
    const { epoch, next } = this.#check;
    if (head === undefined || epoch === null) return false;
    if (head.kind === "end") return true;
    const begin = lifeOf(head);
    if (head.kind === "restart") return epoch >= begin.epoch;
    return epoch > begin.epoch || (epoch === begin.epoch && next >= begin.first);
  }

  #passNews(delivery: PageDelivery): void {
    const news = this.#overlaps ? this.#newsOf(delivery) : delivery;
    if (news !== undefined) this.#pass(news);
  }

  /** What of it the former subscription did not bring. */
  #newsOf(delivery: PageDelivery): PageDelivery | undefined {
    const { epoch, next } = this.#check;
    if (epoch === null) return delivery;
    if (delivery.kind === "batch") {
      if (delivery.epoch < epoch || (delivery.epoch === epoch && delivery.last < next)) return undefined;
      if (delivery.epoch === epoch && delivery.first < next) return delivery.from(next);
      this.#overlaps = false;
    } else if (delivery.kind === "lost") {
      const { loss } = delivery;
      if (loss.epoch < epoch || (loss.epoch === epoch && loss.to < next)) return undefined;
      if (loss.epoch === epoch && loss.from < next) {
        return { ...delivery, loss: { ...loss, from: next, count: Math.min(loss.count, loss.to - next + 1) } };
      }
    } else if (delivery.kind === "restart" && delivery.epoch !== delivery.previous && delivery.epoch <= epoch) {
      return undefined;
    }
    return delivery;
  }
}

/** The life that a delivery is of, and the first sequence that it is about. */
function lifeOf(delivery: Exclude<PageDelivery, { kind: "end" }>): { readonly epoch: bigint; readonly first: number } {
  switch (delivery.kind) {
    case "batch":
      return delivery;
    case "lost":
      return { epoch: delivery.loss.epoch, first: delivery.loss.from };
    case "restart":
      return { epoch: delivery.epoch, first: 0 };
  }
}
