// SPDX-License-Identifier: MIT
// Plots and knobs in the pages that people have: JupyterLab 4 and Notebook 7, with their own ways to draw, scroll, save and trust.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import type { Browser, Locator, Page } from "playwright-core";
import { ROOT } from "../../scripts/tools/paths.ts";
import { bridgeEnv, type BridgeProgram, startBridgeProgram } from "../support/bridge-program.ts";
import { startBrowser } from "../support/browser.ts";
import { type DriverProgram, RuntimeFolder, startDriver } from "../support/driver-program.ts";
import { type Front, type LabCell, LabPage, type LabPlace, LabServer } from "../support/lab.ts";

const PICTURES = join(ROOT, "build", "pictures");

/** A name of this machine that no page takes for it. */
const ELSEWHERE = "lab.example";

const CELLS: readonly LabCell[] = [
  {
    id: "connect",
    source: [
      `import { connect } from "structwire";`,
      `import * as tslab from "tslab";`,
      `const client = await connect();`,
      `client.attach(tslab);`,
      `const motor = client.driver("motor");`,
    ].join("\n"),
  },
  { id: "plot", source: `const plot = await motor.plot("state", ["angle", "reference"], { windowMs: 5000 });` },
  { id: "knobs", source: `await motor.knobs("gains");` },
  // Enough to scroll all of it away.
  ...Array.from({ length: 12 }, (_, i) => ({
    id: `text-${String(i)}`,
    source: `# ${String(i)}\n\n${"text\n\n".repeat(8)}`,
  })),
];

