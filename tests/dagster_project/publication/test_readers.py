"""Readers during publications: 10,000 polls, none fails, none sees a mixture, and who holds the old file keeps it.

Two processes read warehouse, bulletins and worklists, as fast as they can, while this one publishes as fast as it can.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import duckdb

from dagster_project.warehouse.moves import make_moves
from dagster_project.warehouse.publication import publish
from tests.dagster_project.publication.tiny_home import all_say, list_moves, read_numbers, stage, stage_files

READERS, POLLS, PUBLICATIONS = 2, 5_000, 50
READER = "tests.dagster_project.publication.reader"
PUBLISHED_IN_FULL = 10  # of so many publications, one goes through `publish` and DuckDB; all move files alike


def test_ten_thousand_polls_during_publications_neither_fail_nor_see_a_mixture(home, tmp_path):
    warehouses = [tmp_path / f"{number}.duckdb" for number in range(2, 12)]
    for number, path in enumerate(warehouses, start=2):
        publish(stage(home, number))
        shutil.copyfile(home / "warehouse.duckdb", path)
    publish(stage(home, 12))
    holder = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    command = [sys.executable, "-m", READER, str(home), str(POLLS), str(len(warehouses))]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
    publications = 0
    while publications < PUBLICATIONS or any(reader.poll() is None for reader in readers):
        number = 2 + publications % len(warehouses)
        if publications % PUBLISHED_IN_FULL:
            stage_files(home, number)
            shutil.copyfile(warehouses[number - 2], home / "build" / "candidate.duckdb")
            make_moves(home, list_moves(home))
        else:
            publish(stage(home, number))
        publications += 1
    seen = [json.loads(reader.communicate()[0]) for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS, "a poll failed"
    assert sum(counts["polls"] for counts in seen) >= 10_000
    assert sum(counts["mixtures"] for counts in seen) == 0
    assert sum(counts["agreeing"] for counts in seen) >= 1_000
    assert holder.execute("select value from told union select value from figures").fetchall() == [(12,)]
    holder.close()
    assert read_numbers(home) == all_say(number)
    print(f"{publications} publications, {seen}")
