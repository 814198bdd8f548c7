"""Tests publication on files: all or nothing, also when a process is killed in the middle.

A one-column table takes the place of what a run builds. It asserts what readers see, and what the candidate holds,
after publications, failures and kills.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import moves
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.lock import RunInProgress, hold_lock
from dagster_project.warehouse.publication import finish_publication, publish, staging_folder


def published(home: Path) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute("select value from told").fetchall()


def write(home: Path, value: int, *, bulletin: str | None = None) -> Candidate:
    (home / "build").mkdir(exist_ok=True)
    candidate = Candidate(home)
    with candidate.connect() as connection:
        connection.execute(f"create or replace table told as select {value} as value")
    if bulletin:
        folder = staging_folder(home, "bulletins") / "2022H1"
        folder.mkdir(parents=True)
        (folder / "bulletin.html").write_text(bulletin)
    return candidate


def page(home: Path) -> str:
    return (home / "bulletins" / "2022H1" / "bulletin.html").read_text()


def test_file_and_bulletin_are_published_together_and_no_candidate_is_left(tmp_path):
    publish(write(tmp_path, 1, bulletin="one"))
    assert published(tmp_path) == [(1,)]
    assert page(tmp_path) == "one"
    assert [path.name for path in (tmp_path / "build").rglob("*") if path.is_file()] == []


def test_the_published_file_holds_none_of_the_working_schemas(tmp_path):
    candidate = write(tmp_path, 1)
    with candidate.connect() as connection:
        connection.execute("create schema changes; create table changes.cases (a integer)")
        connection.execute("create view delta.working as select * from changes.cases")
        assert connection.execute("select count(*) from delta.published_figures").fetchone() == (0,)
    publish(candidate)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        schemas = connection.execute("select distinct schema_name from duckdb_tables()").fetchall()
    assert schemas == [("main",)]


def test_the_candidate_knows_the_published_figures_and_revisions(tmp_path):
    candidate = write(tmp_path, 1)
    with candidate.connect() as connection:
        connection.execute("""
            create schema marts;
            create table marts.figures as select '2022-06' as period, 'case_volume' as figure, 'total' as dimension,
                'total' as member, 36.0::double as value, true as is_complete
                union all select '2022-07', 'case_volume', 'total', 'total', 3.0, false;
            create table marts.revisions as select '2022-05' as period, 'case_volume' as figure, 'total' as dimension,
                'total' as member, 1.0::double as old_value, 2.0::double as new_value,
                date '2022-06-30' as covered_until, 'run-1' as run_id;
        """)
    publish(candidate)
    with candidate.connect() as connection:
        figures = connection.execute("from delta.published_figures").fetchall()
        revisions = connection.execute("select period, old_value, new_value, run_id from delta.published_revisions")
        assert figures == [("2022-06", "case_volume", "total", "total", 36.0)]
        assert revisions.fetchall() == [("2022-05", 1.0, 2.0, "run-1")]


def test_a_run_that_publishes_nothing_changes_no_published_byte_and_keeps_the_candidate(tmp_path):
    publish(write(tmp_path, 1, bulletin="one"))
    before = (tmp_path / "warehouse.duckdb").read_bytes()
    second = write(tmp_path, 2, bulletin="two")
    assert (tmp_path / "warehouse.duckdb").read_bytes() == before
    assert page(tmp_path) == "one"
    with second.connect() as connection:
        assert connection.execute("from told").fetchall() == [(2,)]


def test_an_error_while_the_candidate_is_replaced_leaves_it_as_it_was(tmp_path):
    candidate = write(tmp_path, 1)
    with pytest.raises(ZeroDivisionError), candidate.replacement() as connection:
        connection.execute("update told set value = 2")
        raise ZeroDivisionError
    with candidate.connect() as connection:
        assert connection.execute("from told").fetchall() == [(1,)]
    with candidate.replacement() as connection:
        connection.execute("update told set value = 3")
    with candidate.connect() as connection:
        assert connection.execute("from told").fetchall() == [(3,)]


def test_a_discarded_candidate_begins_again_with_what_is_published(tmp_path):
    publish(write(tmp_path, 1))
    candidate = write(tmp_path, 2, bulletin="two")
    assert candidate.discard()
    assert not candidate.discard()
    with candidate.connect() as connection:
        assert connection.execute("from told").fetchall() == [(1,)]
    assert not (staging_folder(tmp_path, "bulletins")).exists()


def test_an_open_reader_keeps_its_version_while_another_is_published(tmp_path):
    publish(write(tmp_path, 1))
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(c.execute('from told').fetchall(),"
        " flush=True); sys.stdin.read(1); print(c.execute('from told').fetchall())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "warehouse.duckdb")]
    reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline().strip() == "[(1,)]"
    publish(write(tmp_path, 2))
    out, _ = reader.communicate("x")
    assert out.strip() == "[(1,)]"
    assert published(tmp_path) == [(2,)]


def test_two_runs_at_once_are_refused_with_the_holder(tmp_path):
    with hold_lock(tmp_path, "run run-1"), pytest.raises(RunInProgress, match="run-1"):
        hold_lock(tmp_path, "run run-2")
    hold_lock(tmp_path, "run run-2").close()


def _write_and_be_killed(home: Path) -> None:
    lock = hold_lock(home, "run run-9")
    with Candidate(home).replacement() as connection:
        connection.execute("update told set value = 9")
        os.kill(os.getpid(), signal.SIGKILL)
    lock.close()


def test_a_killed_run_leaves_the_candidate_as_it_was_and_holds_no_lock(tmp_path):
    publish(write(tmp_path, 1))
    write(tmp_path, 2)
    process = multiprocessing.get_context("spawn").Process(target=_write_and_be_killed, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with hold_lock(tmp_path, "run run-3"):
        candidate = Candidate(tmp_path)
        assert (candidate.build / "candidate.part").exists()
        candidate.clear_leftovers()
        assert not (candidate.build / "candidate.part").exists()
        with candidate.connect() as connection:
            assert connection.execute("from told").fetchall() == [(2,)]
    assert published(tmp_path) == [(1,)]


def test_a_run_killed_before_the_journal_publishes_nothing_and_delta_is_made_again(tmp_path):
    publish(write(tmp_path, 1, bulletin="one"))
    candidate = write(tmp_path, 2)
    with candidate.connect() as connection:
        connection.execute("drop schema delta cascade")
    finish_publication(tmp_path)
    assert published(tmp_path) == [(1,)]
    with candidate.connect() as connection:
        assert connection.execute("from delta.published_figures").fetchall() == []
        assert connection.execute("from told").fetchall() == [(2,)]


@pytest.mark.parametrize("stage", ["before the warehouse was replaced", "after"])
def test_a_publication_cut_short_is_undone_or_completed_by_the_next_run_also_in_a_copied_home(
    tmp_path, monkeypatch, stage
):
    home = tmp_path / "home"
    home.mkdir()
    publish(write(home, 1, bulletin="one"))
    candidate = write(home, 2, bulletin="two")
    with monkeypatch.context() as patch:
        patch.setattr(moves, "settle_moves", lambda home: True)  # a kill, as far as files go
        patch.setattr(moves, "delete_replaced", lambda home: [])
        publish(candidate)
    assert page(home) == "two"
    if stage != "after":
        os.rename(home / "warehouse.duckdb", home / "build" / "warehouse.link")
        (home / "warehouse.duckdb").symlink_to("warehouses/1.duckdb")
    copied = shutil.copytree(home, tmp_path / "copied", symlinks=True)
    finish_publication(copied)
    assert published(copied) == [(2,) if stage == "after" else (1,)]
    assert page(copied) == ("two" if stage == "after" else "one")
    assert not (copied / "build" / "publication.json").exists()
