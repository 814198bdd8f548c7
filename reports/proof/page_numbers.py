"""Reads the numbers of a bulletin's page with the figures row that each names: buttons in the text, cells of tables.

Takes the page's text and returns a `Number` for each. reports/formats/html/tables.py says how cells, rows and heads of
columns share what names a row; presentation.py judges the numbers.
"""

import re
from html.parser import HTMLParser
from typing import NamedTuple

_KEYS = ("data-note", "data-period", "data-member", "data-part")
_DIGIT = re.compile(r"\d")


class Number(NamedTuple):
    """A number as the page prints it: its row, the part of it, its text, and the exact amount beside it if any."""

    figure_id: str
    part: str
    text: str
    amount: float | None


def read_numbers(page: str) -> list[Number]:
    """Every number of the page that names a figures row, in reading order."""
    reader = _Reader(page)
    reader.feed(page)
    reader.close()
    return reader.numbers


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.popovers = dict(re.findall(r"<div popover id=(\S+) data-figure=\"?([^\s\">]+)", page))
        self.usual = {"data-note": "", "data-period": "", "data-member": "total", "data-part": "value"}
        self.numbers: list[Number] = []
        self.heads: list[dict[str, str]] = []
        self.row: dict[str, str] = {}
        self.is_head, self.place = False, 0
        self.held: dict[str, str] = {}  # the attributes of the number that the text may be
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.usual["data-period"] = self.usual["data-period"] or attributes.get("data-period", "")
        if tag in ("thead", "tbody", "tr", "th", "td"):
            self._end_number()
        if tag in ("thead", "tbody"):
            self.is_head = tag == "thead"
        elif tag == "tr":
            self.row, self.place = attributes, 0
            self.heads = [] if self.is_head else self.heads
        elif tag in ("th", "td"):
            if self.is_head:
                self.heads.append(attributes)
            elif tag == "td":
                self.held = {"data-note": ""} | self.heads[self.place] | self.row | attributes
            self.place += 1
        else:
            # a cell that holds an element is no plain number
            is_number = tag == "button" and "aria-label" not in attributes
            self.held = {"data-note": attributes.get("popovertarget", "")} | attributes if is_number else {}
            self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._end_number()

    def _end_number(self) -> None:
        text, held = self.text.strip(), self.usual | self.held
        if self.row.get("data-member") == "" and text:
            self.row["data-member"] = text  # the first cell names the row
        elif held["data-note"] and _DIGIT.search(text):
            key = self.popovers.get(held["data-note"], "")
            figure_id = f"{held['data-period']}/{key}/{held['data-member']}"
            amount = float(held["value"]) if "value" in held else None
            self.numbers.append(Number(figure_id, held["data-part"], text, amount))
        self.held, self.text = {}, ""
