// SPDX-License-Identifier: MIT
// A driver link without a socket: what the bridge sends is kept in a list, what the driver says comes from the test.
import { DriverLink } from "../../bridge/drivers/driver-link.ts";
import { Hub } from "../../bridge/hub/hub.ts";
import type { Codec } from "../../bridge/layout/codec.ts";
import { javascriptCodec } from "../../bridge/layout/javascript.ts";
import type { BridgeError } from "../../bridge/model/errors.ts";
import { batchTools } from "../../bridge/session/batch-tools.ts";
import * as says from "./driver-records.ts";
import { ManualClock } from "./manual-clock.ts";
import { join } from "./records.ts";

/** A link whose driver is the test, on a clock that the test moves. */
export class LinkBench {
  readonly clock: ManualClock = new ManualClock();
  readonly hub: Hub;
  readonly link: DriverLink;
  readonly sent: says.FromBridge[] = [];
  readonly faults: BridgeError[] = [];
  unreadBytes = 0;

  constructor(codec: Codec = javascriptCodec()) {
    this.hub = new Hub({ clock: this.clock, tools: batchTools(codec), flushMs: 8 });
    this.link = new DriverLink({
      seat: this.hub.driver("unix:/run/foreign.sock", "foreign"),
      hub: this.hub,
      codec,
      bridgeName: "test",
      write: (record) => {
        if (record[4] !== 27) this.sent.push(says.readFromBridge(record));
      },
      unreadBytes: () => this.unreadBytes,
      onFault: (error) => {
        this.faults.push(error);
      },
      onUp: () => undefined,
    });
  }

  hear(...records: readonly Uint8Array[]): void {
    this.link.chunk(join(...records));
  }

  get faultCodes(): string[] {
    return this.faults.map(({ code }) => code);
  }

  /** What was sent since the last call, without pings. */
  took(): says.FromBridge[] {
    return this.sent.splice(0).filter(({ is }) => is !== "ping");
  }
}
