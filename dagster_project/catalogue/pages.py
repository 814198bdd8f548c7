"""Serves bulletins, verdict pages and worklists of one home on this machine, so that links of the UI can open them.

`serve_beside` starts this module as a process that ends with the one that started it. It answers only for the folders
that hold no personal data, and only to a browser that asks for this machine by name. On a server, a proxy serves the
same folders instead, and TONGBAO_PAGES names its address (docs/operating.md).
"""

import os
import subprocess
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

FOLDERS = ("bulletins", "quality", "releases", "worklists")
_NAMES = {"127.0.0.1", "localhost", "[::1]"}


class _Pages(SimpleHTTPRequestHandler):
    folders = FOLDERS

    def send_head(self):
        parts = PurePosixPath(unquote(urlsplit(self.path).path)).parts
        asked = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        # a page of another site could otherwise ask through a name that it resolves to this machine
        if asked not in _NAMES or len(parts) < 2 or parts[1] not in self.folders or ".." in parts:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the terminal is Dagster's."""


def make_server(home: Path, port: int, folders: Collection[str] = FOLDERS) -> ThreadingHTTPServer:
    """A server of these folders of `home` on 127.0.0.1; raises OSError if the port is taken."""
    pages = type("Pages", (_Pages,), {"folders": folders})
    return ThreadingHTTPServer(("127.0.0.1", port), lambda *given: pages(*given, directory=str(home)))


def serve_beside(home: Path, port: int) -> None:
    """Serve `home` until this process ends, even after it has become another program."""
    command = [sys.executable, "-m", "dagster_project.catalogue.pages", str(home), str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    os.set_inheritable(process.stdin.fileno(), True)  # closed when the last program of this process ends


def main() -> None:
    """Serve until standard input is closed."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    try:
        server = make_server(home, port)
    except OSError as error:
        sys.exit(f"links to pages will not open: port {port} of 127.0.0.1 can't be used ({error.strerror})")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with suppress(KeyboardInterrupt):  # Ctrl-C ends the UI and this process
        while sys.stdin.buffer.read(1024):
            pass


if __name__ == "__main__":
    main()
