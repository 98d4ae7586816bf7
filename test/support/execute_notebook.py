# SPDX-License-Identifier: MIT
# Executes a notebook with the kernel that it names and writes it with its outputs: execute_notebook.py IN OUT SECONDS.
# The kernel says in a cell's standard error what was wrong with it, so that is shown when a cell fails.
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

source, target, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
notebook = nbformat.read(source, as_version=4)
folder = os.path.dirname(os.path.abspath(source))
# A kernel that does not end when it is asked to is not killed before: a test may want to know that it did.
config = Config({"KernelManager": {"shutdown_wait_time": float(seconds)}})
client = NotebookClient(notebook, config=config, timeout=seconds, startup_timeout=seconds, resources={"metadata": {"path": folder}})
failure = None
try:
    client.execute()
except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
    failure = error
nbformat.write(notebook, target)
if failure is not None:
    print(type(failure).__name__, file=sys.stderr)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                print(cell.source, output.text, sep="\n", file=sys.stderr)
    sys.exit(1)
