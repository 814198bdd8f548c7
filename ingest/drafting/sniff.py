"""Opens an export that no mapping describes yet.

It takes a path and yields a `Sample` with header, format, number of records and the values of any column. What the
columns mean is guessed in `recognise.py`.
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


@dataclass(frozen=True)
class Sample:
    """An open export: `format` and `delimiter` as a mapping would declare them."""

    format: str
    delimiter: str
    encoding: str
    header: list[str]
    records: int
    _connection: duckdb.DuckDBPyConnection

    def list_values(self, name: str, most: int) -> list[tuple[str, int]]:
        """The commonest values of a column, each with its number of records; null words are left out."""
        cell = f"c{self.header.index(name)}"
        query = f"select {cell}, count(*) from rows where {cell} is not null group by 1 order by 2 desc, 1 limit {most}"
        return self._connection.execute(query).fetchall()

    def find_odd_date(self, name: str) -> str | None:
        """A value of a column that is not one of the usual spellings of a date."""
        cell = f"c{self.header.index(name)}"
        query = f"select {cell} from rows where {cell} is not null and to_time({cell}) is null limit 1"
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None


@contextmanager
def open_sample(path: Path) -> Iterator[Sample]:
    """Open the export at `path`, or the first member by name of an archive. Raises Refused, naming the file."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        try:
            claim = _claim_copy(path, Path(scratch) / "exports")
            form, delimiter = _detect_format(next(read_chunks(claim.path, claim.file.member), b""))
            export = claim.export.model_copy(update={"format": form, "delimiter": delimiter})
            decoded = decode_file(replace(claim, export=export), Path(scratch) / "decoded.csv")
        except Refused as refused:
            raise Refused(f"{path}: {refused}") from None
        define_conform_macros(connection)
        places = range(len(decoded.header))
        columns = "{" + ", ".join(f"'c{place}': 'varchar'" for place in places) + "}"
        connection.execute(f"""
            create temp table rows as select {", ".join(f"clean_wide(c{place}) as c{place}" for place in places)}
            from read_csv({quote_literal(str(decoded.path))}, columns = {columns}, auto_detect = false, header = true,
                delim = {quote_literal(delimiter)}, quote = '"', escape = '"', store_rejects = true)
        """)
        header = [cell.strip() for cell in decoded.header]
        yield Sample(form, delimiter, decoded.encoding, header, decoded.records, connection)


def _claim_copy(path: Path, folder: Path) -> Claim:
    """Copy the file into a landing folder of its own and claim it, or the first member if it is an archive."""
    folder.mkdir()
    shutil.copy2(path, folder / path.name)
    export = Export(dataset="cases", files=["**/*"])
    claims = claim_files(folder, [Source(source="draft", name="draft", exports=[export])])
    if not claims or claims[0].problem:
        raise Refused(claims[0].problem if claims else "is no export by its name")
    return claims[0]


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
