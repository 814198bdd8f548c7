"""The candidate by itself: what it takes over of what is published, which files no reader has seen, what it leaves.

A published file of a few rows takes the place of what runs build; expected rows are those written into it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse.candidate import STORAGE_VERSION, Candidate, relations
from dagster_project.warehouse.damage import Damaged


@pytest.fixture
def home(tmp_path) -> Path:
    (tmp_path / "build").mkdir()
    return tmp_path


def publish(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("""
            create schema quality; create schema marts;
            create table quality.files as from (values ('a.csv'), ('a.csv'), ('b.csv')) as files(path);
            create table marts.figures as from (values
                ('2022-05', 'case_volume', 'total', 'total', 7.0, true),
                ('2022-06', 'case_volume', 'total', 'total', 1.0, false)
            ) as figures(period, figure, dimension, member, value, is_complete);
            create table marts.revisions as
            select '2022-04' as period, 'case_volume' as figure, 'total' as dimension, 'total' as member,
                5.0 as old_value, 6.0 as new_value, date '2022-05-31' as covered_until, 'r1' as run_id;
        """)


def test_the_first_candidate_is_empty_and_can_be_read_by_older_clients(home):
    with Candidate(home).connect() as connection:
        assert relations(connection) == {
            *("delta.published_figures", "delta.published_revisions", "delta.published_files", "delta.stages")
        }
        ((tags,),) = connection.execute("select tags from duckdb_databases() where not internal").fetchall()
        assert STORAGE_VERSION in tags["storage_version"]
        assert connection.execute("from delta.stages").fetchall() == []


def test_a_candidate_takes_over_complete_figures_revisions_files_and_the_finished_ingest(home):
    publish(home)
    with Candidate(home).connect() as connection:
        assert connection.execute("from delta.published_figures").fetchall() == [
            ("2022-05", "case_volume", "total", "total", 7.0)
        ]
        assert connection.execute("select period, new_value from delta.published_revisions").fetchall() == [
            ("2022-04", 6.0)
        ]
        assert connection.execute("select path from delta.published_files order by 1").fetchall() == [
            ("a.csv",),
            ("b.csv",),
        ]
        assert connection.execute("from delta.stages").fetchall() == [("ingest", None)]
        assert "published" not in {
            name for (name,) in connection.execute("select database_name from duckdb_databases()").fetchall()
        }


def test_files_that_no_reader_has_seen_are_those_of_the_candidate_alone(home):
    candidate = Candidate(home)
    assert candidate.unpublished_files() == frozenset()
    with candidate.connect() as connection:
        connection.execute("create schema quality; create table quality.files as select 'c.csv' as path")
    assert candidate.unpublished_files() == {"c.csv"}
    assert candidate.discard()
    publish(home)
    assert candidate.unpublished_files() == frozenset()
    with candidate.connect() as connection:
        connection.execute("insert into quality.files values ('c.csv')")
    assert candidate.unpublished_files() == {"c.csv"}
    with candidate.connect() as connection:  # as an older release left it
        connection.execute("drop table delta.published_files")
    assert candidate.unpublished_files() == {"c.csv"}


def test_a_replacement_takes_its_place_only_if_nothing_is_raised(home):
    candidate = Candidate(home)
    with candidate.replacement() as connection:
        connection.execute("create table told as select 1 as value")
    (home / "build" / "candidate.part.wal").write_bytes(b"of a killed run")
    with pytest.raises(ValueError, match="midway"), candidate.replacement() as connection:
        connection.execute("update told set value = 2")
        raise ValueError("midway")
    with candidate.connect() as connection:
        assert connection.execute("from told").fetchall() == [(1,)]


def test_leftovers_of_a_killed_run_are_deleted_and_the_candidate_stays(home):
    candidate, build = Candidate(home), home / "build"
    candidate.prepare()
    for name in ("candidate.part", "candidate.part.wal", "decoded-1/a.csv", "spill/1", "worklists/2022-06-30/a.csv"):
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).touch()
    candidate.clear_leftovers()
    assert sorted(path.name for path in build.iterdir()) == ["candidate.duckdb", "worklists"]
    candidate.clear_leftovers()


def test_discarding_keeps_the_lock_and_what_was_replaced(home):
    candidate = Candidate(home)
    assert not candidate.discard()
    candidate.prepare()
    for name in ("lock", "replaced/1", "bulletins/2022-06/bulletin.html"):
        (home / "build" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "build" / name).touch()
    assert candidate.discard()
    assert sorted(path.name for path in (home / "build").iterdir()) == ["lock", "replaced"]


def test_a_damaged_file_is_told_with_what_to_do(home):
    candidate = Candidate(home)
    candidate.path.write_bytes(b"no database")
    with pytest.raises(Damaged, match=r"candidate\.duckdb is damaged .*tongbao discard"), candidate.connect():
        pass
    candidate.path.unlink()
    (home / "warehouse.duckdb").write_bytes(b"no database")
    with pytest.raises(Damaged, match=r"warehouse\.duckdb is damaged .*tongbao rebuild"):
        candidate.prepare()
    (home / "warehouse.duckdb").unlink()
    (home / "warehouse.duckdb").mkdir()
    with pytest.raises(Damaged, match=r"warehouse\.duckdb is a folder; .*tongbao rebuild"):
        candidate.prepare()
    assert not candidate.path.exists()
