"""Tests every chart, drawn for many kinds of periods, by its SVG: width, places and contrast of words, data, bytes.

A chart drawn from any figures must be legible and print only what they hold. Headlines are tested beside this file;
whether a chart looks well is for the eye.
"""

import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
import yaml

from reports.charts import all_charts as charts
from reports.charts.drawing import theme, typeface
from reports.figures.model import ChartTitle
from reports.formats.html import page
from reports.words.catalogue import load_words
from tests.reports.charts.scenes import EVERY, SCENES, drawn
from tests.reports.charts.svg_geometry import contrast, texts
from tests.reports.stub_figures import VOLUMES, figures, weekdays

STYLE = Path(page.__file__).parent / "page_parts" / "bulletin.css"
DARK = dict(re.findall(r'\.chart \[fill="(#\w+)"\]\s*\{\s*fill:\s*(#\w+)', STYLE.read_text("utf-8")))


def test_the_published_half_year():
    wide = charts.draw(figures(), 640)
    assert [(chart.number, chart.key) for chart in wide] == [
        (1, "monthly_volume"),
        (2, "composition"),
        (3, "town_share"),
        (4, "town_overdue"),
        (5, "certificates"),
    ]
    assert [chart.headline for chart in wide] == [
        "上半年办件34.9万件，各月均低于上年同月",
        "近九成办件在大厅窗口办理，全程网办占一成多",
        "东塔、郝家桥、崇兴三镇合占乡镇（街道）办件的59%",
        "4个乡镇超期占比高于全市，郝家桥镇最高",
        "电子证照入库3月起逐月增加，上半年累计6.4万个",
    ]
    assert [chart.headline for chart in charts.draw(figures(), 352)] == [chart.headline for chart in wide]


def test_charts_are_numbered_as_the_text_asks_for_them():
    drawn_in_order = charts.draw(figures(), 640, ["county", "monthly_volume", "evaluation_levels"])
    assert [(chart.number, chart.key, chart.headline) for chart in drawn_in_order] == [
        (1, "county", "好差评评价率居第3位，电子证照种类居末位（第6位）"),
        (2, "monthly_volume", "上半年办件34.9万件，各月均低于上年同月"),
        (3, "evaluation_levels", "有效评价2.55万次，差评25次，占0.10%"),
    ]


def test_every_day_has_its_square():
    """A square a day of the half-year; each quarter of the days has one step of the colour scale."""
    (chart,) = charts.draw(figures(), 640, ["calendar"])
    squares = {
        colour: len(re.findall("M", outline))
        for outline, colour in re.findall(r'<path d="([^"]*)" fill="(#\w+)"', chart.svg)
    }
    assert sum(squares.values()) == 181 and set(squares) == {theme.STEP1, theme.STEP2, theme.STEP3, theme.STEP4}
    assert squares[theme.STEP1] >= 52  # weekends, all alike
    assert int(chart.table.set_index("周一日期").loc["2022-02-28", "周二"]) == weekdays(date(2022, 3, 1))


def test_dbt_and_reports_have_one_word_for_what_is_unstated():
    project = yaml.safe_load((Path(__file__).parents[3] / "dbt" / "dbt_project.yml").read_text("utf-8"))
    assert project["vars"]["unstated"] == load_words("zh")("unstated")


def test_cases_without_a_township_are_no_township():
    """未注明 has the most cases and the highest ratio. It has the last row and no part in headline and mean."""
    read = figures(**SCENES["towns unstated"])
    share, overdue = charts.draw(read, 640, ["town_share", "town_overdue"])
    # 9400 + 8300 + 7800 of 43200 + 9900 cases; the mean is that of the eight towns: 43200 / 53100 / 8
    assert share.headline == "东塔、郝家桥、崇兴三镇合占乡镇（街道）办件的48%"
    assert "平均10.2%" in share.alt
    # 705 of 18300 cases are overdue, 3.85%; 郝家桥镇 has 125 of 3120, 4.01%, and 未注明 33%
    assert overdue.headline == "仅郝家桥镇超期占比高于全市，为4.01%"
    for chart in (share, overdue):
        assert chart.table.iloc[-1, 0] == "未注明" and len(chart.table) == 9
    assert share.table.iloc[:, 1].sum() == 53_100
    assert overdue.svg.count(theme.ALERT) == 1
    nameless = figures(towns={"东塔镇": (0, 0, 0), "未注明": (9900, 300, 900)})
    assert charts.draw(nameless, 640, ["town_share", "town_overdue"]) == []


