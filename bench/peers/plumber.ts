// SPDX-License-Identifier: MIT
// plumber.ts: what one would write by hand with socket.io: whoever joins the one room gets what all others send there. Prints its port; ends with its standard input.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";

const server = createServer();
// No ping: it would have to be answered, and costs little.
const io = new Server(server, { transports: ["websocket"], pingInterval: 3_600_000, perMessageDeflate: false });
io.on("connection", (socket) => {
  void socket.join("data");
  socket.on("data", (payload: unknown) => {
    socket.to("data").emit("data", payload);
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port);
});
process.stdin.on("end", () => process.exit()).resume();
