# SPDX-License-Identifier: MIT
"""Tells jupyter-server-proxy how to start a bridge: its page is then at structwire/ below the address of the Jupyter server."""

import os
import re
import secrets
import shlex
from pathlib import Path


def bridge():
    """What the entry point is: the command of the bridge, and an entry of the launcher with the link of its page."""
    return {
        "command": [*_program(), "serve", "--name", _name(), "--port", "{port}", "--log-level", "warn"],
        # In seconds; a busy machine may take long to start it.
        "timeout": 120,
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
    kept = _kept(path)
    if kept is not None:
        return kept
    token = secrets.token_urlsafe(24)
    draft = tokens / f"{_name()}.token.{os.getpid()}.{secrets.token_hex(4)}.draft"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{token}\n")
    draft.replace(path)  # whole or not at all
    return token


def _kept(path):
    """What is kept there; None for what the bridge would replace: no whole token, or one that others can read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_mode & 0o077:
        return None
    token = path.read_text(encoding="utf-8").strip()
    return token if re.fullmatch(r"[A-Za-z0-9_-]{32}", token) else None
