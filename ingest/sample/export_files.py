"""Writes generated rows into export files; the sources' own mappings, read backwards, give headers, labels and formats.

It takes the tables `out_<dataset>` in DuckDB and writes the files of a landing folder, byte for byte the same each
time. The SQL in `sql/` decides what the rows hold.
"""

from __future__ import annotations

import calendar
import gzip
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import xlsxwriter
from duckdb import DuckDBPyConnection

from ingest.mapping.contract import SOURCE_COLUMN, Contract, Export, Source
from ingest.mapping.load import load_contracts
from ingest.reading.compare import SYNTHETIC_HEADER
from ingest.sql import quote_literal

# From this year on, systems write their headers in the mapping's second spelling, if there is one.
_RENAMED_IN = 2022
_CREATED = datetime(2022, 7, 16)


class Writer:
    """Writes the exports of `sources` from the tables `out_<dataset>`; `rows` counts rows by 'source/dataset'.

    Use it as a context manager: a second thread encodes and compresses while DuckDB goes on.
    """

    def __init__(self, connection: DuckDBPyConnection, sources: list[Source], exports: Path, scratch: Path) -> None:
        self.connection, self.exports, self.scratch = connection, exports, scratch
        self.sources = {source.source: source for source in sources}
        self.rows: Counter[str] = Counter()
        self.pool, self.waiting = ThreadPoolExecutor(1), []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(wait=True)
        for job in self.waiting:
            job.result()

    def write_files(self, entry: dict[str, Any]) -> None:
        """The monthly and daily files of one entry of `exports` in sample.yaml."""
        source, dataset = self.sources[entry["source"]], entry["dataset"]
        monthly = _find_export(source, dataset, Path(entry["monthly"]))
        header, select = select_columns(monthly, self._list_made(f"out_{dataset}"), entry.get("times"))
        where = f"where reported_by = '{source.source}'" if dataset == "cases" else ""
        self.connection.execute(
            "create or replace temp table staged as "
            f"select file_no, placed_at, place, {select} from out_{dataset} {where}"
        )
        labels = self.connection.execute(
            "select file_no, min(label) as first, max(label) as last from days where is_covered group by 1 order by 1"
        ).fetchall()
        for file_no, first, last in labels:
            is_daily, is_later = first == last, int(first[:4]) >= _RENAMED_IN
            template = entry.get("daily", entry["monthly"]) if is_daily else entry["monthly"]
            path = self.exports / template.format(year=first[:4], file=first if is_daily else first[:6])
            selected = _select_marked({name: spellings[-1 if is_later else 0] for name, spellings in header.items()})
            encoding = entry.get("later_encoding" if is_later else "encoding") or entry.get("encoding", "utf-8")
            query = f"select {selected} from staged where file_no = {file_no} order by placed_at, place"
            sheet = _find_export(source, dataset, path).sheet
            self.rows[f"{source.source}/{dataset}"] += self._write_file(path, query, encoding, sheet)

    def write_items(self, snapshots: dict[str, Any]) -> None:
        """The item list as it stood on each of `snapshots['days']`."""
        for day in snapshots["days"]:
            path = self.exports / snapshots["path"].format(file=f"{day:%Y%m%d}")
            export = _find_export(self.sources["platform"], "items", path)
            header, select = select_columns(export, self._list_made(f"items_on(date '{day}')"))
            selected = _select_marked({name: spellings[0] for name, spellings in header.items()})
            query = f"select {selected} from (select place, {select} from items_on(date '{day}')) order by place"
            self.rows["platform/items"] += self._write_file(path, query, "", export.sheet)

    def write_office(self, plan: dict[str, Any]) -> None:
        """The bureau's own registers: extended service, the duty ledger, the region's feedback."""
        for half in plan["halves"]:
            until = min(_half_end(half), plan["last_day"])
            services = list(self._plan_services(half, plan["extended_service"][half]))
            self._write_register("extended_service", f"{until:%Y%m%d}", services)
        ledger_columns = ("recorded_on", "rule", "org_name", "finding", "rectified_on")
        ledger = [dict(zip(ledger_columns, entry, strict=True)) for entry in plan["duty_ledger"]]
        self._write_register("duty_ledger", f"{plan['last_day']:%Y%m%d}", ledger)
        county = plan["county_indicators"]
        for batch in county["feedback"]:
            self._write_register("county_indicators", f"{batch['batch']:%Y%m%d}", list(_plan_feedback(batch, county)))

    def _plan_services(self, half: str, times_by_org: dict[str, int]) -> Iterable[dict[str, Any]]:
        query = "select date_on from days where half = $1 and is_working_day and is_covered order by 1"
        days = [row[0] for row in self.connection.execute(query, [half]).fetchall()]
        for org_no, (org, total) in enumerate(times_by_org.items()):
            # If there are many entries, the first holds two services.
            entries = [2, *[1] * (total - 2)] if total > 4 else [1] * total
            for place, times in enumerate(entries):
                day = days[(place * len(days) // len(entries) + 3 * org_no + 2) % len(days)]
                started = datetime(day.year, day.month, day.day, 18, (7 * place + 5 * org_no) % 40)
                yield {
                    "served_on": day,
                    "org_name": org,
                    "started_at": started,
                    "times": times,
                    "ended_at": started + timedelta(minutes=25 + 10 * times),
                }

    def _write_register(self, dataset: str, label: str, rows: list[dict[str, Any]]) -> None:
        path = self.exports / "office" / f"{dataset}_{label}.xlsx"
        export = _find_export(self.sources["office"], dataset, path)
        header, _ = select_columns(export, {*load_contracts()[dataset].columns})
        cells = [[row.get(name) for name in header] for row in rows]
        titles = [*(spellings[0] for spellings in header.values()), SYNTHETIC_HEADER]
        write_workbook(path, export.sheet, titles, cells)
        self.rows[f"office/{dataset}"] += len(rows)

    def _list_made(self, relation: str) -> set[str]:
        """The columns that the SQL of the sample makes."""
        return {column[0] for column in self.connection.execute(f"select * from {relation} limit 0").description}

    def _write_file(self, path: Path, query: str, encoding: str, sheet: str | None) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xlsx":
            found = self.connection.execute(query)
            header = [column[0] for column in found.description]
            rows = found.fetchall()
            self.waiting.append(self.pool.submit(write_workbook, path, sheet, header, rows))
            return len(rows)
        raw = self.scratch / f"{len(self.waiting)}.csv"
        count = self.connection.execute(f"copy ({query}) to {quote_literal(str(raw))} (format csv, header)").fetchone()[
            0
        ]
        self.waiting.append(self.pool.submit(_encode, raw, path, encoding))
        return count


def _select_marked(titles: dict[str, str]) -> str:
    """The SQL that selects each column under its title, and last the empty column that marks a generated file."""
    return ", ".join([*(f'{name} as "{title}"' for name, title in titles.items()), f'null as "{SYNTHETIC_HEADER}"'])


def _encode(raw: Path, path: Path, encoding: str) -> None:
    """Move the UTF-8 file `raw` to `path`, in `encoding`, and gzipped if `path` ends in .gz."""
    if encoding == "utf-8" and path.suffix != ".gz":
        shutil.move(raw, path)
        return
    content = raw.read_bytes()
    raw.unlink()
    if encoding != "utf-8":
        content = content.decode("utf-8").encode(encoding)
    path.write_bytes(gzip.compress(content, 3, mtime=0) if path.suffix == ".gz" else content)


def select_columns(export: Export, made: set[str], times: str | None = None) -> tuple[dict[str, list[str]], str]:
    """Column -> spellings of its header, and the SQL that selects columns as labels; `times`: a strftime format.

    An optional column that is not among the `made` ones is left out. Raises ValueError for a required one.
    """
    contract: Contract = load_contracts()[export.dataset]
    header, selected = {}, []
    for name, rule in contract.columns.items():
        if (name == SOURCE_COLUMN and export.is_of_own_source) or name in export.absent or name in export.constants:
            continue
        if name not in made:
            if rule.required or name in contract.key:
                raise ValueError(f"ingest/sample/sql makes no column {name}, which {export.dataset} requires; add it")
            continue
        expression = name
        if rule.type == "code":
            codes = export.codes.get(name, rule.codes or {})
            labels = {code: label for label, code in reversed(codes.items())}
            whens = " ".join(
                f"when {quote_literal(code)} then {quote_literal(label)}" for code, label in labels.items()
            )
            expression = f"case {name} {whens} else {name} end"
        elif rule.type == "boolean":
            expression = f"if({name}, '是', '否')"
        elif rule.type == "timestamp" and times:
            expression = f"strftime({name}, '{times}')"
        header[name] = export.columns.get(name) or [rule.header]
        selected.append(f"{expression} as {name}")
    return header, ", ".join(selected)


def write_workbook(path: Path, sheet: str | None, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one sheet with a header and `rows` to `path`; the file holds no time of writing, so its bytes repeat."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"title": SYNTHETIC_HEADER, "created": _CREATED})
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        page = book.add_worksheet(sheet or "Sheet1")
        page.write_row(0, 0, header)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(place, column, value)
                elif isinstance(value, date):
                    page.write_datetime(place, column, value, formats[type(value)])
                elif value is not None:
                    page.write_number(place, column, value)


def _find_export(source: Source, dataset: str, path: Path) -> Export:
    kind = "xlsx" if path.suffix == ".xlsx" else "csv"
    return next(e for e in source.exports if e.dataset == dataset and e.format == kind)


def _half_end(half: str) -> date:
    year, month = int(half[:4]), 6 if half.endswith("H1") else 12
    return date(year, month, calendar.monthrange(year, month)[1])


def _plan_feedback(batch: dict[str, Any], county: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for indicator, values in batch["values"].items():
        order = sorted(values, reverse=indicator not in county["fewer_is_better"])
        for (name, code), value in zip(county["counties"].items(), values, strict=True):
            yield {
                "period": batch["period"],
                "county_code": code,
                "county_name": name,
                "indicator": indicator,
                "value": value,
                "unit": county["units"][indicator],
                "rank": 1 + order.index(value),
                "batch": str(batch["batch"]),
            }
