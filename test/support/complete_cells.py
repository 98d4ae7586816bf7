# SPDX-License-Identifier: MIT
# Asks a kernel what completes each text at its end: complete_cells.py OUT FOLDER SECONDS FIRST_CELL TEXT...; writes a list of lists as JSON.
import json
import sys

from jupyter_client.manager import start_new_kernel

target, folder, seconds, first, *texts = sys.argv[1:]
manager, client = start_new_kernel(startup_timeout=float(seconds), kernel_name="tslab", cwd=folder)
try:
    client.execute_interactive(first, timeout=float(seconds), output_hook=lambda message: None)
    found = []
    for text in texts:
        reply = client.complete(text, reply=True, timeout=float(seconds))
        found.append(reply["content"]["matches"])
    # To a file: what the kernel itself has to say goes to the same outputs as this program's.
    with open(target, "w", encoding="utf-8") as file:
        json.dump(found, file)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
