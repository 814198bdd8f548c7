"""The text of an alert: a headline, then for each condition what is wrong and what to do, then a link.

It takes conditions, what is over, and the words of the jurisdiction's language, and returns a `Message` of at most one
screen: 2,000 bytes, because a robot of 企业微信 takes no more than 2,048.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.alerts.conditions import Condition
from reports.words.catalogue import Words

MOST_BYTES = 2000
_MOST_LINES = 5


@dataclass(frozen=True)
class Message:
    """What a channel delivers: `title` in one line, `text` with the title, the details and the link."""

    title: str
    text: str


def write_message(county: str, news: Sequence[Condition], over: Sequence[str], link: str, words: Words) -> Message:
    """One message of all that is new and of the titles of all that is over."""
    ended = [words("alerts.over", title=title) for title in over]
    titles = [*(title_of(condition, words) for condition in news), *ended]
    more = words("alerts.more", n=len(titles) - 1) if len(titles) > 1 else ""
    title = f"{words('alerts.head', county=county)}{titles[0]}{more}"
    body = [line for condition in news for line in _write_condition(condition, words)]
    if len(titles) == 1:  # the title has said it
        body, ended = body[1:], []
    body += [f"○ {line}" for line in ended]
    return Message(title, _cut("\n".join([title, *body]), "\n" + words("alerts.link", link=link)))


def title_of(condition: Condition, words: Words) -> str:
    """What is wrong, in one line."""
    return words(f"alerts.{condition.kind}.title", **_fill(condition, words))


def _write_condition(condition: Condition, words: Words) -> list[str]:
    lines = [f"  {line}" for line in condition.lines[:_MOST_LINES]]
    if (left := len(condition.lines) - _MOST_LINES) > 0:
        lines.append("  " + words("alerts.rest", n=left))
    remedy = words(f"alerts.{condition.kind}.remedy", **_fill(condition, words))
    return [f"● {title_of(condition, words)}", *lines, "  " + words("ending.remedy", remedy=remedy)]


def _fill(condition: Condition, words: Words) -> dict[str, object]:
    return {name: words("alerts.never") if part is None else part for name, part in condition.parts.items()}


def _cut(text: str, ending: str) -> str:
    """The text and its ending in at most MOST_BYTES bytes of UTF-8."""
    room = MOST_BYTES - len(ending.encode()) - len("…".encode())
    cut = text.encode()[:room].decode(errors="ignore")
    return (cut if cut == text else cut + "…") + ending
