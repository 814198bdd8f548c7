"""Tests that a fortnight of mornings ends each day as the runbook says, and that the home stays small.

The days and their promises are in fortnight.py; the dates of holidays and rhythms are worked out by hand there. The
alerts go to a file. One county lives through six mornings, so a day that breaks the next ones is seen; the benchmark of
the same name runs on all fourteen.
"""

from __future__ import annotations

import dagster as dg

from dagster_project import settings
from dagster_project.gate.verdict import read_verdicts
from tests.end_to_end.fortnight import MORNINGS, Fortnight, Morning


def test_every_morning_of_a_fortnight_ends_as_the_runbook_says(tmp_path_factory, monkeypatch):
    fortnight = Fortnight(tmp_path_factory.mktemp("fortnight") / "county")
    home = fortnight.county.home
    for name, value in settings.environment(home).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TONGBAO_ALERT_FILE", str(fortnight.alerts))
    with dg.DagsterInstance.get() as instance:
        for morning in MORNINGS:
            fortnight.today = morning.on
            morning.deliver(fortnight)
            if not morning.is_short:
                continue
            before = (home / "warehouse.duckdb").resolve()
            told = read_alerts(fortnight)
            result = fortnight.run(instance)
            about = f"{fortnight.today} {morning.about}"
            assert result.success == morning.is_published, f"{about}: {read_verdicts(home)[-1].reason}"
            assert ((home / "warehouse.duckdb").resolve() != before) == morning.is_published, about
            check_alerts(read_alerts(fortnight)[len(told) :], morning.told, about)
            if morning.is_published:
                check_published(fortnight, morning, about)
        check_that_history_is_whole(fortnight)
    assert len([*(home / "warehouses").iterdir()]) <= 2
    assert len([*(home / "bulletins").glob("2022*")]) == 2  # the half-year that ended and the running one


def read_alerts(fortnight: Fortnight) -> str:
    return fortnight.alerts.read_text(encoding="utf-8") if fortnight.alerts.exists() else ""


def check_alerts(text: str, told: tuple[str, ...], about: str) -> None:
    assert bool(text) == bool(told), f"{about}: {text}"
    assert text.count("【通报·样例县】") == (1 if told else 0), f"{about}: {text}"
    for word in told:
        assert word in text, f"{about}: {text}"


def check_published(fortnight: Fortnight, morning: Morning, about: str) -> None:
    ((quarantined,),) = fortnight.county.ask(
        "select cast(coalesce(sum(rows_quarantined), 0) as bigint) from quality.files", published=True
    )
    assert quarantined == morning.quarantined, about
    if morning.complete:
        state = fortnight.county.ask(
            f"select is_complete from marts.dim_periods where period = '{morning.complete}'", published=True
        )
        assert state == [(True,)], about
        assert (fortnight.county.home / "bulletins" / morning.complete / "bulletin.html").exists(), about


def check_that_history_is_whole(fortnight: Fortnight) -> None:
    """Every case that was delivered counts once: eight days, 60 cases a day of the hall and one of the three others."""
    counted = dict(
        fortnight.county.ask(
            "select source_system, count(*) from marts.fct_cases where accepted_on >= date '2022-06-28' "
            "and regexp_matches(case_no, '^[HTPR][0-9]{8}$') group by all",
            published=True,
        )
    )
    assert counted == {"hall": 480, "township": 8, "platform": 8, "hr": 8}
