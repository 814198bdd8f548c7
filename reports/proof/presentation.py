"""Proves the numbers that a rendered draft prints, without rendering again, so that each run can afford it.

It takes the folder of a draft and the warehouse that it was rendered from, and returns a `Finding` for each number that
isn't its row of marts.figures. In HTML each number names its row; DOCX and PDF must print the numbers of the HTML as
often as it does; XLSX and figures.csv hold whole rows. verify.py compares every word and picture with a fresh
rendering.
"""

import csv
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import duckdb
from python_calamine import CalamineWorkbook

from reports.figures.model import UNSTATED
from reports.proof.page_numbers import Number, read_numbers
from reports.proof.printed import Piece, read_printed
from reports.proof.verify import BROKEN_UNIT, Finding
from reports.words.catalogue import load_words
from reports.words.wording import NUMBER

_COLUMNS = ("value", "numerator", "denominator", "previous_value", "year_ago_value")
_BASES = {"yoy": "year_ago_value", "mom": "previous_value"}
# a printed rank -> the column by which the members of a dimension are ranked, the largest first
_RANKS = {"rank": "value", "previous_rank": "previous_value", "year_ago_rank": "year_ago_value"}
# places of _COLUMNS in a row of the workbook's first sheet, which ends with the id of the figure
_CELLS = {"value": 3, "numerator": 5, "denominator": 6, "previous_value": 9, "year_ago_value": 7}
_ID_CELL = 11
_AMOUNT = re.compile(rf"(\d[\d,]*)(\.\d+)?({load_words('zh')('numbers.myriad')}?)")
_NAME_OF_A_FILE = re.compile(r"[!-~]*\.[a-z][!-~]*|\b[0-9a-f]{12}\b")  # or a hash, which PDF may break in a number
_FIGURE = re.compile(r"<figure.*?</figure>", re.DOTALL)
_WIDE = re.compile(r"<svg class=\"?wide\b.*?</svg>", re.DOTALL)
# what only the page has: contents, the line below the title, links to files and periods, tiles
_OUTSIDE_TEXT = re.compile(
    r"<nav\b.*?</nav>|<p class=\"?subtitle\b.*?</p>|<ul class=\"files\".*?</ul>|<dl class=\"?kpi\b.*?</dl>", re.DOTALL
)
_ANNEX = re.compile(r"<details class=\"?annex\b[^>]*>\s*<summary><h2>(.*?)(?:　|\. ).*?</details>", re.DOTALL)
_LONGEST_LIST = 99  # items of lists and pages are numbered in DOCX and PDF, and not in the text of HTML
_TOLERANCE = 5e-6  # `value` of a page has six significant digits

_Row = dict[str, float | None]


def find_misprints(connection: duckdb.DuckDBPyConnection, folder: Path, period: str) -> list[Finding]:
    """Every number of the draft of `period` in `folder` that isn't its figure's row, file by file."""
    rows = _read_rows(connection)
    styles = dict(connection.execute("select figure, style from marts.figure_definitions").fetchall())
    findings: list[Finding] = []
    for name, judge in (
        ("bulletin.html", lambda path: _judge_page(path, rows, styles)),
        ("bulletin.docx", _compare_text),
        ("bulletin.pdf", _compare_text),
        ("bulletin.xlsx", lambda path: _compare_workbook(path, rows)),
        ("figures.csv", lambda path: _compare_csv(path, rows, period)),
    ):
        try:
            findings += judge(folder / name)
        except Exception as error:  # each format's reader raises its own errors, and any of them means a damaged file
            findings.append(Finding(name, "whole file", f"can't be read ({type(error).__name__})", "a file that opens"))
    return findings


def _read_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, _Row]:
    """id -> columns of each figure, and of the parts by day, item and so on that optional blocks print."""
    found = connection.execute(
        f"select concat_ws('/', period, figure, dimension, member), {', '.join(_COLUMNS)} from marts.figures"
    ).fetchall()
    rows = {key: dict(zip(_COLUMNS, values, strict=True)) for key, *values in found}
    parts = connection.execute(
        "select concat_ws('/', period, figure, dimension, member), value from marts.figure_parts"
        " where member is not null"
    ).fetchall()
    return {key: {"value": value, "numerator": value} for key, value in parts} | rows


def _judge_page(path: Path, rows: dict[str, _Row], styles: dict[str, str]) -> Iterator[Finding]:
    numbers = read_numbers(path.read_text(encoding="utf-8"))
    if not numbers:
        yield Finding(path.name, "whole file", "no number of a figure", "")
    for number in numbers:
        yield from judge_number(number, rows, styles)


def judge_number(number: Number, rows: dict[str, _Row], styles: dict[str, str]) -> Iterator[Finding]:
    """What is wrong with a number: not a rounding of its amount, no row, or not the part of the row it claims."""
    printed = _AMOUNT.search(number.text)
    if printed is None:
        return
    row = rows.get(number.figure_id)
    if row is None:
        yield Finding("bulletin.html", number.figure_id, f"prints {number.text}", "a row of marts.figures, has none")
        return
    style = styles.get(number.figure_id.split("/")[1], "")
    scales = (100,) if style in ("share", "rate") and number.part not in ("numerator", "denominator") else (1,)
    if number.part in _BASES:
        expected, scales = _change(row, _BASES[number.part], style), (1, 100)
    elif number.part in _COLUMNS:
        expected = row.get(number.part)
    elif number.part in _RANKS:
        expected, scales = _rank(number.figure_id, rows, _RANKS[number.part]), (1,)
    else:
        return  # a running sum or a share of a chart's table, which no row holds
    amount = expected if number.amount is None else number.amount
    if expected is None or not math.isclose(amount, expected, rel_tol=_TOLERANCE, abs_tol=1e-12):
        wanted = "no number" if expected is None else f"{expected:.12g}"
        yield Finding("bulletin.html", f"{number.figure_id} {number.part}", f"prints {number.text}", wanted)
    # against the row, because a change by more than 10,000% prints more digits than `value` has
    elif not _is_rounding(printed, expected, scales):
        yield Finding("bulletin.html", number.figure_id, f"prints {number.text}", f"{expected:.6g} rounded")


