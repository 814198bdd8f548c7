"""Tests that every hostile file ends as expected.csv says, with its rows accounted for and a reason for a clerk.

The expectations were worked out by hand, file by file.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.faults.good import stored

with (Path(__file__).parent / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))
GOOD = [row for row in EXPECTED if row["holds"]]


def test_the_table_names_every_file_and_no_other(taken):
    found = {path for (path,) in taken.connection.execute("select path from quality.files").fetchall()}
    assert found == {row["file"] for row in EXPECTED}
    assert taken.report.files == len(EXPECTED) >= 40


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"])
def test_a_file_ends_as_the_table_says(taken, row):
    (found,) = taken.connection.execute(
        """select verdict, rows_read, rows_loaded, rows_quarantined, coalesce(reason, ''),
            coalesce((select array_to_string(list_sort(list(distinct rule)), ' ') from quality.quarantine
                where quarantine.file_id = files.file_id and verdict = 'loaded'), '')
        from quality.files where path = $1""",
        [row["file"]],
    ).fetchall()
    *counts, reason, rules = found
    assert counts == [row["verdict"], int(row["read"]), int(row["loaded"]), int(row["quarantined"])], reason
    assert row["said"] in reason
    assert bool(row["said"]) == bool(reason)
    assert rules == row["rules"]


def test_rows_are_conserved_in_every_file(taken):
    assert (
        taken.connection.execute(
            """select path from quality.files
        where rows_read <> rows_loaded + rows_superseded + rows_duplicate + rows_quarantined"""
        ).fetchall()
        == []
    )


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["file"])
def test_whatever_the_format_the_same_rows_stand_in_the_warehouse(taken, row):
    found = taken.connection.execute(
        """select case_no, item_name, channel, accepted_at, finished_at, status from raw.cases
        where _file_id = (select file_id from quality.files where path = $1) order by case_no""",
        [row["file"]],
    ).fetchall()
    expected = stored(row["holds"])
    assert found == expected if row["rules"] == "" else {*found} <= {*expected}
    keys = taken.connection.execute("select count(distinct applicant_key) from raw.cases").fetchall()
    assert keys == [(60,)]
