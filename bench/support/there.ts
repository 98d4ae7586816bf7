// SPDX-License-Identifier: MIT
// Waits for what a driver brings.
import type { Client } from "../../bridge/index.ts";

/** Resolves once the bridge has a parameter; the client watches the directory from then on. */
export async function untilThere(client: Client, parameter: string): Promise<void> {
  await client.watch();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!client.directory.parameters.some(({ parameter: name }) => name === parameter)) return;
      stop();
      resolve();
    };
    const stop = client.on("directory", look);
    look();
  });
}
