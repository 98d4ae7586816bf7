// SPDX-License-Identifier: MIT
// The little of socket.io-client 2.x that the tests use; the package brings no types.
declare module "socket.io-client-2" {
  /** A client of the namespace `/`. */
  export interface OldSocket {
    readonly connected: boolean;
    readonly io: { readonly engine: object };
    on(event: string, listener: (...args: unknown[]) => void): this;
    emit(event: string, ...args: unknown[]): this;
    close(): this;
  }

  /** Opens a client; with `forceNew` on a connection of its own. */
  const io: (url: string, options?: { forceNew?: boolean; transports?: string[]; reconnection?: boolean }) => OldSocket;
  export default io;
}
