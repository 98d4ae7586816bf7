// SPDX-License-Identifier: MIT
// Where the publisher and the instrument of this example meet.

/** A ZeroMQ address on this machine. */
export const RELAYED: string = process.env["RELAYED"] ?? "ipc:///tmp/structwire-example-router";
