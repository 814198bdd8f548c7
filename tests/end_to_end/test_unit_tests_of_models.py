"""Runs the unit tests beside the dbt models, on a candidate whose tables give them their types.

A run of the pipeline leaves them out, because they test the code and not the data. It asserts that all of them pass.
"""

from __future__ import annotations

from tests.shared_dbt import shared_dbt


def test_unit_tests_of_the_models(miniature, tmp_path):
    outcome = shared_dbt().run("test", "--select", "test_type:unit", target=tmp_path, home=miniature.path)
    results = [result for result in outcome.results if result.resource_type == "unit_test"]
    assert [(result.name, result.message) for result in results if not result.is_passed] == []
    assert outcome.success
    assert len(results) >= 12
