# SPDX-License-Identifier: MIT
"""tornado_bridge.py MODE PATH: a bridge from a Unix socket to WebSocket clients in tornado, as one writes it by hand. Prints its port.

batch: what came within 8 ms goes out as one message. message: each sample is a message of its own, sent on a tick of 2 s. blobs: each
length-prefixed blob is a message at once. echo: both ways, at once.
"""

import asyncio
import os
import socket
import struct
import sys
import threading

import tornado.httpserver
import tornado.ioloop
import tornado.iostream
import tornado.netutil
import tornado.web
import tornado.websocket

FRAME_BYTES = 80
READ_BYTES = 262144
BATCH_TICK_MS = 8
MESSAGE_TICK_MS = 2000

clients = set()


class Client(tornado.websocket.WebSocketHandler):
    def open(self):
        self.set_nodelay(True)
        clients.add(self)

    def on_close(self):
        clients.discard(self)

    def on_message(self, message):
        self.application.settings["driver"].write(message)

    def check_origin(self, origin):
        return True


def send(message):
    for client in clients:
        client.write_message(message, binary=True)


class Batch:
    """Joins what comes until the tick."""

    def __init__(self):
        self.chunks = []
        tornado.ioloop.PeriodicCallback(self.flush, BATCH_TICK_MS).start()

    def take(self, chunk):
        self.chunks.append(chunk)

    def flush(self):
        if self.chunks:
            chunks, self.chunks = self.chunks, []
            send(b"".join(chunks))


class Message:
    """Cuts what came into samples on the tick and sends each."""

    def __init__(self):
        self.chunks = []
        tornado.ioloop.PeriodicCallback(self.flush, MESSAGE_TICK_MS).start()

    def take(self, chunk):
        self.chunks.append(chunk)

    def flush(self):
        waiting, self.chunks = b"".join(self.chunks), []
        whole = len(waiting) - len(waiting) % FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            send(waiting[at : at + FRAME_BYTES])
        if whole < len(waiting):
            self.chunks.append(waiting[whole:])


class Blobs:
    """Cuts blobs out of the stream."""

    def __init__(self):
        self.rest = b""

    def take(self, chunk):
        self.rest += chunk
        while len(self.rest) >= 4:
            (size,) = struct.unpack_from("<I", self.rest)
            if len(self.rest) < 4 + size:
                break
            send(self.rest[4 : 4 + size])
            self.rest = self.rest[4 + size :]


class Echo:
    def take(self, chunk):
        send(chunk)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def main(mode, path):
    threading.Thread(target=end_with_parent, daemon=True).start()
    driver = tornado.iostream.IOStream(socket.socket(socket.AF_UNIX), read_chunk_size=READ_BYTES)
    await driver.connect(path)
    application = tornado.web.Application([("/ws", Client)], driver=driver)
    server = tornado.httpserver.HTTPServer(application)
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1", backlog=1024)
    server.add_sockets(sockets)
    print(sockets[0].getsockname()[1], flush=True)
    sink = {"batch": Batch, "message": Message, "blobs": Blobs, "echo": Echo}[mode]()
    try:
        while True:
            sink.take(await driver.read_bytes(READ_BYTES, partial=True))
    except tornado.iostream.StreamClosedError:
        pass


asyncio.run(main(sys.argv[1], sys.argv[2]))
