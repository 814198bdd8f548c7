"""Judges every spoilt delivery: what must block blocks, what must warn warns, and nothing else is said.

Each delivery starts from a copy of the quiet county's warehouse; the models that read what it changes are built again
as dbt compiled them, and the suites that ship judge them with great-expectations. A year of clean deliveries follows.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dagster_project.gate.suite import load_suites
from tests.gate.quiet_county import judge
from tests.gate.spoilt_rows import ROWS
from tests.gate.spoilt_volumes import VOLUMES

# the warehouse as it stood on the evening of {day}, when periods up to {before} had been published
CUT = [
    *(
        f"delete from raw.{table} where {column} >= date '{{day}}' + interval 1 day; "
        for table, column in {
            "cases": "accepted_at",
            "case_pauses": "started_at",
            "evaluations": "evaluated_at",
            "certificates": "stored_at",
        }.items()
    ),
    "update raw.cases set status = 'in_progress', finished_at = null "
    "where finished_at >= date '{day}' + interval 1 day; ",
    "delete from quality.files where covers_until >= date '{day}' + interval 1 month; ",
    "update quality.files set covers_until = least(covers_until, date '{day}'); ",
    "delete from delta.published_figures; insert into delta.published_figures "
    "select period, figure, dimension, member, value from marts.figures "
    "where is_complete and as_of_on <= date '{before}'",
]
SPOILT = {**VOLUMES, **ROWS}
SEVERITY = {e.name: e.severity for suite in load_suites() for e in suite.expectations}


@pytest.mark.parametrize("name", SPOILT)
def test_what_the_gate_says_of_a_delivery(quiet_county, helper, tmp_path, name):
    delivery = SPOILT[name]
    with quiet_county.copy(tmp_path / "candidate.duckdb").connect() as connection:
        connection.execute(delivery.sql)
        touched = {name for name in re.findall(r"(?:raw|quality|delta)\.\w+", delivery.sql)}
        quiet_county.models.build(connection, sources=touched)
        verdicts = judge(connection, helper)
    failed = {check: verdict for check, verdict in verdicts.items() if not verdict.is_passed}
    said = [text for verdict in failed.values() for text in [*verdict.findings, verdict.expectation.remedy]]
    assert sorted(check for check in failed if SEVERITY[check] == "error") == sorted(delivery.blocks), said
    assert {*delivery.warns} <= failed.keys(), said
    assert any(delivery.words in text for text in said) or not failed, said
    if not (delivery.blocks or delivery.warns):
        assert said == []


def test_every_check_fails_for_some_delivery():
    assert SEVERITY.keys() == {check for d in SPOILT.values() for check in (*d.blocks, *d.warns)}


def test_a_year_of_clean_deliveries_raises_few_alarms(quiet_county, helper, tmp_path):
    """Every fourth week of a year the warehouse is judged as it stood then: at most one false alarm a month.

    `benchmarks/false_alarms.py` judges each day of several such years.
    """
    days = [date(2021, 7, 4) + timedelta(weeks=4 * n) for n in range(13)]
    alarms, judged = set(), set()
    for day in days:
        path = tmp_path / "candidate.duckdb"
        with quiet_county.copy(path).connect() as connection:
            connection.execute("".join(CUT).format(day=day, before=day - timedelta(weeks=4)))
            quiet_county.models.build(connection)
            for verdict in judge(connection, helper).values():
                judged |= {verdict.expectation.name} if verdict.judged else set()
                alarms |= {(verdict.expectation.name, finding) for finding in verdict.findings}
        path.unlink()
    assert len(alarms) <= 12, sorted(alarms)
    assert not [alarm for alarm in alarms if SEVERITY[alarm[0]] == "error"]
    assert {"weekly_volume_of_a_source_is_usual", "cases_are_distributed_as_before"} <= judged
