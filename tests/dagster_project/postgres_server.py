"""A PostgreSQL server of this machine's own binaries, on a free port of 127.0.0.1, for the tests that need one.

`start_server` yields the URL of an empty database, and skips where the binaries or `dagster-postgres` are missing.
The server refuses to run as root, so root starts it as another user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def find_binaries() -> Path:
    """The folder that holds initdb and pg_ctl, as Debian installs them."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    folders += [Path(found).parent] if (found := shutil.which("initdb")) else []
    if not folders:
        pytest.skip("no PostgreSQL on this machine")
    return folders[0]


@contextmanager
def start_server() -> Iterator[str]:
    pytest.importorskip("dagster_postgres", reason="`make postgres` installs it")
    binaries, port = find_binaries(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="postgres-of-tests-"))
    user = []
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        name = "postgres" if "postgres" in names else "nobody"
        shutil.chown(folder, name)
        user = ["runuser", "-u", name, "--"]

    def call(*command: str) -> None:
        subprocess.run([*user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    data = str(folder / "data")
    call(str(binaries / "initdb"), "-D", data, "-U", "tongbao", "-A", "trust", "-N", "-E", "UTF8", "--locale=C")
    options = f"-h 127.0.0.1 -p {port} -k {folder} -F"
    call(str(binaries / "pg_ctl"), "-D", data, "-w", "-t", "120", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg2://tongbao:no-password@127.0.0.1:{port}/postgres"
    finally:
        call(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)
