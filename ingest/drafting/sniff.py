"""An export that no mapping describes yet, opened for a look.

What its columns mean is not known here. It hands on a `Sample`: header, format and what values stand in a column.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest.landing.claim import Claim, claim
from ingest.landing.unpack import OLE, ZIP, chunks
from ingest.mapping.contract import Export, Source
from ingest.reading.decode import Refused, decode
from ingest.rows.conform import define_macros
from ingest.sql import literal


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
    """The export at `path`; of an archive, its first member by name. Raises Refused, naming the file."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        try:
            found = _claimed(path, Path(scratch) / "exports")
            form, delimiter = _format(next(chunks(found.path, found.found.member), b""))
            export = found.export.model_copy(update={"format": form, "delimiter": delimiter})
            decoded = decode(replace(found, export=export), Path(scratch) / "decoded.csv")
        except Refused as refused:
            raise Refused(f"{path}: {refused}") from None
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


def _claimed(path: Path, folder: Path) -> Claim:
    """A copy of the file in a landing folder of its own, or what is in it when it is an archive."""
    folder.mkdir()
    shutil.copy2(path, folder / path.name)
    export = Export(dataset="cases", files=["**/*"])
    claims = claim(folder, [Source(source="draft", name="draft", exports=[export])])
    if not claims or claims[0].problem:
        raise Refused(claims[0].problem if claims else "is no export by its name")
    return claims[0]


def _format(start: bytes) -> tuple[str, str]:
    """Format and delimiter by the first bytes; the encoding is `decode`'s to find."""
    if start.startswith((ZIP, OLE)):
        return "xlsx", ","
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = start.decode("utf-16", errors="ignore")
    else:
        # only delimiters are looked for, which are the same bytes in every encoding
        text = start.decode("latin-1")
    return "csv", max(",\t;|", key=text.partition("\n")[0].count)
