"""Where alerts go, as the environment names it: a file, a mail server, robots of 企业微信, 钉钉 and 飞书.

`read_channels` takes the environment and returns the channels that are set; `Channel.send` delivers a message or raises
NotDelivered with the channel's name and the reason. Addresses and secrets stand in the environment only: they are
never part of a message, an error or a log. What is told lies in `tell.py`.
"""

import smtplib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from dagster_project.alerts.robots import Post, find_refusal, post_to_dingtalk, post_to_feishu, post_to_wecom
from dagster_project.alerts.wording import Message

LINK = "TONGBAO_ALERT_LINK"
_SECONDS = 10
_MOST_ANSWER = 64 << 10
_ROBOTS: dict[str, Callable[[str, str, str, float], Post]] = {
    "WECOM": post_to_wecom,
    "DINGTALK": post_to_dingtalk,
    "FEISHU": post_to_feishu,
}


class NotDelivered(Exception):
    """A channel took no message; the text says which and why, without its address."""


@dataclass(frozen=True)
class Channel:
    """`name` is what `status` and warnings call it."""

    name: str
    deliver: Callable[[Message], None]

    def send(self, message: Message) -> None:
        """Deliver the message; raises NotDelivered."""
        try:
            self.deliver(message)
        except NotDelivered as error:
            raise NotDelivered(f"{self.name}: {error}") from None
        except HTTPError as error:
            raise NotDelivered(f"{self.name}: it answered HTTP {error.code}") from None
        except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            why = reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
            raise NotDelivered(f"{self.name}: {why}") from None


def read_channels(environment: Mapping[str, str]) -> list[Channel]:
    """The channels that are set, in the order file, mail, 企业微信, 钉钉, 飞书."""
    channels = []
    if path := environment.get("TONGBAO_ALERT_FILE"):
        channels.append(Channel("file", lambda message: _append(Path(path), message)))
    if url := environment.get("TONGBAO_ALERT_MAIL"):
        channels.append(Channel("mail", lambda message: _mail(url, message)))
    for name, post in _ROBOTS.items():
        if address := environment.get(f"TONGBAO_ALERT_{name}"):
            secret = environment.get(f"TONGBAO_ALERT_{name}_SECRET", "")
            channels.append(Channel(name.lower(), _deliver_to_robot(post, address, secret)))
    return channels


def _append(path: Path, message: Message) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {message.text}\n\n")


def _mail(url: str, message: Message) -> None:
    """Send by `smtp://user:password@host:port?from=…&to=…,…` (STARTTLS where the server has it) or `smtps://`."""
    parts = urlsplit(url)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not {"from", "to"} <= {*given}:
        raise NotDelivered("TONGBAO_ALERT_MAIL must be smtp://user:password@host:port?from=…&to=…")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.title, given["from"], given["to"]
    mail.set_content(message.text)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname, parts.port or 0, timeout=_SECONDS) as server:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)


class _NoRedirect(HTTPRedirectHandler):
    """A robot doesn't redirect; what does would be sent the text at an address that nobody set."""

    def redirect_request(self, *_: object) -> None:
        return None


def _deliver_to_robot(post: Callable[[str, str, str, float], Post], url: str, secret: str) -> Callable[[Message], None]:
    def deliver(message: Message) -> None:
        made = post(url, message.text, secret, time.time())
        if not made.url.startswith(("https://", "http://")):
            raise NotDelivered("the address must begin with https://")
        request = Request(made.url, made.body, {"Content-Type": "application/json; charset=utf-8"})
        with build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
            refusal = find_refusal(answer.read(_MOST_ANSWER))
        if refusal:
            raise NotDelivered(refusal)

    return deliver
