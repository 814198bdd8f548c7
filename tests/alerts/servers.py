"""A robot and a mail server on this machine, which keep what they are sent; each answers as the vendor's does.

`robot` yields its address and what arrived; `mail_server` its port and the mails. Expectations are in the tests.
"""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Robot:
    """`answers`: what it says next, (HTTP status, body); without any it takes the message."""

    url: str = ""
    arrived: list[tuple[str, dict, str]] = field(default_factory=list)
    answers: list[tuple[int, dict]] = field(default_factory=list)


@contextmanager
def robot() -> Iterator[Robot]:
    kept = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.arrived.append((self.path, body, self.headers["Content-Type"]))
            status, answer = kept.answers.pop(0) if kept.answers else (200, {"errcode": 0, "code": 0})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", kept.url)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    with _serving(HTTPServer(("127.0.0.1", 0), Handler)) as server:
        kept.url = f"http://127.0.0.1:{server.server_address[1]}/robot/send?access_token=planted-token"
        yield kept


@contextmanager
def mail_server() -> Iterator[tuple[int, list[Message]]]:
    """The dialogue of RFC 5321 without extensions but AUTH PLAIN, which is kept as a header of the mail."""
    mails: list[Message] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 ready")
            login = ""
            while line := self.rfile.readline().decode().strip():
                command = line.split(" ")[0].upper()
                if command == "EHLO":
                    self._say("250-here\r\n250 AUTH PLAIN")
                elif command == "AUTH":
                    login = line
                    self._say("235 welcome")
                elif command == "DATA":
                    self._say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mail = message_from_bytes(text, policy=default)
                    mail["X-Login"] = login
                    mails.append(mail)
                    self._say("250 taken")
                else:
                    self._say("221 bye" if command == "QUIT" else "250 fine")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as server:
        yield server.server_address[1], mails


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[socketserver.BaseServer]:
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
