"""Tests tiles, tables, charts and annexes of a period that lacks figures: what they leave out, and where they say why.

The published figures of Lingwu's 2022H1 bulletin are the base; each test takes some of them away. Sentences and
sections are tested in test_omissions.py, whole bulletins in test_thin_counties.py.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from reports.charts import all_charts
from reports.document import bulletin, tables
from reports.document.annexes import build_annexes
from reports.document.model import KpiStrip, Paragraph
from reports.figures import load as figures
from reports.figures import provenance
from tests.reports import stub_figures
from tests.reports.test_omissions import words

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"


def test_figures_without_data_are_listed_with_the_reason(connection):
    connection.execute("delete from marts.figures where figure in ('certificates', 'certificate_types')")
    connection.execute(
        "insert into marts.figures_absent values ('2022H1', 'certificates', 'total', null, '没有电子证照', ''),"
        " ('2022H1', 'certificate_types', 'total', null, '没有电子证照', ''),"
        " ('2022H1', 'evaluations', 'mode', null, '没有评价方式', ''),"
        " ('2022H1', 'overdue_open', 'town', '崇兴镇', '没有时限', ''),"
        " ('2022H1', 'case_finished', 'total', null, '没有办结时间', ''),"
        " ('2022H1', 'case_finished', 'org', null, '没有办结时间，也没有单位', ''),"
        " ('2021H1', 'satisfaction', 'total', null, '没有好差评', '')"
    )
    read = figures.load(connection, "2022H1")
    annexes = build_annexes(read, provenance.load(connection, read.starts_on))
    listed = next(block for block in annexes[2].blocks if getattr(block, "caption", "").endswith("无此数据的指标"))
    assert [["".join(run.text for run in cell) for cell in row] for row in listed.rows] == [
        ["办结量", "没有办结时间"],
        ["超期未办（崇兴镇）", "没有时限"],
        ["评价次数（按评价方式）", "没有评价方式"],
        ["电子证照入库量、证照种类", "没有电子证照"],
    ]
    definitions = {row[0][0].text for row in annexes[1].blocks[0].rows}
    assert "超期未办" in definitions and "电子证照入库量" not in definitions


def test_a_cell_tells_what_nobody_measured_from_what_has_no_base(connection):
    connection.execute("delete from marts.figures where figure = 'overdue_open' and member in ('崇兴镇', '临河镇')")
    connection.execute(
        "update marts.figures set value = null where figure = 'overdue_open_ratio' and member = '东塔镇'"
    )
    read = replace(figures.load(connection, "2022H1"), absent={("overdue_open", "town", "崇兴镇"): "没有时限"})
    table = tables.tabulate_towns(read)
    rows = {row[0][0].text: [cell[0].text for cell in row[1:]] for row in table.rows}
    overdue, ratio = (table.header.index(heading) - 1 for heading in ("超期未办（件）", "超期占比"))
    assert (rows["崇兴镇"][overdue], rows["临河镇"][overdue]) == ("—", "/")
    assert rows["东塔镇"][ratio] == "/"
    assert table.note == "“—”表示无此数据。"


def test_a_tile_without_a_value_is_left_out(connection):
    connection.execute("delete from marts.figures where figure in ('certificates', 'item_coverage')")
    read = figures.load(connection, "2022H1")
    text = bulletin.fill_text(read, LINGWU, all_charts.KEYS)
    document = bulletin.compose(read, provenance.load(connection, read.starts_on), [], [], LINGWU, text)
    (strip,) = (block for block in document.blocks if isinstance(block, KpiStrip))
    assert [tile.label for tile in strip.tiles] == ["办件量", "全程网办占比", "超期未办", "群众满意度"]


def test_a_period_whose_beginning_is_not_covered_says_so(connection):
    connection.execute(
        "update marts.dim_periods set data_from_on = '2022-02-01', is_complete = false where period = '2022H1'"
    )
    read = figures.load(connection, "2022H1")
    text = bulletin.fill_text(read, LINGWU, all_charts.KEYS)
    document = bulletin.compose(read, provenance.load(connection, read.starts_on), [], [], LINGWU, text)
    said = "\n".join(words(block for block in document.blocks if isinstance(block, Paragraph)))
    assert document.subtitle == "2022年上半年（数据自2月1日起）　截至2022年6月30日"
    assert "数据自2022年2月1日起，此前没有文件覆盖" in said and "本期尚未结束" not in said
    assert "2022年2月1日至6月30日，全市共受理" in said
    assert "日均" not in said


def test_one_share_alone_is_no_composition():
    read = stub_figures.figures()
    hall = [row for row in read.by("case_volume_share", "venue") if row.member == "hall"]
    channels = ("fully_online_share", "via_platform_share", "mobile_share")
    rows = {key: rows for key, rows in read.rows.items() if key[1] not in channels}
    rows[read.period, "case_volume_share", "venue"] = tuple(hall)
    assert all_charts.draw(replace(read, rows=rows), 640, ["composition"]) == []


def test_a_month_that_the_data_begin_in_says_from_which_day():
    read = replace(stub_figures.figures(), covered_from=date(2022, 1, 10), is_complete=False)
    for chart in all_charts.draw(read, 640, ["monthly_volume", "certificates"]):
        assert "1月自10日起" in chart.subtitle
    (calendar,) = all_charts.draw(read, 640, ["calendar"])
    assert calendar.table.iloc[0, 0] == "2022-01-10"


def test_equal_steps_of_the_calendar_are_one():
    (chart,) = all_charts.draw(stub_figures.figures(daily=lambda day: 1), 640, ["calendar"])
    assert chart.svg.count("≤1<") == 1
