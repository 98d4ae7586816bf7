// SPDX-License-Identifier: MIT
// Gateways start with the settings they know, and say what is wrong with others.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { z } from "zod";
import { gatewayStart, type GatewayOptions, type RunningGateway } from "../../../bridge/gateways/gateway.ts";
import { parseGatewayRequest } from "../../../bridge/gateways/request.ts";
import { SessionBench } from "../../support/session.ts";

const RUNNING: RunningGateway = {
  url: "x://127.0.0.1:1",
  counts: { peers: 0, refused: 0, dropped: 0 },
  stop: () => Promise.resolve(),
};

describe("the start of a gateway", () => {
  let got: GatewayOptions<{ readonly depth: number }>[] = [];
  const start = gatewayStart({
    defaultPort: 5000,
    settings: z.strictObject({ depth: z.coerce.number().min(1).default(3) }),
    start: (options) => {
      got.push(options);
      return Promise.resolve(RUNNING);
    },
  });

  async function started(text: string): Promise<GatewayOptions<{ readonly depth: number }> | undefined> {
    got = [];
    const bench = new SessionBench();
    await start(parseGatewayRequest(text), {
      bridge: bench.parts,
      url: "",
      version: "0.1.0",
      origins: [],
      log: () => undefined,
    });
    return got[0];
  }

  it("gives its port, its settings and the access that was opened, and nothing more", async () => {
    const options = await started("own,open=data,open=camera/*,depth=7");
    assert.deepEqual([options?.port, options?.settings], [5000, { depth: 7 }]);
    const { access } = options!;
    assert.deepEqual(
      [access.full, access.expires, access.channel("data"), access.channel("other"), access.service("camera/snap")],
      [false, null, true, false, true],
    );
    assert.equal(access.parameter("data"), false);
    assert.equal((await started("own:0,open=**"))?.port, 0);
  });

  it("is refused when nothing is opened, and says what to add", async () => {
    await assert.rejects(started("own"), { code: "config_invalid", message: /gateway own .*add open=/ });
  });

  it("names a setting that is unknown or wrong", async () => {
    await assert.rejects(started("own,open=a,deep=1"), {
      code: "config_invalid",
      message: /own: there is no setting "deep"; there are host, open, depth/,
    });
    await assert.rejects(started("own,open=a,depth=0"), { code: "config_invalid", message: /depth: / });
  });
});