def _is_rounding(printed: re.Match, amount: float, scales: Collection[float]) -> bool:
    """Whether the printed digits are the amount, in 万 or on one of the scales (100: in %), rounded."""
    digits = float(printed[1].replace(",", "") + (printed[2] or ""))
    half = 0.5 * 10.0 ** -(len(printed[2] or ".") - 1)
    return any(
        abs(digits - abs(amount) * scale) <= half * (1 + 1e-6) + 1e-9 for scale in ((1e-4,) if printed[3] else scales)
    )


def _change(row: _Row, base: str, style: str) -> float | None:
    value, before = row.get("value"), row.get(base)
    if value is None or before is None:
        return None
    if style in ("share", "rate", "days"):
        return value - before
    return value / before - 1 if before else None


def _rank(figure_id: str, rows: dict[str, _Row], column: str) -> float | None:
    """The place of a member among those of its dimension that have a name; equal values share a place."""
    siblings, own = figure_id.rpartition("/")[0] + "/", rows[figure_id].get(column)
    named = (key for key in rows if key.startswith(siblings) and key.removeprefix(siblings) not in UNSTATED)
    return None if own is None else 1 + sum((rows[key].get(column) or 0) > own for key in named)


def _compare_text(path: Path) -> Iterator[Finding]:
    """DOCX prints the text of the page, PDF also its charts; what they number on their own is left out."""
    page = path.with_name("bulletin.html").read_text(encoding="utf-8")
    body = _OUTSIDE_TEXT.sub("", page[page.index("<header>") : page.index("</footer>")])
    printed = read_printed(path.name, path.read_bytes()).pieces
    lines = {piece.text for piece in printed}  # paper may leave out the annexes on quality and origin
    body = _ANNEX.sub(lambda annex: annex[0] if annex[1] in lines else "", body)
    expected = _count_numbers(read_printed("bulletin.html", _FIGURE.sub("", body).encode()).pieces)
    is_docx = path.suffix == ".docx"
    for chart in () if is_docx else _WIDE.findall(body):
        expected += _count_numbers(read_printed("bulletin.html", chart.encode()).pieces)
    own = _count_numbers(piece for piece in printed if not piece.place.startswith("alternative text"))
    for number, times in sorted((expected - own).items()):
        yield Finding(path.name, "whole file", f"prints {number} {own[number]} times", f"{own[number] + times} times")
    for number in sorted(own - expected) if is_docx else ():
        if not (number.isdecimal() and int(number) <= _LONGEST_LIST):
            yield Finding(path.name, "whole file", f"prints {number}, which bulletin.html does not", "")


def _count_numbers(pieces: Iterable[Piece]) -> Counter[str]:
    text = "\n".join(piece.text for piece in pieces if "attribute near" not in piece.place)
    text = BROKEN_UNIT.sub(lambda broken: broken[0].replace("\n", ""), text)
    numbers = (number.lstrip("+-−") for number in NUMBER.findall(_NAME_OF_A_FILE.sub(" ", text)))
    # a line of a PDF may also end within a share in words (九成, 三分之一); verify.py compares those
    return Counter(number for number in numbers if number[0].isdecimal())


def _compare_workbook(path: Path, rows: dict[str, _Row]) -> Iterator[Finding]:
    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    compared = 0
    for place, cells in enumerate(book.get_sheet_by_index(0).to_python(skip_empty_area=False), start=1):
        key = str(cells[_ID_CELL]) if len(cells) > _ID_CELL else ""
        if key.count("/") >= 3:
            compared += 1
            printed = {column: cells[cell] for column, cell in _CELLS.items()}
            if printed["denominator"] == "":  # a count is its own numerator, which the workbook doesn't repeat
                printed["numerator"] = rows.get(key, {}).get("numerator")
            yield from _compare_row(path.name, f"row {place}", key, printed, rows)
    if not compared:
        yield Finding(path.name, "first sheet", "no row of a figure", "")


def _compare_csv(path: Path, rows: dict[str, _Row], period: str) -> Iterator[Finding]:
    lines = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig")))
    keys = set()
    for place, line in enumerate(lines, start=2):
        key = "/".join(line[column] for column in ("period", "figure", "dimension", "member"))
        keys.add(key)
        yield from _compare_row(path.name, f"line {place}", key, line, rows)
    for key in sorted(key for key in rows if key.startswith(f"{period}/") and "year_ago_value" in rows[key]):
        if key not in keys:
            yield Finding(path.name, "whole file", f"lacks {key}", "")


def _compare_row(name: str, place: str, key: str, printed: dict, rows: dict[str, _Row]) -> Iterator[Finding]:
    if key not in rows:
        yield Finding(name, place, f"prints {key}", "a row of marts.figures, has none")
        return
    for column in _COLUMNS:
        cell, expected = printed[column], rows[key].get(column)
        if column == "previous_value" and cell == "" and key.partition("/")[0].isdecimal():
            continue  # the period before a year is the year before, so the workbook has no column of it
        amount = float(cell) if isinstance(cell, float) or _is_number(str(cell)) else None
        if amount != expected and not (amount and expected and math.isclose(amount, expected, rel_tol=1e-12)):
            yield Finding(name, f"{place}, {key}", f"{column} {cell or 'no number'}", f"{expected}")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
