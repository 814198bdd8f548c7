"""Writes the findings of a run that published nothing as CSV files in `<home>/runs/<id>/`.

It takes the candidate as the run left it and writes the refused files, the quarantined records and the results of
checks, for the person who must mend them. It judges nothing. `tongbao quarantine` reads these files.
"""

import csv
from pathlib import Path

import duckdb

from reports.formats.spreadsheet import disarm

FINDINGS = {
    "files.csv": "select * from quality.files where verdict in ('refused', 'unclaimed') order by file_id",
    "quarantine.csv": "select * from quality.quarantine order by file_id, record, column_name",
    "checks.csv": "select * from quality.checks order by is_passed, asset, check_name",
}
_KEPT_ROWS = 100


def findings_folder(home: Path, run_id: str) -> Path:
    """`<home>/runs/<run_id>/`, made if it is not there."""
    folder = home / "runs" / run_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep_findings(connection: duckdb.DuckDBPyConnection, folder: Path, reason: str) -> None:
    """Write `reason.txt` and the tables of FINDINGS into `folder`."""
    (folder / "reason.txt").write_text(reason + "\n", encoding="utf-8")
    for name, query in FINDINGS.items():
        _write_csv(connection, query, folder / name)


def keep_failing_rows(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write up to 100 rows that `query` yields, the failing rows of a test, to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_csv(connection, f"select * from ({query}) limit {_KEPT_ROWS}", path)


def _write_csv(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    try:
        found = connection.execute(query)
    except duckdb.CatalogException:
        return  # the run ended before this table was made
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column[0] for column in found.description])
        writer.writerows([disarm(cell) for cell in row] for row in found.fetchall())
