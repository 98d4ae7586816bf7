# SPDX-License-Identifier: MIT
"""Tells jupyter-server-proxy how to start a bridge: its page is then at structwire/ below the address of the Jupyter server."""

import os
import secrets
import shlex
from pathlib import Path


def bridge():
    """What the entry point is: the command of the bridge, and an entry of the launcher with the link of its page."""
    return {
        "command": [*_program(), "serve", "--name", _name(), "--port", "{port}", "--log-level", "warn"],
        "timeout": 30,
        # Whoever is logged in at the Jupyter server may run programs as this user anyway, so the link may hold the token.
        "launcher_entry": {"title": "Structwire", "path_info": f"structwire/#token={_token()}"},
        "new_browser_tab": True,
    }


def _program():
    """The command line of the bridge: $STRUCTWIRE_COMMAND, else what npm put on the PATH or into the project."""
    return shlex.split(os.environ.get("STRUCTWIRE_COMMAND", "npx --no-install structwire"))


def _name():
    return os.environ.get("STRUCTWIRE_NAME") or "jupyter"


def _token():
    """The token of the bridge: the file that the bridge itself keeps it in, made here at the first time, for this user alone."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "structwire"
    tokens = state / "tokens"
    for folder in (state, tokens):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = tokens / f"{_name()}.token"
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{secrets.token_urlsafe(24)}\n")
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()
