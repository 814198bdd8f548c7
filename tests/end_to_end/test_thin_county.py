"""Tests a county with one thin export: item, window, number, two dates and a status of five cases, and nothing else.

It takes the shipped dialect `counter` and its hand-made export. It asserts what is counted, and that all that this
export can't tell is absent and not 0. The cases: one finished, one withdrawn (both without a date), two in progress,
one declined.
"""

from __future__ import annotations

import shutil

import duckdb
import pytest

from ingest.run import ingest
from reports.figures.registry import load
from reports.proof.verify_figures import find_differences
from tests.end_to_end.compiled_models import CompiledModels
from tests.end_to_end.test_dialects import COUNTY, SHIPPED

COUNTED = {"case_volume": 4, "finish_unknown": 2, "limit_unknown": 4, "working_days": 21, "daily_average": 4 / 21}


@pytest.fixture(scope="module")
def thin(miniature, tmp_path_factory):
    folder = tmp_path_factory.mktemp("thin")
    shutil.copytree(COUNTY, folder / "county", ignore=shutil.ignore_patterns("exports"))
    (folder / "county" / "sources").mkdir()
    shutil.copy(SHIPPED / "counter.yaml", folder / "county" / "sources")
    shutil.copytree(COUNTY / "exports" / "counter", folder / "exports" / "counter")
    (folder / "build").mkdir()
    with duckdb.connect(str(folder / "build" / "candidate.duckdb")) as connection:
        ingest(connection, folder / "county", folder / "exports", folder, "run")
        CompiledModels(miniature.path / "target").build(connection)
        yield connection


def test_what_it_tells_is_counted(thin):
    totals = "select figure, value from marts.figures where period = '2022-06' and dimension = 'total'"
    found = {figure: value for figure, value in thin.execute(totals).fetchall() if figure in load().figures}
    assert found == pytest.approx(COUNTED)
    assert find_differences(thin, "2022-06") == []


def test_all_else_is_absent_with_a_reason(thin):
    absent = (
        "select figure, reason from marts.figures_absent "
        "where period = '2022-06' and member is null and dimension in ('total', 'indicator')"
    )
    reasons = dict(thin.execute(absent).fetchall())
    others = {name for name, figure in load().figures.items() if {"total", "indicator"} & {*figure.dimensions}}
    assert reasons.keys() & load().figures.keys() == others - COUNTED.keys()
    assert reasons["case_finished"] == "本期没有导出文件提供办件的“办结时间”或办结的“办结时间”"
    assert reasons["mobile"] == "本期没有导出文件提供办件的“办理形式”（移动端）"
    assert reasons["via_platform"] == "本期没有导出文件提供一网通办平台的办件"


def test_a_town_that_no_window_can_report_has_no_0(thin):
    members = (
        "select dimension, member from marts.figures where figure = 'case_volume' and period = '2022-06' order by all"
    )
    assert thin.execute(members).fetchall() == [
        ("channel", "counter"),
        *(("org", name) for name in ("人社窗口", "税务窗口")),
        ("source", "counter"),
        ("total", "total"),
        ("venue", "hall"),
    ]