describe("a notebook with a plot and knobs", function () {
  this.timeout(600_000);
  let runtime: RuntimeFolder;
  let driver: DriverProgram;
  let bridge: BridgeProgram;
  let server: LabServer;
  let browser: Browser;

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    runtime = new RuntimeFolder();
    driver = await startDriver(runtime, "motor");
    bridge = await startBridgeProgram(runtime);
    server = await LabServer.start(bridgeEnv(runtime));
    browser = await startBrowser([`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`]);
  });

  after(async () => {
    await browser.close();
    await server.stop();
    await bridge.stop();
    await driver.stop();
    runtime.remove();
  });

  /** The picture that the kernel drew of the plot. */
  const still = (page: Page): Locator => page.locator(".jp-RenderedImage img").first();
  const knob = (page: Page): Locator => page.getByLabel("kp", { exact: true });

  /** Opens a notebook of its own, runs all of it, and waits until what it shows is live. */
  const run = async (front: Front, name: string, at: LabPlace = {}): Promise<LabPage> => {
    server.write(name, CELLS);
    const open = await LabPage.open(browser, server, front, name, at);
    await open.runAll();
    await open.untilLive();
    await knob(open.page).waitFor();
    return open;
  };

  /** A page whose browser is kept from the bridge. */
  const cutOff = (name: string): Promise<LabPage> =>
    LabPage.open(browser, server, "lab", name, {
      opening: (page) => {
        const isBridge = (url: URL): boolean => url.port === String(bridge.port) || url.pathname.includes("/proxy/");
        void page.route(isBridge, (route) => route.abort());
      },
    });

  for (const front of ["lab", "notebook"] as const) {
    describe(front === "lab" ? "in JupyterLab 4" : "in Notebook 7", () => {
      let open: LabPage;
      let page: Page;

      before(async () => {
        open = await run(front, `${front}.ipynb`);
        page = open.page;
      });

      after(() => open.close());

      it("is live when all was run", async () => {
        await page.locator(".structwire-canvas :is(canvas, svg)").first().waitFor();
        await still(page).waitFor({ state: "hidden" });
        await page.screenshot({ path: join(PICTURES, `${front}-light.png`) });
      });

      it("goes on after it was scrolled away and back, with what came meanwhile", async () => {
        const before = await open.untilLive();
        await open.scrollAway();
        assert.ok((await open.untilLive()) >= before);
      });

      it("shows the saved outputs live again after a reload", async () => {
        await open.save();
        await page.reload();
        await open.ready();
        await open.untilLive();
        await knob(page).waitFor();
      });

      it("goes on while the kernel is restarted, and after it", async () => {
        const before = await open.untilLive();
        await open.restartKernel();
        assert.ok((await open.untilLive()) > before);
      });
    });
  }

  describe("that was saved", () => {
    let saved: string;
    const open = async (name: string, text: string): Promise<LabPage> => {
      server.writeText(name, text);
      return LabPage.open(browser, server, "lab", name);
    };

    before(async () => {
      const page = await run("lab", "saved.ipynb");
      await still(page.page).waitFor({ state: "attached" });
      await page.save();
      await page.close();
      saved = server.read("saved.ipynb");
    });

    it("holds no token", () => {
      assert.ok(bridge.token.length > 10);
      assert.equal(saved.includes(bridge.token), false);
    });

    it("runs no script where it came from somebody else, but keeps the picture of the plot and says what stood there", async () => {
      const altered = await open("altered.ipynb", saved.replaceAll("motor/gains", "motor/gain"));
      await altered.page.getByText(/^motor\/gain: live while its bridge runs at/).waitFor();
      await still(altered.page).waitFor();
      assert.equal(await altered.page.locator(".structwire-cell").count(), 0);
      await altered.close();
    });

    it("says quietly, in a later run of the bridge, that the cell must be run again, and connects when it was", async () => {
      const { port } = bridge;
      await bridge.stop();
      bridge = await startBridgeProgram(runtime, ["--port", String(port)]);
      const later = await open("later.ipynb", saved);
      const { page } = later;
      await page
        .getByText(/earlier run of the bridge/)
        .first()
        .waitFor();
      await page.getByRole("button", { name: "Reconnect" }).first().click();
      await page
        .getByText(/earlier run of the bridge/)
        .first()
        .waitFor();
      await later.runAll();
      await later.untilLive();
      await page
        .getByText(/earlier run of the bridge/)
        .first()
        .waitFor({ state: "detached" });
      assert.deepEqual(later.errors, []);
      await later.close();
    });

    it("offers to reconnect where no bridge answers, and finds one that was started meanwhile", async () => {
      const { port } = bridge;
      await bridge.stop();
      const alone = await open("alone.ipynb", saved);
      await alone.page
        .getByText(/no bridge answers at/)
        .first()
        .waitFor();
      bridge = await startBridgeProgram(runtime, ["--port", String(port)]);
      await alone.page.getByRole("button", { name: "Reconnect" }).first().click();
      await alone.page
        .getByText(/earlier run of the bridge/)
        .first()
        .waitFor();
      assert.deepEqual(alone.errors, []);
      await alone.close();
    });
  });

  it("reaches the bridge through the notebook's server from another machine", async () => {
    const asked: string[] = [];
    const open = await run("lab", "far.ipynb", {
      host: ELSEWHERE,
      opening: (page) => {
        page.on("request", (request) => asked.push(request.url()));
        page.on("websocket", (socket) => asked.push(socket.url()));
      },
    });
    const way = `://${ELSEWHERE}:${server.port}/proxy/${String(bridge.port)}/`;
    assert.ok(asked.includes(`http${way}cell.mjs`));
    assert.ok(asked.includes(`ws${way}ws`));
    assert.deepEqual(
      asked.filter((url) => url.includes(`//127.0.0.1:${String(bridge.port)}`)),
      [],
    );
    await open.close();
  });

  it("is drawn by the kernel where the browser reaches the bridge by no way, and says so", async () => {
    server.write("cut-off.ipynb", CELLS);
    const open = await cutOff("cut-off.ipynb");
    const { page } = open;
    await open.runAll();
    await page
      .getByText(/no bridge answers at/)
      .first()
      .waitFor();
    await still(page).waitFor();
    for (let picture = 0; picture < 3; picture++) {
      const before = await still(page).getAttribute("src");
      await page.waitForFunction((old) => {
        const image = document.querySelector<HTMLImageElement>(".jp-RenderedImage img");
        return image !== null && image.src !== old;
      }, before);
    }
    await open.close();
  });
});
