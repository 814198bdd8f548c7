"""Tests that names which no list of the county holds are listed as lines for regions.csv and organisations.csv.

It runs the compiled test of dbt on the miniature, in whose exports one organisation is on no list, and on a copy in
which a town was renamed.
"""

from __future__ import annotations

import csv
import shutil

import duckdb

from ingest.jurisdiction.lists import REGIONS
from tests.end_to_end.compiled_models import CompiledModels

# T02's agency in a village
ORGANISATION = ("organisations.csv", '"某村代办点","某村代办点",township,,false')


def test_unlisted_names_come_as_lines_to_paste(miniature, tmp_path):
    query = CompiledModels(miniature.path / "target").tests["names_are_on_the_lists"]
    shutil.copy(miniature.path / "build" / "candidate.duckdb", tmp_path / "candidate.duckdb")
    with duckdb.connect(str(tmp_path / "candidate.duckdb")) as connection:
        assert connection.execute(query).fetchall() == [(*ORGANISATION, "某村代办点", 1)]
        connection.execute("update intermediate.int_accepted_days set member = '北河镇' where member = '东河镇'")
        found = [row[:2] for row in connection.execute(query).fetchall()]
    assert found == [ORGANISATION, ("regions.csv", '990001???,"北河镇","北河镇",990001,true,')]
    assert len(next(csv.reader([found[-1][1]]))) == len(REGIONS)
