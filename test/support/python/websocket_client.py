# SPDX-License-Identifier: MIT
"""websocket_client.py URL: a tornado client that sends each line of its standard input and prints what comes as JSON texts, a line each."""
import asyncio
import json
import sys

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect


async def main():
    request = HTTPRequest(sys.argv[1], headers={"Content-Type": "application/json"}, connect_timeout=100)
    connection = await websocket_connect(request)
    loop = asyncio.get_running_loop()

    async def send():
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await connection.write_message(line.rstrip("\n"))
        connection.close()

    sending = asyncio.create_task(send())
    while (message := await connection.read_message()) is not None:
        print(json.dumps(message), flush=True)
    sending.cancel()
    # The thread that reads standard input would keep the program alive.
    sys.stdin.close()


asyncio.run(main())