def test_a_column_that_no_export_supplies_is_left_out():
    read = figures()
    rows = {key: rows for key, rows in read.rows.items() if key[1] not in ("on_time_rate", "avg_working_days")}
    for width in (640, 352):
        (chart,) = charts.draw(replace(read, rows=rows), width, ["organisations"])
        assert list(chart.table) == ["单位", "受理（件）", "办结（件）"]
        assert "按时" not in chart.svg and "NaN" not in chart.svg


def test_the_office_gives_a_chart_its_own_title():
    titles = {"town_share": ChartTitle("各乡镇办件情况"), "county": ChartTitle(subtitle="位次（上级反馈）")}
    drawn_so = charts.draw(replace(figures(), chart_titles=titles), 640, ["town_share", "county"])
    assert drawn_so[0].headline == "各乡镇办件情况" and "占乡镇（街道）及村" in drawn_so[0].subtitle
    assert drawn_so[0].alt.startswith("各乡镇办件情况。")
    assert drawn_so[1].subtitle == "图2 位次（上级反馈）" and "居末位" in drawn_so[1].headline


def test_an_organisations_chart_ends_with_the_total():
    (chart,) = charts.draw(figures(), 640, ["organisations"])
    assert chart.table.iloc[-1, :2].tolist() == ["合计", 349_200]
    assert [chart.table.iloc[0, 0], chart.table.iloc[-2, 0]] == ["税务窗口", "文旅窗口"]


@pytest.mark.parametrize("scene", SCENES)
def test_every_number_of_a_data_table_names_its_row(scene):
    read = figures(**SCENES[scene])
    row_ids = {row.id for rows in read.rows.values() for row in rows}
    for chart in drawn(scene, 640):
        assert len(chart.marks) == len(chart.table)
        for cells, marks in zip(chart.table.itertuples(index=False), chart.marks, strict=True):
            for cell, mark in zip(cells, marks, strict=True):
                is_number = not isinstance(cell, str) and not pd.isna(cell)
                assert is_number == (mark is not None), (chart.key, cell)
                assert mark is None or mark.figure_id in row_ids


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_canvas_is_exact_and_every_word_lies_within_it(scene, width):
    for chart in drawn(scene, width):
        root = ET.fromstring(chart.svg)
        height = float(root.get("height"))
        assert (root.get("width"), root.get("viewBox")) == (str(width), f"0 0 {width} {height:g}")
        for text in texts(chart.svg):
            assert text.left >= 4, (chart.key, text)
            assert text.right <= width - 1.5, (chart.key, text)
            assert text.top >= 0 and text.bottom <= height - 5, (chart.key, text)


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_no_two_texts_overlap(scene, width):
    for chart in drawn(scene, width):
        for first, second in combinations(texts(chart.svg), 2):
            assert not first.overlaps(second), (chart.key, first, second)


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_text_is_large_enough_and_stands_out_from_its_ground(scene, width):
    for chart in drawn(scene, width):
        for text in texts(chart.svg):
            assert text.size >= 11.5
            assert contrast(text.fill, text.ground) >= 4.5, (chart.key, text)


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_words_stand_out_on_dark_paper_too(scene, width):
    """The colour of each word against its ground, as the page's style maps both in dark mode."""
    for chart in drawn(scene, width):
        for text in texts(chart.svg):
            assert contrast(DARK[text.fill], DARK[text.ground]) >= 4.5, (chart.key, text)


