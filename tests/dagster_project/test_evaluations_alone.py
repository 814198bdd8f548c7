"""Tests a county that exports evaluations and nothing else: a run publishes a bulletin of evaluations in every format.

One run of all assets in this process. The figures are those of the miniature's evaluations, counted by hand there.
"""

from __future__ import annotations

import shutil

import dagster as dg
import duckdb

from reports.proof.verify_figures import find_differences
from tests.dagster_project.small_county import make_county
from tests.end_to_end.miniature_home import MINIATURE


def test_evaluations_alone_make_a_bulletin(tmp_path):
    county = make_county(tmp_path)
    (county.home / "exports").mkdir(exist_ok=True)
    shutil.copy(MINIATURE / "exports" / "evaluations_202206.csv", county.home / "exports")
    result = county.materialize(dg.AssetSelection.all() - dg.AssetSelection.assets("bulletin"))
    assert result.success
    folder = county.home / "bulletins" / "2022H1"
    assert {path.suffix for path in folder.glob("bulletin.*")} == {".html", ".pdf", ".docx", ".xlsx"}
    text = (folder / "bulletin.html").read_text(encoding="utf-8")
    assert "有效评价共" in text and "受理政务服务办件" not in text
    with duckdb.connect(str(county.home / "warehouse.duckdb"), read_only=True) as connection:
        # E01, E02, E04, E05, E07 and E08 in June and E10 in April; E03 is invalid
        evaluations = "select period, value from marts.figures where figure = 'evaluations' and dimension = 'total'"
        found = dict(connection.execute(evaluations).fetchall())
        assert find_differences(connection, "2022H1") == []
        warned = "select check_name, found from quality.checks where not is_passed"
        assert [name for name, _ in connection.execute(warned).fetchall()] == ["evaluations_find_their_case"]
    assert found["2022H1"] == 7
