"""`tongbao status` and `doctor`: what they say of a home with nothing, with a publication and with faults, as JSON too.

A tiny published file takes the place of a run's. Dates and counts are those written into it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dagster_project import settings
from dagster_project.cli.main import main
from dagster_project.overview.diagnosis import examine
from dagster_project.overview.software import examine_fonts
from dagster_project.overview.standing import Periods, Source, look_at
from dagster_project.warehouse.lock import hold_lock
from tests.dagster_project.test_commands import HEAVY, imported

LINGWU = settings.PROJECT / "jurisdictions" / "lingwu"


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    for name in [name for name in os.environ if name.startswith("TONGBAO_ALERT")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def published(home) -> Path:
    with duckdb.connect(
        str(home / "warehouse.duckdb"), config={"storage_compatibility_version": "v1.2.0"}
    ) as connection:
        connection.execute("""
            create schema quality; create schema marts;
            create table quality.files as from (values
                ('hall', 'cases', 'a.csv', 5, 1, date '2022-06-29', 'loaded'),
                ('hall', 'cases', 'b.csv', 7, 0, date '2022-06-30', 'loaded'),
                ('hall', 'items', 'c.csv', 2, 0, date '2022-06-15', 'loaded'),
                ('platform', 'cases', 'd.csv', 3, 0, date '2022-07-01', 'loaded'),
                ('platform', 'cases', 'e.csv', 0, 0, date '2022-07-02', 'refused')
            ) as files(source, dataset, path, rows_loaded, rows_quarantined, covers_until, verdict);
            create table quality.checks as from (values
                ('warning', 'figures', 'near', 'too far', false), ('error', 'raw', 'whole', '', true)
            ) as checks(severity, asset, check_name, found, is_passed);
            create table marts.dim_periods as from (values
                ('month', '2022-05', date '2022-05-01', true), ('month', '2022-06', date '2022-06-01', true),
                ('month', '2022-07', date '2022-07-01', false), ('year', '2022', date '2022-01-01', false)
            ) as periods(kind, period, starts_on, is_complete);
        """)
    for folder in ("bulletins/2022-06", "bulletins/.digests", "releases/2022H1/v1", "releases/2022H1/v2", "build"):
        (home / folder).mkdir(parents=True)
    return home


def tongbao(*arguments: str, expect: int = 0, **environment: str) -> str:
    done = CliRunner().invoke(main, [*arguments], env=environment)
    assert done.exit_code == expect, done.output
    return done.stdout


def test_what_is_published_and_how_fresh(published):
    standing = look_at(published, date(2022, 7, 3))
    # of hall the items are oldest; the refused file of the platform counts for nothing
    assert standing.sources == [
        Source("hall", "cases, items", 3, 14, 1, "2022-06-15", 18),
        Source("platform", "cases", 1, 3, 0, "2022-07-01", 2),
    ]
    assert standing.periods == {
        "month": Periods("2022-05", "2022-06", "2022-07"),
        "year": Periods("2022", None, "2022"),
    }
    assert [(each.check, each.found) for each in standing.checks] == [("near", "too far")]
    assert (standing.drafts, standing.releases) == (["2022-06"], {"2022H1": ["v1", "v2"]})
    assert standing.disk.warehouse_bytes == (published / "warehouse.duckdb").stat().st_size


def test_a_run_in_progress_and_a_candidate_are_told(published):
    (published / "build" / "candidate.duckdb").touch()
    with hold_lock(published, "run of a test"):
        assert look_at(published, date(2022, 7, 3)).running == f"process {os.getpid()}, run of a test"
        # looking has not taken the lock from anybody, nor given it away
        assert "run of a test" in tongbao("status")
    said = tongbao("status")
    assert "run of a test" not in said and "a candidate waits" in said


def test_json_holds_every_field_of_the_page(published):
    found = json.loads(tongbao("status", "--json"))
    page = (settings.PROJECT / "docs" / "commands.md").read_text("utf-8").partition("`status --json`:")[2]
    documented = {name for names in re.findall(r"^\| (`.*?) \|", page, re.M) for name in re.findall(r"`(\w+)`", names)}
    assert documented == {*found}
    assert found["periods"]["month"] == {"first": "2022-05", "complete": "2022-06", "running": "2022-07"}


def test_it_speaks_chinese_where_the_locale_does(published):
    said = tongbao("status", LC_ALL="zh_CN.UTF-8")
    for words in ("发布于", "截至 2022-06-15", "至 2022-06，进行中 2022-07", "v1 v2", "隔离 1 条", "）：2022-06"):
        assert words in said, said
    assert "sources" not in said


def test_all_of_it_fits_one_screen(published):
    assert len(tongbao("status").splitlines()) <= 40


def test_a_new_home_says_what_to_do(home):
    new = {"TONGBAO_HOME": str(home / "not" / "there")}
    assert "nothing is published yet" in tongbao("status", **new)
    assert json.loads(tongbao("status", "--json", **new))["published_at"] is None


@pytest.mark.parametrize("arguments", [["status"], ["sql", "select 1"]])
def test_a_start_imports_nothing_heavy(published, arguments, monkeypatch):
    shutil.copytree(LINGWU, published / "county")
    assert not imported(*arguments, home=published) & HEAVY


def states(home: Path, today: date = date(2026, 1, 15)) -> dict[str, str]:
    """What was looked at -> the worst state of it."""
    found: dict[str, str] = {}
    for each in examine(home, today):
        found[each.about] = max(found.get(each.about, ""), each.state, key=["", "ok", "warn", "bad"].index)
    return found


PARTS = [
    *("environment", "versions", "jurisdiction", "calendar", "disk"),
    *("permissions", "key", "clock", "fonts", "warehouse"),
]


def test_a_doctor_finds_nothing_in_a_sound_home(published):
    (published / "warehouse.duckdb").chmod(0o640)
    assert states(published) == dict.fromkeys(PARTS, "ok")
    assert tongbao("doctor") and len(json.loads(tongbao("doctor", "--json"))) == len(PARTS)


@pytest.mark.parametrize(
    ("today", "state"), [(date(2026, 10, 1), "ok"), (date(2026, 12, 1), "warn"), (date(2027, 1, 1), "bad")]
)
def test_a_calendar_that_ends_is_told_before_it_does(home, today, state):
    # chinesecalendar 1.11 knows 2026, whose last day is 31 December
    assert states(home, today)["calendar"] == state


def spoil_key(home: Path) -> None:
    (home / "backup").mkdir()
    (home / "backup" / "key_mark").write_text("0" * 16)


def spoil_clock(home: Path) -> None:
    os.utime(home / "warehouse.duckdb", (4e9, 4e9))


def spoil_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").write_bytes(b"no database")


def spoil_publication(home: Path) -> None:
    (home / "build" / "publication.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "about"),
    [
        (spoil_key, "key"),
        (spoil_clock, "clock"),
        (spoil_warehouse, "warehouse"),
        (spoil_publication, "warehouse"),
    ],
)
def test_what_is_bad_is_named_and_ends_with_1(published, spoil, about):
    (published / "warehouse.duckdb").chmod(0o640)
    spoil(published)
    assert states(published) == dict.fromkeys(PARTS, "ok") | {about: "bad"}
    assert f"bad {about}: " in tongbao("doctor", expect=1)


def test_a_doctor_speaks_chinese_where_the_locale_does(published):
    (published / "warehouse.duckdb").chmod(0o644)
    lines = tongbao("doctor", LC_ALL="zh_CN.UTF-8").splitlines()
    assert len(lines) == len(PARTS)
    assert not [line for line in lines if not re.match("(正常|注意) [一-鿿]+: .*[一-鿿]", line)]


def test_what_is_open_to_others_and_a_misspelt_variable_are_warnings(published, monkeypatch):
    (published / "warehouse.duckdb").chmod(0o644)
    monkeypatch.setenv("TONGBAO_KEEPDAYS", "3")
    assert states(published) == dict.fromkeys(PARTS, "ok") | {"permissions": "warn", "environment": "warn"}
    said = tongbao("doctor")
    assert "chmod o=" in said and "TONGBAO_KEEPDAYS is set, but nothing reads it" in said


def test_every_variable_that_is_read_is_known_to_the_doctor(home, monkeypatch):
    sources = [
        path for room in ("dagster_project", "ingest", "reports") for path in (settings.PROJECT / room).rglob("*.py")
    ]
    names = {name for path in sources for name in re.findall(r"\"(TONGBAO_[A-Z_]+[A-Z])\"", path.read_text("utf-8"))}
    assert len(names) > 4
    for name in names:
        monkeypatch.setenv(name, os.environ.get(name) or "on" * (name == "TONGBAO_SCHEDULES") or "7")
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    assert states(home)["environment"] == "ok"


def test_of_packages_that_are_not_as_locked_the_first_five_are_named(home, monkeypatch):
    monkeypatch.setattr("dagster_project.overview.software.version", lambda name: "0")
    (said,) = [finding.said for finding in examine(home, date(2026, 1, 5)) if finding.about == "versions"]
    assert said.count(" 0 instead of ") == 5 and said.endswith(" …; install requirements.lock again")


def test_a_typeface_that_is_damaged_or_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("dagster_project.overview.software.PROJECT", tmp_path)
    assert [(each.state, each.said.split(" in ")[0]) for each in examine_fonts()] == [("bad", "every font")]
    fonts = tmp_path / "reports" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "whole.ttf").write_bytes(b"\x00\x01\x00\x00more")
    (fonts / "broken.ttf").write_bytes(b"<html>")
    assert [(each.state, each.said.split(" in ")[0]) for each in examine_fonts()] == [("bad", "broken.ttf")]


def test_a_home_that_is_not_there_is_not_made(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "dagster_project.cli.main", "doctor"],
        capture_output=True,
        text=True,
        env={**os.environ, "TONGBAO_HOME": str(tmp_path / "home"), "TONGBAO_JURISDICTION": "lingwv"},
    )
    assert done.returncode == 1 and done.stdout.count("lingwv") == 1
    assert not (tmp_path / "home").exists()