def test_pngs_have_twice_the_pixels():
    picture = theme.png(drawn("published", 352)[0].svg)
    assert struct.unpack(">I", picture[16:20]) == (704,)


def test_same_figures_same_bytes():
    again = charts.draw(figures(), 640, charts.KEYS)
    assert [chart.svg for chart in again] == [chart.svg for chart in drawn("published", 640)]


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_svg_stands_alone_and_beside_others(scene, width):
    for chart in drawn(scene, width):
        assert f'role="img" aria-label="{chart.alt}"' in chart.svg
        assert "style=" not in chart.svg and "<script" not in chart.svg
        assert all(name.startswith(f"{chart.key}-{width}-") for name in re.findall(r'\bid="([^"]*)"', chart.svg))
        families = set(re.findall(r'font-family="([^"]*)"', chart.svg))
        assert families == {"Noto Sans SC, sans-serif"}
        assert not re.search(r"NaN|undefined|null|None", chart.svg)


@pytest.mark.parametrize(("scene", "width"), EVERY)
def test_title_source_and_alternative_are_the_data(scene, width):
    read = figures(**SCENES[scene])
    for chart in drawn(scene, width):
        words = "".join(text.text for text in texts(chart.svg))
        assert len(chart.headline) <= 34
        assert words.startswith(chart.headline + chart.subtitle)
        assert chart.subtitle.startswith(f"图{chart.number} ")
        assert words.endswith(read.source_line) and "样例（合成数据）" in chart.source_line
        assert chart.alt.startswith(chart.headline)
        assert isinstance(chart.table, pd.DataFrame) and len(chart.table)


def test_figure_ids_name_rows_of_the_mart():
    read = figures()
    row_ids = {row.id for rows in read.rows.values() for row in rows}
    for chart in drawn("published", 640):
        assert chart.figure_ids and len(set(chart.figure_ids)) == len(chart.figure_ids)
        assert set(chart.figure_ids) <= row_ids
    assert "2022-03/case_volume/total/total" in drawn("published", 640)[0].figure_ids


def test_tables_hold_unrounded_counts():
    volume, composition, share, overdue, certificates = (chart.table for chart in charts.draw(figures(), 640))
    assert list(volume["办件量（件）"]) == list(VOLUMES)
    assert list(composition["办件量（件）"])[:2] == [306_000, 43_200]
    assert share.iloc[0].tolist() == ["东塔镇", 9400, 21.76]
    assert overdue.iloc[0].tolist() == ["郝家桥镇", 4.01, 125, 3120]
    assert certificates["累计（个）"].iloc[-1] == 64_000
    small = drawn("small", 640)[0].table
    assert small["上年同月（件）"].isna().tolist() == [False, False, True, False, False, False]


def test_last_years_values_have_a_row_of_their_own_where_a_month_rises():
    assert "上年" in [text.text for text in texts(drawn("rising", 640)[0].svg)]
    assert "上年" not in [text.text for text in texts(drawn("published", 640)[0].svg)]


def test_shares_that_do_not_add_up_say_so():
    _, composition, share, *_ = charts.draw(figures(), 640)
    assert "四舍五入" in share.svg and "四舍五入" in share.unit_note
    assert "四舍五入" not in composition.svg


def test_a_county_without_townships_has_fewer_charts():
    assert [chart.number for chart in charts.draw(figures(towns={}), 640)] == [1, 2, 3]


def test_not_synthetic_is_not_called_so():
    assert all("样例" not in chart.svg for chart in charts.draw(figures(is_synthetic=False), 640))


def test_a_name_the_typeface_lacks_is_named():
    with pytest.raises(typeface.FontError, match=r"𬭊 \(U\+2CB4A\).*subset\.py"):
        charts.draw(figures(towns={"𬭊山镇": (10, 1, 5)}), 640)
