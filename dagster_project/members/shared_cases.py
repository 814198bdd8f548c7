"""Finds the cases that several counties of a province report, so that the province counts each of them once.

`write_marks` takes the open warehouse of a county and lays a mark of each case of the platform into a file.
`list_shared_cases` compares the marks and returns a row for each county's report of a case that others report too. A
mark is made of case number and day of acceptance under the province's key (docs/provinces.md says why of these), so
neither the files nor the rows hold a number. What is counted of them is dbt's matter (int_repeated_cases.sql).
"""

from pathlib import Path

import duckdb

from ingest.privacy import bind_key

# Letters only, because ingest masks long numbers as personal. A county's own two cases of one mark can't be told apart
# by it, so they count as they are.
_MARKS = """
    copy (
        select
            translate(
                replace(cast(pseudonym('case ' || case_no || ' ' || cast(accepted_on as varchar)) as varchar), '-', ''),
                '0123456789', 'ghijklmnop'
            ) as case_mark,
            '{code}' as county_code, accepted_on, venue, channel, case_type
        from marts.fct_cases
        where is_via_platform and accepted_on is not null
        qualify count(*) over (partition by case_mark) = 1
    ) to '{path}'
"""
_SHARED = """
    select county_code, case_mark, accepted_on, venue, channel, case_type from '{paths}'
    where case_mark in (select case_mark from '{paths}' group by case_mark having count(*) > 1)
    order by all
"""


def write_marks(connection: duckdb.DuckDBPyConnection, code: str, key: bytes, folder: Path) -> None:
    """Write the marks of the county's cases to `folder`; `connection` reads its published warehouse."""
    bind_key(connection, key)
    connection.execute(_MARKS.format(code=code, path=folder / f"{code}.parquet"))


def list_shared_cases(folder: Path) -> list[tuple]:
    """The rows of dataset `member_cases`, of the counties whose marks lie in `folder`."""
    if not any(folder.iterdir()):
        return []
    return duckdb.sql(_SHARED.format(paths=folder / "*.parquet")).fetchall()
