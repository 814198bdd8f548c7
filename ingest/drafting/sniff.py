"""Opens exports that no mapping describes yet.

`read_exports` decodes every file of a folder, `load_sample` puts files of one kind into a table whose values can be
asked for, and `open_sample` does both for a single file. Everything lies in a scratch folder. What the columns mean is
guessed in `recognise.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest.errors import Refused
from ingest.landing.claim import Claim, claim_files
from ingest.landing.unpack import OLE, ZIP, read_chunks
from ingest.mapping.contract import Export, Source
from ingest.reading.decode import decode_file
from ingest.rows.conform import define_conform_macros
from ingest.sql import quote_literal

_NO_SOURCE = Source(source="draft", name="draft", exports=[Export(dataset="cases", files=["**/*"])])


@dataclass(frozen=True)
class OpenFile:
    """A decoded export: its name in the folder, `format` and `delimiter` as a mapping would declare them."""

    name: str
    format: str
    delimiter: str
    encoding: str
    header: tuple[str, ...]
    records: int
    path: Path


@dataclass(frozen=True)
class Sample:
    """Files of one kind in a table of text, a column a header; `encoding` is None if they differ in it."""

    files: tuple[str, ...]
    format: str
    delimiter: str
    encoding: str | None
    headers: tuple[tuple[str, ...], ...]
    records: int
    table: str
    connection: duckdb.DuckDBPyConnection

    @property
    def header(self) -> list[str]:
        """Every header of the files, in the order of the first file that has it."""
        return [*dict.fromkeys(cell for header in self.headers for cell in header)]

    def select_cell(self, *headers: str) -> str:
        """SQL for the cell under the first of `headers` that a record has filled."""
        return f"coalesce({', '.join(f'c{self.header.index(name)}' for name in headers)}, null)"

    def list_values(self, headers: tuple[str, ...], most: int) -> list[tuple[str, int]]:
        """The commonest values of a column, each with its number of records; null words are left out."""
        query = f"""
            select {self.select_cell(*headers)} as cell, count(*) from {self.table} where cell is not null
            group by 1 order by 2 desc, 1 limit {most}
        """
        return self.connection.execute(query).fetchall()

    def find_odd_date(self, headers: tuple[str, ...]) -> str | None:
        """A value of a column that is not one of the usual spellings of a date."""
        cell = self.select_cell(*headers)
        query = f"select min({cell}) from {self.table} where to_time({cell}) is null"
        return self.connection.execute(query).fetchone()[0]

    def count_days(self, headers: tuple[str, ...]) -> int:
        """How many different days a column of dates holds."""
        query = f"select count(distinct cast(to_time({self.select_cell(*headers)}) as date)) from {self.table}"
        return self.connection.execute(query).fetchone()[0]


def read_exports(folder: Path, scratch: Path) -> tuple[list[OpenFile], list[tuple[str, str]]]:
    """Decode every export under `folder` into `scratch`, in order of name; the second list tells which can't be read.

    A file whose first line looks like a row of data, and no header, is among those that can't be read.
    """
    files, problems = [], []
    for place, claim in enumerate(claim_files(folder, [_NO_SOURCE])):
        try:
            files.append(_decode(claim, scratch / f"{place}.csv"))
        except Refused as refused:
            problems.append((claim.name, str(refused)))
    return files, problems


def connect_scratch(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A database in `scratch` with the macros for cleaned text; large exports don't have to fit into memory."""
    connection = duckdb.connect(str(scratch / "samples.duckdb"))
    define_conform_macros(connection)
    return connection


def load_sample(connection: duckdb.DuckDBPyConnection, table: str, files: list[OpenFile]) -> Sample:
    """Put `files`, which have one delimiter, into `table`; their decoded copies are deleted."""
    first = files[0]
    encodings = {file.encoding for file in files}
    headers = tuple(dict.fromkeys(file.header for file in files))
    sample = Sample(
        tuple(file.name for file in files),
        first.format,
        first.delimiter,
        first.encoding if len(encodings) == 1 else None,
        headers,
        sum(file.records for file in files),
        table,
        connection,
    )
    connection.execute(
        f"create table {table} ({', '.join(f'c{place} varchar' for place in range(len(sample.header)))})"
    )
    for file in files:
        names = [f"c{sample.header.index(cell)}" for cell in file.header]
        places = {name: place for place, name in reversed([*enumerate(names)])}
        columns = "{" + ", ".join(f"'f{place}': 'varchar'" for place in range(len(names))) + "}"
        connection.execute(f"""
            insert into {table} ({", ".join(places)}) select {", ".join(f"clean_wide(f{n})" for n in places.values())}
            from read_csv({quote_literal(str(file.path))}, columns = {columns}, auto_detect = false, header = true,
                delim = {quote_literal(file.delimiter)}, quote = '"', escape = '"', store_rejects = true)
        """)
        file.path.unlink()
    return sample


@contextmanager
def open_sample(path: Path) -> Iterator[Sample]:
    """Open the export at `path`, or the first member by name of an archive. Raises Refused, naming the file."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "exports"
        folder.mkdir()
        shutil.copy2(path, folder / path.name)
        files, problems = read_exports(folder, Path(scratch))
        if not files:
            raise Refused(f"{path}: {problems[0][1] if problems else 'is no export by its name'}")
        with connect_scratch(Path(scratch)) as connection:
            yield load_sample(connection, "rows", files[:1])


def _decode(claim: Claim, target: Path) -> OpenFile:
    if claim.problem:
        raise Refused(claim.problem)
    form, delimiter = _detect_format(next(read_chunks(claim.path, claim.file.member), b""))
    export = claim.export.model_copy(update={"format": form, "delimiter": delimiter})
    decoded = decode_file(replace(claim, export=export), target)
    header = tuple(cell.strip() for cell in decoded.header)
    return OpenFile(claim.file.name, form, delimiter, decoded.encoding, header, decoded.records, target)


def _detect_format(start: bytes) -> tuple[str, str]:
    """Format and delimiter, from the first bytes; `decode_file` finds the encoding."""
    if start.startswith((ZIP, OLE)):
        return "xlsx", ","
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start.decode("utf-16", errors="ignore")
    else:
        # Delimiters have the same bytes in every encoding, so any will do.
        text = start.decode("latin-1")
    return "csv", max(",\t;|", key=text.partition("\n")[0].count)
