// SPDX-License-Identifier: MIT
// pipe.ts PATH: Node's own streams between TCP clients and a Unix socket. Prints its port; ends with its standard input.
import { type AddressInfo, connect, createServer } from "node:net";

const [path = ""] = process.argv.slice(2);
const server = createServer({ noDelay: true }, (client) => {
  const driver = connect(path);
  client.pipe(driver).pipe(client);
  for (const end of [client, driver]) {
    end.on("error", () => {
      client.destroy();
      driver.destroy();
    });
  }
});
server.listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.on("end", () => process.exit()).resume();
