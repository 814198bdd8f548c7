"""Tests the charts of history: which periods they show, how a running one is drawn, what their headlines say.

The values are written by hand for each case; the form is tested with all other charts in test_charts.py.
"""

import re
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from reports.charts import all_charts
from reports.charts.headlines import over_periods
from reports.figures.history import Span, read_history
from reports.figures.model import Figure
from tests.reports.charts.svg_geometry import texts
from tests.reports.stub_figures import figures


def course(values, figure="case_volume", towns=None, year_ago=None, is_running=False):
    """A month's figures whose total has `values` in the months up to June 2022, and whose towns have `towns`."""
    keys = [f"{2021 + (n + 5) // 12}-{(n + 5) % 12 + 1:02d}" for n in range(13 - len(values), 13)]
    spans = tuple(
        Span(key, date.fromisoformat(f"{key}-01"), date(2022, 6, 15), not is_running or key != keys[-1]) for key in keys
    )
    rows = {}
    for place, (key, value) in enumerate(zip(keys, values, strict=True)):
        base = year_ago if key == "2022-06" else None
        rows[key, figure, "total"] = (Figure(key, figure, "total", "total", value, value, None, None, base, "件"),)
        rows[key, figure, "town"] = tuple(
            Figure(key, figure, "town", name, counts[place], counts[place], None, None, None, "件")
            for name, counts in (towns or {}).items()
        )
    return replace(figures(period="2022-06", kind="month"), history=spans, rows=rows)


@pytest.fixture
def periods():
    with duckdb.connect() as connection:
        connection.execute(
            "create schema marts; create table marts.dim_periods (period varchar, kind varchar, starts_on date,"
            " data_from_on date, as_of_on date, is_complete boolean)"
        )
        for n in range(30):
            year, month = 2020 + n // 12, n % 12 + 1
            row = [f"{year}-{month:02d}", "month", date(year, month, 1), date(year, month, 28), True]
            connection.execute("insert into marts.dim_periods values ($1, $2, $3, null, $4, $5)", row)
        for n in range(10):
            year, quarter = 2020 + n // 4, n % 4 + 1
            begins = date(2020, 1, 20) if n == 0 else None
            row = [f"{year}Q{quarter}", "quarter", date(year, quarter * 3 - 2, 1), begins, date(2022, 6, 30), n > 0]
            connection.execute("insert into marts.dim_periods values ($1, $2, $3, $4, $5, $6)", row)
        yield connection


def test_a_month_has_thirteen_months_and_longer_periods_eight_quarters(periods):
    months = [span.period for span in read_history(periods, "month", date(2022, 6, 30))]
    assert (len(months), months[0], months[-1]) == (13, "2021-06", "2022-06")
    for kind in ("quarter", "half", "year"):
        quarters = [span.period for span in read_history(periods, kind, date(2022, 6, 30))]
        assert (len(quarters), quarters[0], quarters[-1]) == (8, "2020Q3", "2022Q2")
    # periods that begin after the as-of day are not of its history; the data begin within the first quarter
    first, *_, last = read_history(periods, "quarter", date(2021, 2, 3))
    assert (last.period, len(read_history(periods, "quarter", date(2021, 2, 3)))) == ("2021Q1", 5)
    assert (first.period, first.starts_on, first.is_complete) == ("2020Q1", date(2020, 1, 20), False)


def test_a_running_period_is_hollow_and_never_the_finding():
    values = (900, 1000, 1100, 400)
    whole, running = course(values), course(values, is_running=True)
    (drawn,) = all_charts.draw(whole, 640, ["volume_history"])
    (hollow,) = all_charts.draw(running, 640, ["volume_history"])
    assert "stroke-dasharray" not in drawn.svg and hollow.svg.count("stroke-dasharray") == 1
    assert drawn.headline == "6月办件量400件，为近4个月最低"
    assert hollow.headline == "5月办件量1100件，为近3个月最高"
    notes = [text.text for text in texts(hollow.svg)]
    assert any("2022年6月（6月1日至6月15日）" in note for note in notes)
    assert list(hollow.table)[-1] == "2022年6月（6月1日至6月15日）"


def test_long_names_stand_in_two_lines_so_that_the_chart_is_read_on_a_page():
    """A name of 25 hanzi is 325 px wide, half of the chart, which has 225 mm of height where 640 px are 156 mm wide."""
    names = [f"宁东能源化工基地第{n}街道办事处综合便民服务中心站" for n in range(10, 22)]
    (chart,) = all_charts.draw(course((5, 6, 7), towns={name: (1, 2, 3) for name in names}), 640, ["volume_history"])
    written = [text.text for text in texts(chart.svg)]
    assert [name for name in names if name not in "".join(written)] == []
    assert float(re.search(r'height="([\d.]+)"', chart.svg)[1]) * 156 / 640 < 225


def test_fewer_than_three_periods_are_no_history():
    assert all_charts.draw(course((1, 2)), 640, ["volume_history"]) == []
    assert len(all_charts.draw(course((1, 2, 3)), 640, ["volume_history"])) == 1


@pytest.mark.parametrize(
    ("values", "year_ago", "headline"),
    [
        ((100, 120, 130), None, "6月办件量130件，为近3个月最高"),
        ((100, 120, 90), None, "6月办件量90件，为近3个月最低"),
        # as many as before is not the most
        ((100, 130, 130), None, "6月办件量130件"),
        # 61,040 and 61,020 both print as 6.1万
        ((50_000, 61_020, 61_040), None, "6月办件量6.1万件"),
        ((100, 130, 120), 240, "50%"),
        ((100, 130, 120), 120, "6月办件量120件，与上年同期持平"),
    ],
)
def test_headline_of_volume(values, year_ago, headline):
    assert headline in over_periods.volume(course(values, year_ago=year_ago), "case_volume")


@pytest.mark.parametrize(
    ("values", "towns", "headline"),
    [
        ((9, 9), {"甲镇": (4, 3), "乙镇": (3, 5), "丙乡": (2, 1)}, "6月末超期未办9件，2个乡镇（街道）减少、1个增加"),
        ((9, 8), {"甲镇": (4, 3), "乙镇": (5, 5)}, "6月末超期未办8件，1个乡镇（街道）减少，没有增加的"),
        ((9, 10), {"甲镇": (4, 5), "乙镇": (5, 5)}, "6月末超期未办10件，1个乡镇（街道）增加，没有减少的"),
        ((9, 9), {"甲镇": (4, 4), "乙镇": (5, 5)}, "6月末超期未办9件，各乡镇（街道）均与上期持平"),
        # cases that name no town are no town
        ((9, 8), {"未注明": (9, 8)}, "6月末超期未办8件"),
        ((9, 0), {"甲镇": (9, 0)}, "6月末没有超期未办件"),
    ],
)
def test_headline_of_overdue(values, towns, headline):
    assert over_periods.overdue(course(values, "overdue_open", towns), "overdue_open") == headline


def test_only_the_twelve_largest_towns_have_a_panel_and_the_table_has_all():
    towns = {f"第{n}镇": (n, n, n) for n in range(1, 16)}
    (chart,) = all_charts.draw(course((120, 120, 120), towns=towns), 640, ["volume_history"])
    words = [text.text for text in texts(chart.svg)]
    assert [f"第{n}镇" in words for n in range(1, 16)] == [False] * 3 + [True] * 12
    assert "另有3个见数据表" in words and len(chart.table) == 16
