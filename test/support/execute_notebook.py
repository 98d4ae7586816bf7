# SPDX-License-Identifier: MIT
# Executes a notebook with the kernel that it names and writes it with its outputs: execute_notebook.py IN OUT SECONDS.
# The kernel says in a cell's standard error what was wrong with it, so that is shown when a cell fails.
import os
import sys

import nbformat
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError
from traitlets.config import Config

# A kernel that loses the message that a cell is done must not hold up the others for ever; one that is slow has time.
DONE_SECONDS = 30


class Page(NotebookClient):
    """Takes what comes as a page does: for the cell that it names, also when it comes between two cells or while another one runs, such as a change of a display."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self._cells = {}

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        self._cells[parent_msg_id] = (cell, cell_index)
        while True:
            message = await ensure_async(self.kc.iopub_channel.get_msg(timeout=None))
            parent = message["parent_header"].get("msg_id")
            if parent not in self._cells:
                continue
            try:
                self.process_message(message, *self._cells[parent])
            except CellExecutionComplete:
                if parent == parent_msg_id:
                    return


source, target, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
notebook = nbformat.read(source, as_version=4)
folder = os.path.dirname(os.path.abspath(source))
# A kernel that does not end when it is asked to is not killed before: a test may want to know that it did.
config = Config({"KernelManager": {"shutdown_wait_time": float(seconds)}})
limits = {"timeout": seconds, "startup_timeout": seconds, "iopub_timeout": DONE_SECONDS}
client = Page(notebook, config=config, resources={"metadata": {"path": folder}}, **limits)
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
