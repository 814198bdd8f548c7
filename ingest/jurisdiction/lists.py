"""Reads the CSV files of a jurisdiction: regions, organisations, holidays.

`read_list` takes a path and what each column may hold, and returns a frame of text in one spelling: days as 2022-07-11,
yes and no as true and false. It is as tolerant of spellings as the reading of exports, and raises one MappingError with
all faults of the file. Lookups of mappings are read in `mapping/lookup.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.errors import MappingError
from ingest.mapping.list_file import Row, read_list_file
from ingest.mapping.vocabulary import BOOLEANS, DATE_FORMATS, suggest_name

if TYPE_CHECKING:
    import pandas as pd

_EXCEL_DAY_0 = date(1899, 12, 30)
_FLAGS = BOOLEANS | {"yes": "true", "no": "false", "y": "true", "n": "false", "1": "true", "0": "false"}
_ADVICE = {
    "day": "is no day; write it as 2022-07-11",
    "flag": "is neither yes nor no; write true or false",
    "whole": "is no whole number; write digits only",
}


@dataclass(frozen=True)
class Cell:
    """What a column may hold; `words`: the spellings that it may have, each with the one that is stored."""

    kind: Literal["text", "day", "flag", "whole"] = "text"
    words: Mapping[str, str] | None = None
    may_be_blank: bool = False
    is_key: bool = False


HOLIDAYS = {
    "date": Cell("day", is_key=True),
    "name": Cell(),
    "kind": Cell(words={"off": "off", "work": "work", "休": "off", "班": "work"}),
    "source": Cell(may_be_blank=True),
}
REGIONS = {
    "region_code": Cell(is_key=True),
    "region_name": Cell(),
    "printed_name": Cell(),
    "parent_code": Cell(may_be_blank=True),
    "is_listed": Cell("flag"),
    "list_order": Cell("whole", may_be_blank=True),
}
ORGANISATIONS = {
    "org_name": Cell(is_key=True),
    "printed_name": Cell(),
    "venue": Cell(words={"hall": "hall", "township": "township", "政务大厅": "hall", "乡镇街道": "township"}),
    "town_name": Cell(may_be_blank=True),
    "keeps_ledger": Cell("flag"),
}


def read_list(path: Path, columns: Mapping[str, Cell]) -> pd.DataFrame:
    """The rows of the CSV file with `columns`, all as text, '' where blank; raises MappingError with all its faults."""
    file = read_list_file(path)
    if missing := [name for name in columns if name not in file.header]:
        raise MappingError(
            f"{path}:1: lacks the column {', '.join(missing)}; it has {', '.join(file.header)}. Columns are named "
            f"{', '.join(columns)}"
        )
    faults, rows = [*file.faults], []
    lines_of_keys: dict[tuple[str, ...], int] = {}
    for row in file.rows:
        values = {}
        for name, cell in columns.items():
            value, fault = _read_cell(row.cells[name], cell)
            values[name] = value
            if fault:
                faults.append(f"{path}:{row.line}: {name}: {fault}")
        rows.append(values)
        faults += _find_double(path, row, values, columns, lines_of_keys)
    if faults:
        raise MappingError("\n".join(sorted(faults, key=_line_of)))
    import pandas as pd  # takes 0.3 s; who only reads jurisdiction.yaml needs none of it

    return pd.DataFrame(rows, columns=[*columns], dtype=str)


def read_organisations(path: Path, regions: pd.DataFrame) -> pd.DataFrame:
    """organisations.csv, whose towns must be regions: by code, official or printed name; stored is the printed one."""
    towns = {
        name: region.printed_name
        for region in regions.itertuples()
        for name in (region.region_code, region.region_name, region.printed_name)
    }
    columns = ORGANISATIONS | {"town_name": replace(ORGANISATIONS["town_name"], words=towns)}
    return read_list(path, columns)


def _find_double(
    path: Path, row: Row, values: dict[str, str], columns: Mapping[str, Cell], lines: dict[tuple[str, ...], int]
) -> list[str]:
    keys = [name for name, cell in columns.items() if cell.is_key]
    first = lines.setdefault(tuple(values[name] for name in keys), row.line)
    if first == row.line:
        return []
    found = ", ".join(repr(row.cells[name]) for name in keys)
    return [f"{path}:{row.line}: {', '.join(keys)}: {found} stands in line {first} already; delete one of the two"]


def _read_cell(text: str, cell: Cell) -> tuple[str, str | None]:
    """The value as it is stored, and what is wrong with the text, if anything."""
    if not text:
        return "", None if cell.may_be_blank else "is blank; fill it in"
    if cell.words is not None:
        value = cell.words.get(text)
        return value or text, None if value else f"{text!r} is not allowed here{suggest_name(text, cell.words)}"
    if cell.kind == "text":
        return text, None
    narrow = unicodedata.normalize("NFKC", text).strip()
    match cell.kind:
        case "day":
            day = _parse_day(narrow)
            value = day.isoformat() if day else None
        case "flag":
            value = _FLAGS.get(narrow.lower())
        case "whole":
            value = str(int(float(narrow))) if re.fullmatch(r"[+-]?\d{1,9}([.]0+)?", narrow) else None
    return value or text, None if value else f"{text!r} {_ADVICE[cell.kind]}"


def _parse_day(text: str) -> date | None:
    """The day in any spelling that exports may have, or as the serial number of a spreadsheet."""
    if re.fullmatch(r"[3-6]\d{4}", text):
        return _EXCEL_DAY_0 + timedelta(days=int(text))
    if re.fullmatch(r"\d+", text) and len(text) not in (8, 14):
        return None  # %Y%m%d would read 2022111 as one of two days
    for form in DATE_FORMATS:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        return moment.date() if moment == datetime.combine(moment.date(), datetime.min.time()) else None
    return None


def _line_of(fault: str) -> tuple[int, str]:
    return int(re.search(r":(\d+): ", fault)[1]), fault
