"""Tests which sources the overdue figures cover, as reference.sources holds it.

It writes two mappings of a county and loads the reference tables. It asserts that a source without a word of its own
counts as the platform does, or as all do where there is no platform.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.jurisdiction.reference import load_reference

COUNTY = Path(__file__).parents[1] / "end_to_end" / "miniature" / "county"
MAPPING = "source: {name}\nname: {name}\n{more}exports: [{{dataset: cases, files: ['{name}_*.csv']}}]\n"


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [
        ("is_platform: true\n", "", ["first"]),
        ("", "", ["first", "second"]),
        ("is_platform: true\n", "counts_overdue: true\n", ["first", "second"]),
        ("is_platform: true\ncounts_overdue: false\n", "counts_overdue: true\n", ["second"]),
        ("counts_overdue: false\n", "", ["second"]),
    ],
)
def test_overdue_figures_cover_the_platform_or_what_the_mappings_say(tmp_path, first, second, covered):
    county = Path(shutil.copytree(COUNTY, tmp_path / "county", ignore=shutil.ignore_patterns("sources")))
    (county / "sources").mkdir()
    for name, more in (("first", first), ("second", second)):
        (county / "sources" / f"{name}.yaml").write_text(MAPPING.format(name=name, more=more), encoding="utf-8")
    with duckdb.connect() as connection:
        load_reference(connection, county)
        found = connection.execute(
            "select source from reference.sources where is_overdue_counted order by 1"
        ).fetchall()
    assert [source for (source,) in found] == covered
