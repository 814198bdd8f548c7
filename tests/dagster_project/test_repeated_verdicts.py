"""Tests that a run with nothing new repeats the verdicts that stand, and that any other content is judged anew.

The county of fifty cases is published twice, the second time without dbt and great-expectations. It asserts what each
check found in both runs, in Dagster and in the verdicts.
"""

from __future__ import annotations

import dagster as dg

from dagster_project.gate.verdict import read_verdicts
from dagster_project.resources import GreatExpectations
from dagster_project.warehouse.dbt_project import DbtProject
from tests.dagster_project.small_county import make_county

DAILY = dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin")


def test_what_was_judged_on_the_same_content_is_repeated_and_judged_anew_on_any_other(tmp_path, monkeypatch):
    county = make_county(tmp_path / "county")
    county.deliver()
    first = county.materialize(DAILY)
    with monkeypatch.context() as patch:
        patch.setattr(DbtProject, "run", None)
        patch.setattr(GreatExpectations, "helper", None)
        second = county.materialize(DAILY)
        assert first.success and second.success
        assert outcomes(second) == outcomes(first)
        found = [
            sorted((j for j in verdict.judgements if j.layer != "presentation"), key=lambda j: (j.asset, j.name))
            for verdict in read_verdicts(county.home)
        ]
        assert found[0] == found[1] and any(j.outcome == "warned" for j in found[0])
        with (county.jurisdiction / "jurisdiction.yaml").open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        assert not county.materialize(DAILY).success
    assert county.materialize(DAILY).success


def outcomes(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], tuple[bool, str]]:
    """What each check of the run found: asset and name -> whether it passed, and its severity."""
    return {
        (evaluation.asset_key.to_user_string(), evaluation.check_name): (evaluation.passed, evaluation.severity.value)
        for evaluation in result.get_asset_check_evaluations()
    }
