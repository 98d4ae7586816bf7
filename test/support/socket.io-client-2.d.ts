// SPDX-License-Identifier: MIT
// The little of socket.io-client 2.x that the tests use; the package brings no types.
declare module "socket.io-client-2" {
  interface OldSocket {
    on(event: string, listener: (...args: unknown[]) => void): this;
    emit(event: string, ...args: unknown[]): this;
    close(): this;
  }

  /** Opens a client of the namespace `/`; with `forceNew` on a connection of its own. */
  function io(url: string, options?: { forceNew?: boolean; transports?: string[]; reconnection?: boolean }): OldSocket;
  export = io;
}
