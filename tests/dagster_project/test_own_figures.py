"""Tests that a mistake in figures.yaml is told by file, line, column and the nearest name, before anything is counted.

It writes the miniature's figures.yaml with one mistake into a county folder and reads it. It asserts the message, and
that a sound file gives terms for dbt.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dagster_project.own_figures.load import load_own_figures
from ingest.errors import MappingError
from tests.end_to_end.miniature_home import MINIATURE


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE / "county", tmp_path / "county"))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("basis: 本期满意的", "bassis: 本期满意的", r"figures\.yaml:5:5: .*'bassis' is no field; did you mean basis\?"),
        ("direction: up", "direction: upp", r":6:5: figures\.satisfied_per_case\.direction: .*'up', 'down' or 'none'"),
        (
            "denominator: case_volume",
            "denominator: case_volumn",
            r":8:5: .*'case_volumn' is no figure; did you mean case_vol",
        ),
        ("denominator: case_volume", "denominator: on_time_rate", r"'on_time_rate' is a ratio, and only counts can be"),
        (
            "{count: evaluations, where: {is_sat",
            "{count: evaluation, where: {is_sat",
            r"'evaluation' can't be counted; did you",
        ),
        (
            "{is_satisfied: true}",
            "{is_satisfed: true}",
            r":7:\d+: .*'is_satisfed' is no condition here; did you mean is_sat",
        ),
        ("{is_satisfied: true}", "{is_satisfied: 1}", r"write true, false, a text or a list of texts"),
        ("{is_satisfied: true}", "{is_satisfied: 是}", r"is_satisfied is true or false"),
        ("level: [不满意, 非常", "level: [不满, 非常", r":1[5-7]:\d+: .*'不满' is no level; did you mean 不满意\?"),
        ("source: 一网通办平台", "source: 一网通办", r"'一网通办' is no source; did you mean 一网通办平台\?"),
        (
            "dimensions: [total, town, org]",
            "dimensions: [total, twn, org]",
            r"'twn' is no dimension; did you mean town\?",
        ),
        (
            "dimensions: [total, town, org]",
            "dimensions: [total, source]",
            r"case_finished has no dimension source, only total, ",
        ),
        (
            "dimensions: [total, status, town]",
            "dimensions: [total, mode]",
            r"open has no dimension mode; there are total, ",
        ),
        ("name: 综合办结率", "name: 办结量", r"name: '办结量' is that of case_finished too; give it its own"),
        ("  finish_rate:", "  case_volume:", r"'case_volume' is a figure of the registry; choose another key"),
        (", words: 提前办结的办件}", "}", r"early_of_finished\.numerator: `words` is missing"),
        ("of: [source, org]", "of: [source, orgs]", r"source_org: 'orgs' can't be paired; did you mean org\?"),
        ("numerator: case_finished", "numerator: finish_rate", r"finish_rate is no count"),
        ("is_settled: false}", "is_settled: false, is_evaluated: false}", r"only one condition of .* can be false"),
        (
            "numerator: {count: open}\n    denominator",
            "numerator: {count: open, whole: true}\n    denominator",
            r"only a den",
        ),
        ("denominator: bad_tickets", "denominator: bad_tickets_revisited_rate", r"is no count"),
    ],
)
def test_a_mistake_is_told_by_line_and_nearest_name(county, right, wrong, message):
    path = county / "figures.yaml"
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(MappingError, match=message) as error:
        load_own_figures(county)
    assert all(line.startswith(f"{path}:") for line in str(error.value).splitlines())


def test_a_figure_made_of_itself_is_a_mistake(county):
    path = county / "figures.yaml"
    text = "figures:\n" + "".join(
        f"  {key}: {{name: {key}, basis: x, numerator: {{sum: [{other}, case_volume], words: x}}}}\n"
        for key, other in (("first", "second"), ("second", "first"))
    )
    path.write_text(text, "utf-8")
    with pytest.raises(
        MappingError, match=r"figures\.yaml:2:\d+: .*first → second → first: a figure can't count itself"
    ):
        load_own_figures(county)


def test_a_county_without_the_file_has_none(county):
    (county / "figures.yaml").unlink()
    assert load_own_figures(county) == {}


def test_a_text_with_a_quote_is_one_text(county):
    text = 'figures:\n  x: {name: 名, basis: 义, numerator: {count: accepted, where: {item: ["O\'Brien"]}}}\n'
    (county / "figures.yaml").write_text(text, "utf-8")
    (term,) = load_own_figures(county)["own_figures"]["terms"]
    assert term["condition"] == "true and item_name in ('O''Brien')"


def test_a_share_is_a_part_and_a_rate_may_exceed_one(county):
    figures = load_own_figures(county)["own_figures"]["figures"]
    assert figures["volume_share_of_org"]["is_part"] and not figures["finish_rate"]["is_part"]
