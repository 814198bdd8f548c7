"""A program that writes into the published file can't spoil the next one, and is named.

The program is a real one: a process in which DuckDB holds the file open for writing.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse.moves import NotPublished, make_moves
from dagster_project.warehouse.publication import check_targets, finish_publication, publish
from tests.dagster_project.publication.tiny_home import (
    NEW,
    OLD,
    list_moves,
    read_numbers,
    stage,
)

WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table scratch as select 42 as mine")
print("ready", flush=True)
for line in sys.stdin:
    connection.execute(line)
    print("done", flush=True)
"""


@contextmanager
def writer_of(home: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-c", WRITER, str(home / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_program_that_writes_into_the_published_file_is_named_and_spoils_nothing(home):
    with writer_of(home) as writer:
        with pytest.raises(NotPublished, match=rf"process {writer.pid} \(python.*read_only=True"):
            check_targets(home)
        assert finish_publication(home) == []  # it may still end well
        assert (home / "warehouses" / "1.duckdb.wal").exists()
        (warning,) = make_moves(home, list_moves(home))
        assert f"process {writer.pid} (python" in warning
        assert str(home / "set-aside" / "1") in warning
        assert read_numbers(home) == NEW
        work_on(writer)
        assert (home / "warehouses" / "1.duckdb.wal").exists()
        assert read_numbers(home) == NEW
    (warning,) = finish_publication(home)
    assert str(home / "set-aside" / "2") in warning
    check_targets(home)
    assert finish_publication(home) == []


def test_without_links_the_next_run_mends_what_a_writer_spoils(home, monkeypatch):
    os.replace(home / "warehouses" / "1.duckdb", home / "warehouse.duckdb")
    monkeypatch.setattr(Path, "symlink_to", lambda path, target: fail())
    with writer_of(home) as writer:
        (warning,) = make_moves(home, list_moves(home))
        assert f"process {writer.pid} (python" in warning
        assert not (home / "warehouse.duckdb").is_symlink()
        assert read_numbers(home) == NEW
        work_on(writer)
        with pytest.raises(duckdb.Error, match="replaying WAL"):
            read_numbers(home)
    (warning,) = finish_publication(home)
    assert str(home / "set-aside" / "2") in warning
    assert read_numbers(home) == NEW


def work_on(writer: subprocess.Popen) -> None:
    """Let the writer end one *.wal file and begin another, by the path that it knows."""
    for command in ("checkpoint", "insert into scratch values (43)"):
        writer.stdin.write(f"{command}\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n"


def fail() -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_the_former_version_is_kept_for_a_minute(home):
    publish(stage(home, 2))
    first, second = home / "warehouses" / "1.duckdb", home / "warehouses" / "2.duckdb"
    assert finish_publication(home) == []
    assert first.exists()
    minute_ago = time.time() - 61
    os.utime(home / "warehouse.duckdb", (minute_ago, minute_ago), follow_symlinks=False)
    assert finish_publication(home) == []
    assert not first.exists()
    assert second.exists()
    assert read_numbers(home) == NEW


def test_a_home_of_a_file_without_a_link_gets_one(home):
    os.replace(home / "warehouses" / "1.duckdb", home / "warehouse.duckdb")
    publish(stage(home, 2))
    assert (home / "warehouse.duckdb").readlink() == Path("warehouses/1.duckdb")
    assert read_numbers(home) == NEW


def test_changes_set_aside_can_be_read_with_the_file_that_they_belong_to(home):
    with writer_of(home):
        pass  # killed
    (warning,) = finish_publication(home)
    assert read_numbers(home) == OLD
    with duckdb.connect(str(home / "set-aside" / "1" / "warehouse.duckdb")) as connection:
        assert connection.execute("from scratch").fetchall() == [(42,)]
    assert "read_only=True" in warning


def test_the_published_file_is_for_its_owner_and_group_alone(home):
    publish(stage(home, 2))
    assert (home / "warehouse.duckdb").stat().st_mode & 0o777 == 0o640
