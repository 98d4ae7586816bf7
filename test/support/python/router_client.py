# SPDX-License-Identifier: MIT
"""A client of the router's wire, by pyzmq and Python's own pickle, driven by lines of JSON.

Arguments: the port of the calls and the port of the streams. A line of standard input is an array: a command and its arguments.
Each is answered by one line: {"ok": value, "repr": text}, or {"error": class, "text": text}.
"""

import json
import pickle
import struct
import sys

import zmq

RPC_PORT, STREAM_PORT = sys.argv[1:]
context = zmq.Context()
requests = {}
readers = {}
decoders = {"pickle": pickle.loads, "json": json.loads, "raw": bytes}


class RemoteError(Exception):
    """What a client raises for a reply or a sample that says that it failed."""


def unpack(frame, topic, timed, decode):
    at = len(topic.encode()) + 1
    (length,) = struct.unpack("<H", frame[at : at + 2])
    meta = pickle.loads(frame[at + 2 :])
    success, *time = meta if timed else (meta,)
    payload = decode(frame[at + 2 + length :])
    if not success:
        raise RemoteError(str(payload) if topic == "" else str([payload]))
    return [*time, payload] if timed else payload


def requester(name):
    if name not in requests:
        requests[name] = context.socket(zmq.REQ)
        requests[name].setsockopt(zmq.LINGER, 0)
        requests[name].connect(f"tcp://127.0.0.1:{RPC_PORT}")
    return requests[name]


def send(name, obj, attribute, args, kwargs, timed=False):
    """Sends a call on the socket of that name; `receive` gets its answer."""
    requester(name).send(pickle.dumps((obj, attribute, args, kwargs, timed)))


def receive(name, timed=False):
    return unpack(requester(name).recv(), "", timed, pickle.loads)


def call(obj, attribute, args=(), kwargs=None, timed=False):
    send("main", obj, attribute, list(args), kwargs or {}, timed)
    return receive("main", timed)


def call_by_name(name, args=None, kwargs=None):
    return call("__rpc_server", "_call_by_name", [name], {"args": args, "kwargs": kwargs})


def send_raw(name, text):
    requester(name).send(bytes.fromhex(text))


def send_python(name, expression):
    """A pickle of what the expression makes."""
    requester(name).send(pickle.dumps(eval(expression)))


def subscribe(topic, storage="queue", decoder="pickle"):
    reader = context.socket(zmq.SUB)
    reader.setsockopt(zmq.LINGER, 0)
    reader.subscribe(topic)
    if storage == "cache":
        reader.setsockopt(zmq.CONFLATE, 1)
    else:
        reader.setsockopt(zmq.RCVHWM, 1000)
    reader.connect(f"tcp://127.0.0.1:{STREAM_PORT}")
    readers[topic] = (reader, decoders[decoder])


def unsubscribe(topic):
    readers.pop(topic)[0].close()


def get(topic, count=1):
    """Waits for so many samples, and gives them as [seconds, value]."""
    reader, decode = readers[topic]
    return [unpack(reader.recv(), topic, True, decode) for _ in range(count)]


def everything(count=1):
    """As `get` of the topic that stands for all, with the frames' own topics."""
    frames = [readers[""][0].recv() for _ in range(count)]
    return [[frame.split(b"\0")[0].decode(), frame[-1]] for frame in frames]


def pending(topic):
    """How many samples have come and were not taken."""
    reader, _ = readers[topic]
    count = 0
    while True:
        try:
            reader.recv(zmq.NOBLOCK)
        except zmq.Again:
            return count
        count += 1


COMMANDS = {
    each.__name__: each
    for each in (
        send,
        receive,
        call,
        call_by_name,
        send_raw,
        send_python,
        subscribe,
        unsubscribe,
        get,
        everything,
        pending,
    )
}

for line in sys.stdin:
    command, *arguments = json.loads(line)
    try:
        result = COMMANDS[command](*arguments)
        answer = {"ok": result, "repr": repr(result)}
    except RemoteError as error:
        answer = {"error": type(error).__name__, "text": str(error)}
    print(json.dumps(answer, default=repr), flush=True)
context.destroy(linger=0)
