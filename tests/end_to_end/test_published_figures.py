"""Tests the full sample, from raw exports to the bulletin, against the figures really published for Lingwu, 2022H1.

published_2022H1.csv holds these figures and their places in the text. Nothing here is computed by the code under test:
each expectation is a number in that table.
"""

from __future__ import annotations

import csv
import html
import re
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from reports.charts import all_charts
from reports.formats.html.page import USUAL_LIMIT
from reports.render import render
from reports.text.template import BLOCK_KEYS
from tests.reports.formats.test_webfont import glyphs, hanzi

ROOT = Path(__file__).parents[2]
PUBLISHED = list(csv.DictReader((Path(__file__).parent / "published_2022H1.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda r: f"{r['figure']}-{r['member']}-{r['column']}")
def test_figure(full, row):
    counted = full.figure(row["figure"], row["dimension"], row["member"], row["column"])
    places = len(row["value"].partition(".")[2])
    assert round(counted, places) == float(row["value"])


def test_the_bulletin_prints_them(full):
    page = html.unescape(
        re.sub(r"<[^>]+>", "", re.sub(r"<(style|script|svg).*?</\1>", "", full.bulletin(), flags=re.S))
    )
    missing = [row["printed"] for row in PUBLISHED if row["printed"] not in page.replace(" ", "")]
    assert missing == []


def test_every_month_quarter_half_and_year_is_there(full):
    kinds = dict(full.ask("select kind, count(*) from marts.dim_periods group by kind"))
    assert kinds == {"month": 19, "quarter": 7, "half": 4, "year": 2}
    assert full.ask("select distinct is_complete, as_of_on::varchar from marts.figures where period = '2022'") == [
        (False, "2022-07-15")
    ]
    assert full.ask("select count(distinct period) from marts.figures where figure = 'case_volume'") == [(32,)]


def test_the_bulletin_of_synthetic_data_says_so_and_bears_no_masthead(full):
    page = full.bulletin()
    assert page.count("样例（合成数据）") > 6
    assert not re.search(r"索引号|文号", page)
    for chart in (full.path / "bulletins" / "2022H1" / "charts").glob("*.svg"):
        assert "样例（合成数据）" in chart.read_text(encoding="utf-8")


def test_rows_are_conserved_in_every_file(full):
    assert (
        full.ask(
            "select count(*), sum(rows_read) - sum(rows_loaded + rows_superseded + rows_duplicate + rows_quarantined) "
            "from quality.files having count(*) < 100"
        )
        == []
    )


def test_every_table_and_column_has_a_comment(full):
    bare = full.ask(
        """
        select schema_name || '.' || table_name from duckdb_tables() where comment is null
        union all
        select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
        where comment is null and not internal and schema_name in ('marts', 'raw', 'quality', 'reference')
        """
    )
    assert bare == []


def test_the_page_is_small_whatever_blocks_are_on(full, tmp_path):
    page = (full.path / "bulletins" / "2022H1" / "bulletin.html").read_text("utf-8")
    assert len(page.encode()) <= USUAL_LIMIT
    assert hanzi(page) <= glyphs(page, "Noto Sans SC")
    county = shutil.copytree(ROOT / "jurisdictions" / "lingwu", tmp_path / "county")
    settings = yaml.safe_load((county / "jurisdiction.yaml").read_text("utf-8"))
    settings["bulletin"]["blocks"] = list(BLOCK_KEYS)
    (county / "jurisdiction.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), "utf-8")
    with duckdb.connect(str(full.path / "warehouse.duckdb"), read_only=True) as connection:
        render(connection, "2022H1", county, tmp_path / "bulletin", "test")
    page = (tmp_path / "bulletin" / "bulletin.html").read_text("utf-8")
    assert page.count('class="chart"') == len(all_charts.KEYS)
    assert len(page.encode()) <= USUAL_LIMIT
    assert hanzi(page) <= glyphs(page, "Noto Sans SC")
