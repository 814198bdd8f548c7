"""The transaction over the published file: all or nothing, also when a run is killed in the middle.

What a run builds does not matter here; a one-column table stands for it.
It asserts what is visible after commits, failures and kills.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal

import duckdb
import pytest

from dagster_project.warehouse.transaction import RunInProgress, Transaction


def published(home) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute("select value from told").fetchall()


def write(home, value: int, *, bulletin: str | None = None) -> Transaction:
    transaction = Transaction(home, f"run-{value}")
    transaction.begin()
    with transaction.connect() as connection:
        connection.execute(f"create or replace table told as select {value} as value")
    if bulletin:
        transaction.staged("2022H1").mkdir(parents=True)
        (transaction.staged("2022H1") / "bulletin.html").write_text(bulletin)
    return transaction


def test_a_commit_publishes_file_and_bulletin_and_leaves_no_build(tmp_path):
    transaction = write(tmp_path, 1, bulletin="one")
    transaction.commit()
    assert transaction.end() is None
    assert published(tmp_path) == [(1,)]
    assert (tmp_path / "bulletins" / "2022H1" / "bulletin.html").read_text() == "one"
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["lock"]


def test_an_uncommitted_run_changes_no_byte_and_keeps_its_reason(tmp_path):
    first = write(tmp_path, 1, bulletin="one")
    first.commit()
    first.end()
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    second = write(tmp_path, 2, bulletin="two")
    kept = second.end("a check failed")
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before
    assert (tmp_path / "bulletins" / "2022H1" / "bulletin.html").read_text() == "one"
    assert (kept / "reason.txt").read_text() == "a check failed\n"


def test_an_open_reader_keeps_its_version_while_another_is_published(tmp_path):
    first = write(tmp_path, 1)
    first.commit()
    first.end()
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(c.execute('from told').fetchall(),"
        " flush=True); sys.stdin.read(1); print(c.execute('from told').fetchall())"
    )
    import subprocess
    import sys

    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "warehouse.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout.readline().strip() == "[(1,)]"
    second = write(tmp_path, 2)
    second.commit()
    second.end()
    out, _ = reader.communicate("x")
    assert out.strip() == "[(1,)]"
    assert published(tmp_path) == [(2,)]


def test_two_runs_at_once_are_refused_with_the_holder(tmp_path):
    first = write(tmp_path, 1)
    with pytest.raises(RunInProgress, match="run-1"):
        Transaction(tmp_path, "run-2").begin()
    first.commit()
    first.end()


def _killed(home) -> None:
    write(home, 9, bulletin="half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_run_leaves_a_file_to_delete(tmp_path):
    first = write(tmp_path, 1, bulletin="one")
    first.commit()
    first.end()
    process = multiprocessing.get_context("spawn").Process(target=_killed, args=(tmp_path,))
    process.start()
    process.join()
    assert published(tmp_path) == [(1,)]
    third = Transaction(tmp_path, "run-3")
    third.begin()
    with third.connect() as connection:
        assert connection.execute("select value from told").fetchall() == [(1,)]
    third.commit()
    third.end()
    assert (tmp_path / "bulletins" / "2022H1" / "bulletin.html").read_text() == "one"


def test_a_run_killed_while_publishing_is_finished_by_the_next(tmp_path):
    first = write(tmp_path, 1, bulletin="one")
    first.commit()
    first.end()
    second = write(tmp_path, 2, bulletin="two")
    moves = {
        str(second.build / "bulletins" / "2022H1"): str(tmp_path / "bulletins" / "2022H1"),
        str(second.warehouse): str(tmp_path / "warehouse.duckdb"),
    }
    # killed after the journal was written and the bulletin moved, before the file was
    (second.build / "commit.json").write_text(json.dumps(moves))
    import shutil

    shutil.rmtree(tmp_path / "bulletins" / "2022H1")
    os.replace(second.build / "bulletins" / "2022H1", tmp_path / "bulletins" / "2022H1")
    second._lock.close()
    third = Transaction(tmp_path, "run-3")
    third.begin()
    third.end()
    assert published(tmp_path) == [(2,)]
    assert (tmp_path / "bulletins" / "2022H1" / "bulletin.html").read_text() == "two"
