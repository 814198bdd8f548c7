"""Writes the explorer: one page beside the index on which readers choose a figure, its members and a period.

Takes a connection to the warehouse and the jurisdiction's folder, and writes explore.html: every row of marts.figures
with names, units and 口径, and none of the facts. The page loads nothing: it carries the rows, the charts (made in
explorer_parts.py) and the program that draws them. page_parts/explorer.js answers what the reader chooses. The same
figures give the same bytes.
"""

import base64
import gzip
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
from markupsafe import Markup

from reports.document.bulletin import read_settings
from reports.figures.labels import UnknownWords
from reports.figures.load import load
from reports.figures.model import Figures
from reports.formats.html.index import EXPLORER
from reports.formats.html.template import PARTS, fill_template
from reports.text.narrative import TemplateError
from reports.words.catalogue import Words

# What settings of the jurisdiction raise that can't be read; each message tells its author what to mend.
MISTAKES = (TemplateError, UnknownWords)
# Bytes. A larger page is still written whole.
USUAL_LIMIT = 2_000_000
_log = logging.getLogger(__name__)
# In this order, and each part a list over the periods, the rows take a quarter of the bytes that a list of rows does.
_ROWS = """
    select figure, dimension, member, list(period order by period), list(is_complete order by period),
        list(numerator order by period), list(denominator order by period), list(value order by period),
        list(previous_value order by period), list(year_ago_value order by period)
    from marts.figures group by figure, dimension, member order by figure, dimension, member
"""
_PERIODS = """
    select period, kind, coalesce(data_from_on, starts_on), as_of_on from marts.dim_periods
    where exists (select 1 from marts.figures where figures.period = dim_periods.period) order by starts_on, period
"""


def write(connection: duckdb.DuckDBPyConnection, jurisdiction: Path, folder: Path) -> Path | None:
    """Writes explore.html into `folder` and returns its path; None, and no file, where there is no figure yet.

    Raises one of MISTAKES.
    """
    content = page(connection, jurisdiction)
    if content is None:
        return None
    (folder / EXPLORER).write_text(content, "utf-8", newline="\n")
    if (size := len(content.encode())) > USUAL_LIMIT:
        _log.warning("%s has %d KB, more than the usual %d KB", EXPLORER, size // 1000, USUAL_LIMIT // 1000)
    return folder / EXPLORER


def page(connection: duckdb.DuckDBPyConnection, jurisdiction: Path) -> str | None:
    """The whole page, or None where marts.figures has no row. Raises as `write` does."""
    periods = connection.execute(_PERIODS).fetchall()
    if not periods:
        return None
    options = read_settings(jurisdiction)
    # any period has the names of all: the newest
    figures = load(connection, periods[-1][0], options.bureau, options.words, options.labels)
    rows: dict[str, dict[str, dict[str, list]]] = {}
    for figure, dimension, member, *parts in connection.execute(_ROWS).fetchall():
        columns = [[_shorten(value) for value in part] for part in parts]
        rows.setdefault(figure, {}).setdefault(dimension, {})[member] = columns
    names = _name_all(figures, periods, rows, connection)
    words = figures.words
    return fill_template(
        "explorer.html.j2",
        bold=frozenset("0123456789,.-%/—"),
        styles=("bulletin.css", "explorer.css"),
        scripts=("vega.js", "explorer_figures.js", "explorer.js"),
        words=words,
        title=words("explorer.title", jurisdiction=figures.jurisdiction_name),
        subtitle=words("explorer.subtitle", day=words.day(max(as_of for *_, as_of in periods))),
        watermark=words("synthetic") if figures.is_synthetic else "",
        names=_as_json(names),
        charts=Markup((PARTS / "explorer_charts.json").read_text("utf-8").strip()),
        rows=base64.b64encode(gzip.compress(_as_json(rows).encode(), mtime=0)).decode(),
    )


def _name_all(figures: Figures, periods: list[tuple], rows: dict, connection: duckdb.DuckDBPyConnection) -> dict:
    """What explorer.js calls figures, dimensions, members and periods, in the order in which it lists them."""
    words = figures.words
    members: dict[str, set[str]] = {}
    for dimensions in rows.values():
        for dimension, found in dimensions.items():
            members.setdefault(dimension, set()).update(found)
    reason = "reason" if words.code == "zh" else "reason_en"
    absent = f"select period, figure, dimension, member, {reason} from marts.figures_absent order by all"
    kinds = dict.fromkeys(kind for _, kind, *_ in periods)
    part_names = ("value", "numerator", "denominator", "previous_value", "year_ago_value")
    return {
        "texts": {key: text for key, text in words.texts.items() if key.startswith(("explorer.", "list."))}
        | {key: words.texts[key] for key in ("date.span", "titled", "quantity", "numbers.thousands")},
        "parts": {part: words(f"part.{part}") for part in part_names},
        "member": words("table.member"),
        "source": words("synthetic") if figures.is_synthetic else figures.bureau or figures.jurisdiction_name,
        "mark": words("synthetic") if figures.is_synthetic else "",
        "kinds": {kind: words(f"index.{kind}") for kind in ("month", "quarter", "half", "year") if kind in kinds},
        "periods": [_name_period(words, *period) for period in periods],
        "figures": {
            key: {
                "name": each.name,
                "unit": each.printed_unit,
                "is_fraction": each.is_fraction,
                "basis": each.basis,
                "style": each.style,
                "decimals": each.decimals,
                "numerator": each.numerator_words,
                "denominator": each.denominator_words,
            }
            for key, each in figures.definitions.items()
            if key in rows
        },
        "dimensions": {key: figures.dimension_name(key) for key in figures.dimension_names if key in members},
        "members": {
            dimension: [[member, figures.label(dimension, member)] for member in _sort(figures, dimension, found)]
            for dimension, found in members.items()
        },
        "absent": connection.execute(absent).fetchall(),
    }


def _sort(figures: Figures, dimension: str, members: Iterable[str]) -> list[str]:
    """Members in the order of the registry or the office, and behind them those without a place, by their text."""
    order = {member: place for place, member in enumerate(figures.members(dimension))}
    return sorted(members, key=lambda member: (order.get(member, len(order)), member))


def _name_period(words: Words, period: str, kind: str, begins_on: Any, as_of_on: Any) -> dict[str, Any]:
    """Its name, that of the part of it which the data cover, and the lines under its place in the chart."""
    name, year = words.period_name(period), words("history.year", year=period[:4])
    days = words("history.days", start=words.day_of_year(begins_on), end=words.day_of_year(as_of_on))
    match kind:
        case "month":
            heading, is_first = words.month_heading(period), period.endswith("-01")
        case "quarter":
            heading, is_first = words.list("history.quarter_headings")[int(period[-1]) - 1], period.endswith("1")
        case "half":
            heading, is_first = words.list("period.halves")[int(period[-1]) - 1], period.endswith("1")
        case _:
            heading, is_first = year, False
    return {
        "key": period,
        "kind": kind,
        "name": name,
        "partial": words.titled(name, days),
        "as_of": as_of_on.isoformat(),
        "heading": heading,
        "year": year if kind != "year" else "",
        "is_first": is_first,
    }


def _shorten(value: Any) -> Any:
    """A count without .0 and a truth as 0 or 1: both shorter as JSON."""
    return int(value) if isinstance(value, bool) or (isinstance(value, float) and value.is_integer()) else value


def _as_json(content: Any) -> Markup:
    """JSON that ends no element of a page: a name may hold '</script>'."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
