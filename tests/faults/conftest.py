"""A landing folder of hostile files after one run over all of them, homes whose runs are killed, and homes to damage.

The fixture `taken` gives the first; expected.csv says what is expected of each file. `homes` gives the second, `home`
the third: a published home, in which `tongbao` runs commands in this process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from dagster_project.cli.main import start
from dagster_project.gate.record import accept_findings, list_findings
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.publication import publish
from ingest.run import Report, ingest
from reports.release.freeze import freeze_draft
from tests.dagster_project.small_county import County, make_county
from tests.faults.good import lines
from tests.faults.hostile import files, workbook
from tests.faults.killed_home import KilledHomes, prepare

HERE = Path(__file__).parent
MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@dataclass(frozen=True)
class Taken:
    report: Report
    connection: duckdb.DuckDBPyConnection


@pytest.fixture(scope="session")
def homes(made_once: MadeOnce, tmp_path_factory: pytest.TempPathFactory) -> KilledHomes:
    return KilledHomes(tmp_path_factory.mktemp("killed"), made_once("runs", prepare))


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


def run_command(county: County, *arguments: str) -> None:
    places = {"TONGBAO_HOME": str(county.home), "TONGBAO_JURISDICTION": str(county.jurisdiction), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "dagster_project.cli.main", *arguments]
    done = subprocess.run(command, env={**os.environ, **places}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def publish_county(path: Path) -> None:
    county = make_county(path / "county")
    county.deliver()
    certificates = county.home / "exports" / "certificates_202206.csv"
    certificates.rename(certificates.with_name("certificates_马晓兰_202206.csv"))  # the ledger holds this name masked
    run_command(county, "run")
    candidate = Candidate(county.home)
    with candidate.connect() as connection:
        found = list_findings(connection, "new_members_are_few", None)
        accept_findings(connection, "new_members_are_few", found, reason="机构改名", by="审批局")
    publish(candidate)
    run_command(county, "bulletin", "2022H1")
    freeze_draft(county.home / "bulletins" / "2022H1", county.home / "releases" / "2022H1", "")


@pytest.fixture(scope="session")
def county(made_once: MadeOnce) -> County:
    """The published miniature, one period released, one finding accepted and published; to be read only."""
    return County(made_once("published", publish_county) / "county")


@pytest.fixture
def home(county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the published home, which a test may damage."""
    home = tmp_path / "home"
    shutil.copytree(county.home, home, symlinks=True)
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(county.jurisdiction))
    monkeypatch.delenv("TONGBAO_PSEUDONYM_KEY", raising=False)
    return home


@pytest.fixture
def tongbao(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture) -> Callable[..., str]:
    """Runs a command as the console script does; returns what it prints."""

    def run(*arguments: str, expect: int | None = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["tongbao", *arguments])
        with pytest.raises(SystemExit) as ended:
            start()
        said = "".join(capfd.readouterr())
        assert "Traceback" not in said, said
        assert expect is None or (ended.value.code or 0) == expect, said
        return said

    return run
