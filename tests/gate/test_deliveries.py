"""Judges every delivery of deliveries.py: what must block blocks, what must warn warns, and nothing else is said.

Each delivery starts from a copy of the quiet county's warehouse; the models are built again as dbt compiled them, and
the suites that ship judge them with great-expectations.
"""

from __future__ import annotations

import pytest

from dagster_project.gate.suite import load_suites
from tests.gate.deliveries import SPOILT
from tests.gate.quiet_county import judge

SEVERITY = {e.name: e.severity for suite in load_suites() for e in suite.expectations}


@pytest.mark.parametrize("name", SPOILT)
def test_what_the_gate_says_of_a_delivery(quiet_county, helper, tmp_path, name):
    delivery = SPOILT[name]
    with quiet_county.copy(tmp_path / "candidate.duckdb").connect() as connection:
        if not delivery.is_late:
            connection.execute(delivery.sql)
            quiet_county.models.build(connection)
        else:
            connection.execute(delivery.sql)
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
