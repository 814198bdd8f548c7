"""Damages each file of a published home in each way: every command names it in a sentence, never by a traceback.

One home is prepared for all tests and copied. Commands run in this process, with the same entry as the console script.
It asserts exit codes, the file that is named, that no other figure is ever answered, and that `tongbao rebuild` gives
figures, revisions, accepted findings and pseudonyms equal to those before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project.history import set_damaged_aside
from dagster_project.recovery.anew import begin_rebuild, is_rebuilding
from dagster_project.warehouse.backup import check_key
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.damage import Damaged
from dagster_project.warehouse.lock import hold_lock
from tests.dagster_project.small_county import County
from tests.faults.damages import DAMAGES, empty, flip, halve

FIGURES = "select period, figure, dimension, member, value from marts.figures order by all"
HISTORY = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")


def ask(path: Path, query: str = FIGURES) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_named_by_each_command_that_reads_it(home, tongbao, damage):
    warehouse = home / "warehouse.duckdb"
    DAMAGES[damage](warehouse if damage == "a folder" else warehouse.resolve())
    for arguments in (["status"], ["sql", FIGURES], ["verify"], ["quarantine"], ["bulletin", "2022H1"]):
        said = tongbao(*arguments, expect=1)
        assert str(warehouse) in said and "tongbao rebuild" in said, (arguments, said)


def test_a_flipped_bit_anywhere_gives_an_error_or_the_same_figures(home, tongbao):
    warehouse = (home / "warehouse.duckdb").resolve()
    whole, figures, told = warehouse.read_bytes(), tongbao("sql", FIGURES, "--csv"), 0
    for place in range(24):
        warehouse.write_bytes(whole)
        flip(warehouse, (place + 0.5) / 24)
        said = tongbao("sql", FIGURES, "--csv", expect=None)
        is_told = "is damaged" in said and "tongbao rebuild" in said
        assert is_told or said == figures
        told += is_told
    assert told


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_candidate_is_named_and_can_be_discarded(home, tongbao, damage):
    candidate = Candidate(home)
    candidate.prepare()
    DAMAGES[damage](candidate.path)
    with pytest.raises(Damaged, match=r"candidate\.duckdb is damaged .*tongbao discard"), candidate.connect():
        pass
    assert "tongbao discard" in tongbao("inspect", "select 1", expect=1)
    assert "deleted" in tongbao("discard")


@pytest.mark.parametrize("damage", ["half", "empty", "a folder", "not text", "missing", "another"])
def test_a_damaged_key_is_never_used_nor_replaced_in_silence(home, damage):
    key = home / "pseudonym.key"
    other = {"missing": Path.unlink, "not text": lambda path: path.write_bytes(b"\xff" * 64), "another": flip}
    (DAMAGES | other)[damage](key)
    with pytest.raises(Damaged, match=r"pseudonym\.key.*backup.*--new-key"):
        check_key(home)


def test_the_right_key_passes_and_a_home_of_an_older_release_too(home):
    check_key(home)
    shutil.rmtree(home / "backup")
    (home / "pseudonym.key").unlink()
    check_key(home)


@pytest.mark.parametrize("name", HISTORY)
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_history_of_dagster_is_set_aside_and_whole_history_stays(home, name, damage):
    assert set_damaged_aside(home) == []
    path = home / "dagster" / name
    DAMAGES[damage](path)
    (warning,) = set_damaged_aside(home)
    assert str(path) in warning and not path.exists()
    assert set_damaged_aside(home) == []


@pytest.mark.parametrize("damage", ["half", "empty", "zeroed", "a folder"])
def test_a_damaged_record_of_the_owner_is_named(home, tongbao, damage):
    DAMAGES[damage](home / "jurisdiction.json")
    assert "jurisdiction.json" in tongbao("status", expect=2)


def test_the_deep_check_names_every_damaged_file_at_once(home, tongbao):
    exports = sorted((home / "exports").glob("h*.csv"))
    exports[0].unlink()
    flip(exports[1])
    release = home / "releases" / "2022H1" / "v1" / "figures.csv"
    release.chmod(0o644)
    flip(release)
    page = home / "bulletins" / "2022H1" / "bulletin.html"
    page.write_text(page.read_text("utf-8").replace("41", "42"), encoding="utf-8")
    halve(home / "bulletins" / "2022H1" / "bulletin.xlsx")
    (home / "pseudonym.key").unlink()
    flip(home / "backup" / "figures.parquet")
    empty(home / "dagster" / HISTORY[0])
    with duckdb.connect(str((home / "warehouse.duckdb").resolve())) as connection:  # a program that writes
        connection.execute("update marts.figures set value = value + 1 where period = '2022H1' and member = 'hall'")
        connection.execute("delete from raw.certificates where _record = 1")
    said = tongbao("check", "--deep", expect=1)
    for path in (*exports[:2], home / "releases/2022H1/v1", home / "bulletins/2022H1", home / "pseudonym.key"):
        assert f"damaged {path}" in said, (path, said)
    for part in ("figures.csv", "bulletin.xlsx", "bulletin.html", "backup/figures.parquet", "runs.db is damaged"):
        assert part in said
    assert "somebody wrote into it" in said and "rows are not conserved" in said
    assert "damaged 2022H1: " in said and "fine 2021-01: " in said


def begin(home: Path, county: County, *, anyway: bool = False) -> list[str]:
    with hold_lock(home, "test"):
        return [*begin_rebuild(home, county.jurisdiction, without_missing=anyway, new_key=anyway)]


def taken_over(home: Path) -> Iterator[list[tuple]]:
    for table in ("quality.accepted", "delta.published_figures", "delta.published_files"):
        yield ask(home / "build" / "candidate.duckdb", f"select * from {table} order by all")


@pytest.mark.parametrize("lost", ["nothing", "the warehouse", "warehouse and backup"])
def test_a_rebuild_takes_over_what_exports_do_not_hold(home, county, lost):
    published = (home / "warehouse.duckdb").resolve()
    accepted = ask(published, "select * from quality.accepted order by all")
    figures = ask(published, FIGURES.replace(" order", " where is_complete order"))
    assert accepted and figures
    if lost != "nothing":
        halve(published)
    if lost == "warehouse and backup":
        shutil.rmtree(home / "backup")
    said = begin(home, county)
    found = [*taken_over(home)]
    if lost == "warehouse and backup":
        assert sum(line.startswith("lost: ") for line in said) == 4
        assert found[0] == [] and found[1] == [row for row in figures if row[0] == "2022H1"]
    else:
        assert found[0] == accepted and found[1] == figures and len(found[2]) == 12
    assert is_rebuilding(home)
    assert (home / "warehouse.duckdb").exists() is (lost == "nothing")
    assert (home / "before-rebuild" / "warehouse.duckdb").is_file()


def test_a_rebuild_refuses_to_lose_rows_or_pseudonyms_without_a_word(home, county):
    candidates = [*(home / "build").glob("*.duckdb")]
    gone = home / "exports" / "hall_cases_202206.csv"
    gone.unlink()
    with pytest.raises(Damaged, match=f"{gone.name}.*--without-missing"):
        begin(home, county)
    (home / "pseudonym.key").unlink()
    with pytest.raises(Damaged, match="--new-key"):
        begin(home, county)
    assert [*(home / "build").glob("*.duckdb")] == candidates and not (home / "before-rebuild").exists()
    assert "can't be linked" in "".join(begin(home, county, anyway=True))


def test_a_rebuilt_home_has_the_figures_and_pseudonyms_of_before(home, county, tongbao):
    """The damaged warehouse can't be opened, a draft is lost; a second rebuild goes on where a killed one began."""
    queries = (
        FIGURES,
        "select * from marts.revisions order by all",
        "select * from quality.accepted order by all",
        "select case_no, applicant_key from raw.cases where _state = 'loaded' order by all",
    )
    before = [ask(home / "warehouse.duckdb", query) for query in queries]
    halve((home / "warehouse.duckdb").resolve())
    shutil.rmtree(home / "bulletins" / "2022H1")
    begin(home, county)  # and the process is killed here
    assert "goes on" in tongbao("rebuild")
    assert [ask(home / "warehouse.duckdb", query) for query in queries] == before
    assert "no faults" in tongbao("check", "--deep")
