"""Tests the rules of the key points: which figure, township and county each sentence names, and what their numbers are.

The figures of each case are written by hand, and so are the sentences expected.
"""

import re
from dataclasses import replace

import pytest

from reports.figures.model import Figure, Leader
from reports.proof.presentation import Number, judge_number
from reports.text.filling import MARK_CLOSE, MARK_OPEN, MARK_TEXT, Filling
from reports.text.key_points import write_key_points
from tests.reports.stub_figures import figures

VOLUME = ("case_volume", "total", "total", 349_200, None, 400_000, 465_600)
TOWNS = [
    ("case_volume", "town", "甲镇", 50, None, 60, None),
    ("case_volume", "town", "乙镇", 40, None, 20, None),
    ("case_volume", "town", "丙乡", 30, None, 30, None),
    ("case_volume", "town", "丁乡", 10, None, 40, None),
]
RANKS = [
    ("county_rank", "indicator", "事项覆盖率", 4, None, None, None),
    ("county_rank", "indicator", "超期未办件", 5, None, None, None),
    ("county_gap", "indicator", "事项覆盖率", (21.41, 27.36), None, None, None),
    ("county_gap", "indicator", "超期未办件", (405, 41), None, None, None),
]
LEADERS = {"事项覆盖率": Leader(("金凤区",), "%"), "超期未办件": Leader(("西夏区", "金凤区"), "件")}
MOVES = [
    ("certificates", "total", "total", 64_000, None, 60_000, 32_000),
    ("satisfaction", "total", "total", 999, 1000, None, 0.5),
    ("mobile_share", "total", "total", 33, 1000, None, 0.033),
]

DAYS = {"avg_working_days": 3.4, "median_working_days": 2, "p90_working_days": 8}


def points(*given, leaders=LEADERS, **changes):
    """The sentences for these rows: figure, dimension, member, numerator (or own and best), denominator, bases."""
    rows: dict[tuple[str, str, str], list[Figure]] = {}
    for figure, dimension, member, top, under, previous, year_ago in given:
        top, under = top if isinstance(top, tuple) else (top, under)
        value = top - under if figure == "county_gap" else top / (under or 1)
        row = Figure("2022H1", figure, dimension, member, value, top, under, previous, year_ago, "")
        rows.setdefault(("2022H1", figure, dimension), []).append(row)
    kept = {key: tuple(found) for key, found in rows.items()}
    filling = Filling(replace(figures(), rows=kept, leaders=leaders, **changes))
    text = re.sub(f"{MARK_OPEN}\\d+{MARK_TEXT}([^{MARK_CLOSE}]*){MARK_CLOSE}", r"\1", write_key_points(filling))
    return text.splitlines(), filling


def test_the_points_of_a_whole_period():
    lines, _ = points(VOLUME, *TOWNS, *RANKS, *MOVES, ("avg_working_days", "total", "total", 34, 10, None, None))
    assert lines[:2] == ["本期要点：", ""] and len(lines) == 7
    volume, moved, risen, county, used = lines[2:]
    # 349,200 ÷ 465,600 is 0.75
    assert volume.startswith("- 全市受理办件34.9万件，同比") and volume.endswith("25%。")
    # certificates and satisfaction double alike, to 200% and 199.8% of the year before
    assert "电子证照入库量：6.4万个，同比" in moved and moved.endswith("100%。")
    # by volume 乙镇 was last of four and is second; 丙乡 was third and still is
    assert risen == "- 按办件量排名，乙镇上升最多，由上期第4位升至第2位。"
    assert county == ("- 上级反馈的指标中超期未办件位次最后，居第5位；居首的是西夏区、金凤区，为41件，灵武市为405件。")
    assert used == "- 承诺件平均用时3.4个工作日。"


def test_fewer_than_three_are_no_key_points():
    assert points(VOLUME, *RANKS)[0] == []
    assert len(points(VOLUME, *RANKS, *TOWNS)[0]) == 5


@pytest.mark.parametrize(
    ("moves", "named"),
    [
        # a small count moves most and says least: 2 of 1
        ([*MOVES, ("overdue_open", "total", "total", 58, None, None, 29)], "电子证照入库量"),
        ([*MOVES, ("overdue_open", "total", "total", 90, None, None, 30)], "超期未办"),
        # the period before is the base of what has no year before
        ([*MOVES, ("evaluations", "total", "total", 900, None, 300, None)], "评价次数"),
        # nothing is divided by a base of 0
        ([*MOVES, ("evaluations", "total", "total", 900, None, None, 0)], "电子证照入库量"),
    ],
)
def test_what_moved_most(moves, named):
    (sentence,) = [line for line in points(VOLUME, *RANKS, *TOWNS, *moves)[0] if "变化最大" in line]
    assert f"变化最大的是{named}：" in sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"乙镇": (40, 55)}, "- 各乡镇（街道）办件量排名与上期相同。"),
        # 甲镇 and 乙镇 shared the first rank, and nobody has risen
        ({"乙镇": (40, 60), "丁乡": (10, 5)}, "- 各乡镇（街道）办件量排名与上期相同。"),
        # a township without a base can't be ranked then, so nobody's rise is known
        ({"乙镇": (40, None)}, None),
        # 未注明 is no township
        ({"未注明": (99, 1)}, "- 按办件量排名，乙镇上升最多，由上期第4位升至第2位。"),
    ],
)
def test_rise_in_rank(changes, sentence):
    base = {row[2]: (row[3], row[5]) for row in TOWNS}
    if "丁乡" not in changes and "未注明" not in changes:
        base["丁乡"] = (10, 5)
    towns = [("case_volume", "town", name, now, None, then, None) for name, (now, then) in (base | changes).items()]
    lines, _ = points(VOLUME, *towns, *RANKS, *MOVES)
    assert [line for line in lines if "排名" in line] == ([sentence] if sentence else [])


def test_a_county_that_leads_everywhere():
    first = [("county_rank", "indicator", "事项覆盖率", 1, None, None, None), RANKS[2]]
    lines, _ = points(VOLUME, *TOWNS, *first)
    assert lines[-1] == "- 上级反馈的指标均居第1位；事项覆盖率为21.41%。"


def test_every_number_is_judged_by_its_row():
    """Ranks too: the gate and verify count the place of a row among its siblings."""
    _, filling = points(VOLUME, *TOWNS, *RANKS, *MOVES)
    rows = {}
    for group in filling.figures.rows.values():
        for row in group:
            rows[row.id] = {
                part: getattr(row, part)
                for part in ("value", "numerator", "denominator", "previous_value", "year_ago_value")
            }
    styles = {key: entry.style for key, entry in filling.figures.definitions.items()}
    for mark in filling.marks:
        right = Number(mark.figure_id, mark.part, str(mark.value), mark.value)
        assert list(judge_number(right, rows, styles)) == []
    (rank,) = [mark for mark in filling.marks if mark.part == "rank"]
    (finding,) = judge_number(Number(rank.figure_id, "rank", "3", 3), rows, styles)
    assert "prints 3" in str(finding) and "2" in str(finding)


def test_the_time_used_has_its_median_and_what_nine_in_ten_needed():
    rows = [(key, "total", "total", days, None, None, None) for key, days in DAYS.items()]
    lines, filling = points(VOLUME, *TOWNS, *rows)
    assert lines[-1] == "- 承诺件平均用时3.4个工作日，一半在2个工作日以内，九成在8个工作日以内。"
    assert {mark.figure_id.split("/")[1]: mark.value for mark in filling.marks[-3:]} == DAYS
