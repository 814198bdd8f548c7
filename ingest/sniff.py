"""An export that no mapping describes yet, opened for a look.

What its columns mean is not known here. It hands on a `Sample`: header, format and what values stand in a column.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.claim import claim
from ingest.conform import define_macros
from ingest.contract import Export, Source
from ingest.decode import Decoded, Refused, decode
from ingest.sql import literal

_LOOK = 65536
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sample:
    """An open export: `format` and `delimiter` as a mapping would declare them."""

    format: str
    delimiter: str
    encoding: str
    header: list[str]
    records: int
    _connection: duckdb.DuckDBPyConnection

    def values(self, name: str, most: int) -> list[tuple[str, int]]:
        """The commonest values of a column and in how many records each stands, null words left out."""
        cell = f"c{self.header.index(name)}"
        query = f"select {cell}, count(*) from rows where {cell} is not null group by 1 order by 2 desc, 1 limit {most}"
        return self._connection.execute(query).fetchall()

    def odd_date(self, name: str) -> str | None:
        """A value of a column that is no date as exports usually write them."""
        cell = f"c{self.header.index(name)}"
        found = self._connection.execute(
            f"select {cell} from rows where {cell} is not null and to_time({cell}) is null limit 1"
        ).fetchone()
        return found[0] if found else None


@contextmanager
def opened(path: Path) -> Iterator[Sample]:
    """The export at `path`; of an archive, its first member. Raises Refused, naming the file."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        form, delimiter = _format(path)
        decoded = _decoded(path, form, delimiter, Path(scratch))
        define_macros(connection)
        places = range(len(decoded.header))
        columns = "{" + ", ".join(f"'c{place}': 'varchar'" for place in places) + "}"
        connection.execute(f"""
            create temp table rows as select {", ".join(f"clean_wide(c{place}) as c{place}" for place in places)}
            from read_csv({literal(str(decoded.path))}, columns = {columns}, auto_detect = false, header = true,
                delim = {literal(delimiter)}, quote = '"', escape = '"', store_rejects = true)
        """)
        header = [cell.strip() for cell in decoded.header]
        yield Sample(form, delimiter, decoded.encoding, header, decoded.records, connection)


def _format(path: Path) -> tuple[str, str]:
    """Format and delimiter by the first bytes; the encoding is `decode`'s to find."""
    try:
        start = _start(path)
    except (OSError, EOFError, zipfile.BadZipFile, RuntimeError) as error:
        raise Refused(f"{path}: can't be opened: {error}") from None
    if start is None or start.startswith(_OLE):
        return "xlsx", ","
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start.decode("utf-16", errors="ignore")
    else:
        # only delimiters are looked for, which are the same bytes in every encoding
        text = start.decode("latin-1")
    return "csv", max(",\t;|", key=text.partition("\n")[0].count)


def _start(path: Path) -> bytes | None:
    """The first bytes of the text in a file, a gzip or an archive; None for a workbook."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            if "xl/workbook.xml" in names or not names:
                return None
            with archive.open(names[0]) as file:
                return file.read(_LOOK)
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(path) as file:
            return file.read(_LOOK)
    return start


def _decoded(path: Path, form: str, delimiter: str, scratch: Path) -> Decoded:
    folder = scratch / "exports"
    folder.mkdir()
    shutil.copy2(path, folder / path.name)
    export = Export(dataset="cases", files=["**/*"], format=form, delimiter=delimiter)
    claims = claim(folder, [Source(source="draft", name="draft", exports=[export])])
    if not claims or claims[0].problem:
        raise Refused(f"{path}: {claims[0].problem if claims else 'is no export by its name'}")
    try:
        return decode(claims[0], scratch / "decoded.csv")
    except Refused as refused:
        raise Refused(f"{path}: {refused}") from None
