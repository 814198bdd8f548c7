"""A landing folder of hostile files with the warehouse after one run over all of them, and homes whose runs are killed.

The fixture `taken` gives the first; expected.csv says what is expected of each file. `homes` gives the second.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from ingest.run import Report, ingest
from tests.dagster_project.small_county import make_county
from tests.faults.good import lines
from tests.faults.hostile import files, workbook
from tests.faults.killed_home import KilledHomes

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Taken:
    report: Report
    connection: duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> KilledHomes:
    path = tmp_path_factory.mktemp("killed")
    return KilledHomes(path, make_county(path / "county").jurisdiction)


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    home = tmp_path_factory.mktemp("faults")
    exports = home / "exports"
    shutil.copytree(HERE / "files", exports, ignore=shutil.ignore_patterns(".gitattributes"))
    for name, content in files():
        path = exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (exports / "desk" / "open_in_a_spreadsheet_program.xlsx").write_bytes(workbook("E01-"))
    (exports / "desk" / "~$open_in_a_spreadsheet_program.xlsx").write_bytes(b"\x04xyz")
    in_gb18030 = os.fsencode(exports / "desk") + b"/" + "名字是国标码.csv".encode("gb18030")
    Path(os.fsdecode(in_gb18030)).write_text("\n".join(lines("E02-")) + "\n", encoding="utf-8")
    (exports / "desk" / "link_to_nothing.csv").symlink_to(home / "nowhere")
    os.mkfifo(exports / "desk" / "pipe.csv")
    (home / "build").mkdir()
    with (exports / "desk" / "being_written.csv").open("a"), duckdb.connect() as connection:
        yield Taken(ingest(connection, HERE / "county", exports, home, "run-1"), connection)
