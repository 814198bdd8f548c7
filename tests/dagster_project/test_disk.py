"""Tests what is said about disks: the space that a run needs, rights that are missing, and errors of three libraries.

The errors are real ones: of Python and DuckDB on /dev/full, of SQLite on a file that may not grow.
Rights are tested in a process without the capabilities by which root passes over them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from click.testing import CliRunner

from dagster_project import disk
from dagster_project.cli.main import main
from dagster_project.settings import prepare

MB = 1_000_000
DROP = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
OBEYS_RIGHTS = [] if os.geteuid() else DROP
needs_rights = pytest.mark.skipif(
    not os.geteuid() and not shutil.which("setpriv"), reason="root passes over rights, and setpriv is not there"
)


def sized(path: Path, size: int, modified: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)
    os.utime(path, (modified, modified))


@pytest.fixture
def home(tmp_path) -> Path:
    """A home with 10 MB published, a loaded export of 3 MB, and a new one of 5 MB."""
    sized(tmp_path / "warehouse.duckdb", 10 * MB, 1000)
    sized(tmp_path / "exports" / "old.csv", 3 * MB, 900)
    sized(tmp_path / "exports" / "hall" / "new.csv", 5 * MB, 1100)
    return prepare(tmp_path)


def test_a_run_needs_two_copies_of_the_warehouse_and_the_new_exports(home):
    assert disk.needed_bytes(home) == 2 * 10 * MB + 5 * MB + (64 << 20)
    sized(home / "build" / "candidate.duckdb", 12 * MB, 1200)
    assert disk.needed_bytes(home) == 12 * MB + 5 * MB + (64 << 20)


def test_a_first_run_needs_room_for_every_export(home):
    (home / "warehouse.duckdb").unlink()
    assert disk.needed_bytes(home) == 8 * MB + (64 << 20)


def test_a_disk_without_room_for_a_run_is_told_with_what_is_missing(home, monkeypatch):
    needed = disk.needed_bytes(home)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: SimpleNamespace(free=needed))
    assert disk.why_no_space(home) is None
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: SimpleNamespace(free=needed - 30 * MB))
    said = disk.why_no_space(home)
    assert str(home) in said and "has 62 MB free" in said and "needs about 92 MB" in said and "free 30 MB" in said


def test_a_run_that_does_not_begin_is_an_alert_too(home, monkeypatch, tmp_path):
    """Nobody may be at the terminal of a job of cron."""
    alerts = tmp_path / "told" / "alerts.txt"
    alerts.parent.mkdir()
    (home / "warehouse.duckdb").unlink()
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    monkeypatch.setenv("TONGBAO_ALERT_FILE", str(alerts))
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: SimpleNamespace(free=30 * MB))
    ended = CliRunner().invoke(main, ["run"])
    assert ended.exit_code == 1 and "has 30 MB free" in ended.output
    assert "没有发布：运行出错" in (told := alerts.read_text("utf-8")) and "30" in told


def full_disk_of_python(path: Path) -> None:
    with open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")


def full_file_of_sqlite(path: Path) -> None:
    connection = sqlite3.connect(path / "log.db")
    connection.execute("pragma max_page_count = 2")
    connection.execute("create table log as select randomblob(100000)")


def full_disk_of_duckdb(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("copy (select range from range(100000)) to '/dev/full' (format csv, use_tmp_file false)")


@pytest.mark.parametrize("cause", [full_disk_of_python, full_file_of_sqlite, full_disk_of_duckdb])
def test_a_full_disk_is_told_in_one_sentence_whichever_library_met_it(home, tmp_path, cause):
    with pytest.raises((OSError, sqlite3.Error, duckdb.Error)) as raised:
        cause(tmp_path)
    said = disk.describe_fault(str(raised.value), home)
    assert "\n" not in said and f"no space left to write to {home}" in said and "needs about 92 MB" in said
    # the disk itself has space, so something else is used up
    assert "quota" in said


@pytest.mark.parametrize(("free", "starts"), [(0, False), (1 << 20, True)])
def test_the_ui_starts_where_a_run_would_not_fit_and_not_where_nothing_can_be_written(home, monkeypatch, free, starts):
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    started = []
    monkeypatch.setattr("os.execve", lambda *command: started.append(command))
    monkeypatch.setattr("os.chdir", lambda folder: None)
    monkeypatch.setattr("dagster_project.cli.daily.ui.serve_beside", lambda home, port: None)
    done = CliRunner().invoke(main, ["ui"])
    assert "but a run needs about" in done.output
    assert (done.exit_code, len(started)) == ((0, 1) if starts else (1, 0)), done.output


def test_a_journal_that_may_not_grow_on_a_full_disk_is_no_broken_disk(home, monkeypatch):
    assert "mend or replace the disk" in disk.describe_fault("(sqlite3.OperationalError) disk I/O error", home)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    assert "no space left" in disk.describe_fault("(sqlite3.OperationalError) disk I/O error", home)


@pytest.mark.parametrize("text", ["Catalog Error: Table with name figures does not exist!", "a check did not pass", ""])
def test_other_errors_are_none_of_a_disk(home, text):
    assert disk.describe_fault(text, home) is None


LOOK = "import sys; from pathlib import Path; from dagster_project import disk; "


def looked_at(expression: str, home: Path) -> str:
    """What an expression prints in a process that rights bind."""
    command = [*OBEYS_RIGHTS, sys.executable, "-c", f"{LOOK}home = Path(sys.argv[1]); print({expression})", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@needs_rights
@pytest.mark.parametrize(
    ("name", "mode", "right"), [("build", 0o555, "write"), ("exports", 0o000, "read"), ("pseudonym.key", 0o000, "read")]
)
def test_a_right_that_is_missing_is_told_before_a_run_with_the_path(home, name, mode, right):
    (home / "pseudonym.key").touch()
    assert looked_at("disk.why_no_permission(home)", home) == "None"
    (home / name).chmod(mode)
    said = looked_at("disk.why_no_permission(home)", home)
    (home / name).chmod(0o755)
    assert said.startswith(f"{home / name}: user ") and f"may not {right} it" in said and "chmod" in said


@needs_rights
def test_a_command_without_rights_ends_in_one_sentence(home):
    (home / "build").chmod(0o555)
    environment = {**os.environ, "TONGBAO_HOME": str(home), "TONGBAO_JURISDICTION": "lingwu"}
    command = [*OBEYS_RIGHTS, sys.executable, "-m", "dagster_project.cli.main", "run"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True)
    (home / "build").chmod(0o755)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and f"{home / 'build'}: user" in ended.stderr
