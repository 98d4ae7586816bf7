# SPDX-License-Identifier: MIT
"""plumber.py URL PART [COUNT]: one part of a plumber's pipeline, as programs of python-socketio are written. What it prints are JSON lines; the first is "ready"."""
import inspect
import json
import sys

import socketio

url, part = sys.argv[1:3]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
# By itself the library gives up after seconds, which a busy machine may take.
PATIENCE_S = 100
client = socketio.Client(reconnection=False, request_timeout=PATIENCE_S)
samples = 0

# The library gives every message to a thread of its own, which shuffles them; here they are taken in the order of the wire.
trigger = client.eio._trigger_event
client.eio._trigger_event = lambda *args, **settings: trigger(*args, **{**settings, "run_async": False})


def show(value):
    print(json.dumps(value), flush=True)


CHANNELS = {
    "sensor": {"data": "w", "compute": "w"},
    "recognizer": {"compute": "r", "action": "w"},
    "plot": {"data": "r"},
    "actuator": {"action": "r"},
    "echo": {"data": "rw"},
}


@client.event
def connect():
    client.emit("init", CHANNELS[part], callback=lambda _: show("ready"))


@client.on("data")
def on_data(value):
    global samples
    samples += 1
    if part != "recognizer":
        show(value)
    elif samples % 10 == 0:
        client.emit("data", {"t": value["t"], "classification": samples})


@client.event
def disconnect():
    show("disconnected")


# Only the newer library waits for what the bridge answers.
waits = "wait_timeout" in inspect.signature(client.connect).parameters
client.connect(url, **({"wait_timeout": PATIENCE_S} if waits else {}))
for line in sys.stdin:
    if part == "sensor":
        for i in range(count):
            client.emit("data", {"t": i / 100, "x": i, "y": 2 * i, "z": i**2})
    else:
        client.emit("data", json.loads(line))
client.disconnect()
