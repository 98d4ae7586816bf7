// SPDX-License-Identifier: MIT
// The page's connection, from the token to a bridge that goes and comes back.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { ClientState, StateEvent } from "../../../../bridge/client/events.ts";
import { BridgeError } from "../../../../bridge/model/errors.ts";
import type { PageClient } from "../../../../bridge/pages/parts/link/client-port.ts";
import { Session, type SessionOptions } from "../../../../bridge/pages/parts/link/session.ts";

/** A client that does nothing but what the test says. */
class ScriptedClient implements PageClient {
  readonly bridge = { id: "b1", name: "default", version: "0", pid: 1, started: 0 };
  readonly directory = { drivers: [], channels: [], parameters: [], services: [], streams: [] };
  readonly successor = undefined;
  state: ClientState = "open";
  closes = 0;
  #listeners: ((event: StateEvent) => void)[] = [];
  readonly #watch: () => Promise<void>;

  constructor(watch: () => Promise<void> = () => Promise.resolve()) {
    this.#watch = watch;
  }

  on: PageClient["on"] = (event, listener) => {
    if (event === "state") this.#listeners.push(listener as (event: StateEvent) => void);
    return () => undefined;
  };
  watch = async () => {
    await this.#watch();
    return this.directory;
  };
  logs = () => Promise.resolve([]);
  set = () => Promise.reject(new BridgeError("unsupported"));
  call = () => Promise.reject(new BridgeError("unsupported"));
  subscribe = () => {
    throw new BridgeError("unsupported");
  };
  publisher = () => {
    throw new BridgeError("unsupported");
  };
  get presets(): never {
    throw new BridgeError("unsupported");
  }
  close = () => {
    this.closes++;
    return Promise.resolve();
  };

  tell(event: StateEvent): void {
    this.state = event.state;
    for (const listener of this.#listeners) listener(event);
  }
}

const OPTIONS: SessionOptions = { url: "http://127.0.0.1:1", name: "test", begin: (client) => client.watch() };

const noWait = (): Promise<void> => Promise.resolve();

describe("session of the page", () => {
  it("tries again until the bridge answers, and says so meanwhile", async () => {
    const client = new ScriptedClient();
    const seen: string[] = [];
    let attempts = 0;
    const session = new Session(
      ({ token }) => {
        seen.push(`${token ?? ""} ${session.phase.value.kind}`);
        return ++attempts < 3 ? Promise.reject(new BridgeError("no_bridge")) : Promise.resolve(client);
      },
      OPTIONS,
      noWait,
    );
    await session.start("t");
    assert.deepEqual(seen, ["t connecting", "t connecting", "t connecting"]);
    assert.equal(session.phase.value.kind, "open");
    assert.equal(session.client.value, client);
  });

  it("asks for another token when the bridge refuses this one, and does not knock again", async () => {
    let attempts = 0;
    const session = new Session(
      () => {
        attempts++;
        return Promise.reject(new BridgeError("unauthorized"));
      },
      OPTIONS,
      noWait,
    );
    await session.start("old");
    assert.equal(attempts, 1);
    const phase = session.phase.value;
    assert.ok(phase.kind === "token" && phase.reason?.includes("does not know this token"));
  });

  it("says that the connection is lost, since when, and that it is back", async () => {
    const client = new ScriptedClient();
    const session = new Session(() => Promise.resolve(client), OPTIONS, noWait);
    await session.start("t");
    client.tell({ state: "connecting", error: new BridgeError("disconnected", "the bridge is gone") });
    const lost = session.phase.value;
    assert.ok(lost.kind === "lost" && lost.reason === "the bridge is gone");
    client.tell({ state: "connecting", error: new BridgeError("no_bridge") });
    const still = session.phase.value;
    assert.ok(still.kind === "lost" && still.sinceMs === lost.sinceMs);
    client.tell({ state: "open" });
    assert.equal(session.phase.value.kind, "open");
  });

  it("asks for a token when the bridge that came back does not know the old one", async () => {
    const client = new ScriptedClient();
    const session = new Session(() => Promise.resolve(client), OPTIONS, noWait);
    await session.start("t");
    client.tell({ state: "closed", error: new BridgeError("unauthorized") });
    assert.equal(session.phase.value.kind, "token");
  });

  it("leaves no second client behind when the first one fails right after it opened", async () => {
    const failing = new ScriptedClient(() => Promise.reject(new BridgeError("disconnected")));
    const good = new ScriptedClient();
    const clients = [failing, good];
    const session = new Session(() => Promise.resolve(clients.shift() ?? good), OPTIONS, noWait);
    await session.start("t");
    assert.equal(failing.closes, 1);
    assert.equal(session.client.value, good);
  });

  it("hears no more of a connection that another token replaced", async () => {
    const first = new ScriptedClient();
    const second = new ScriptedClient();
    const clients = [first, second];
    const session = new Session(() => Promise.resolve(clients.shift() ?? second), OPTIONS, noWait);
    await session.start("a");
    await session.start("b");
    first.tell({ state: "closed" });
    assert.equal(first.closes, 1);
    assert.equal(session.phase.value.kind, "open");
  });
});
