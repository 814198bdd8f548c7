"""Tests the headlines of the charts that compare: composition, townships, organisations, levels, county ranks.

Each case gives the data of a chart and the sentence that is true of them. The longest sentence allowed is tested here
too.
"""

import pytest

from reports.charts.headlines import comparisons
from reports.words.catalogue import load_words

ZH = load_words("zh")


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.876, 0.124, 0.117), "近九成办件在大厅窗口办理，全程网办占一成多"),
        ((0.3, 0.7, 0.033), "七成办件在乡镇（街道）办理，全程网办占3.3%"),
        ((0.5, 0.5, 0), "大厅窗口与乡镇（街道）办件各半，没有全程网办"),
        ((1.0, 0.0, 1.0), "全部办件在大厅窗口办理，全部为全程网办"),
        ((0.965, 0.035, 0.107), "96.5%办件在大厅窗口办理，全程网办约占一成"),
        ((0.54, 0.46, 0.48), "五成多办件在大厅窗口办理，全程网办占近一半"),
        ((0.9996, 0.0004, None), "99.96%办件在大厅窗口办理"),
        ((None, None, 0.2), "全程网办占二成"),
        ((None, 0.4, 0.2), "全程网办占二成"),
        ((None, None, None), "办件量构成"),
        ((None, None, 0.0989), "全程网办占9.9%"),
        ((None, None, 0.099), "全程网办约占一成"),
        ((None, None, 0.16), "全程网办占一成多"),
        ((None, None, 0.17), "全程网办占近二成"),
        ((None, None, 0.49), "全程网办约占一半"),
        ((None, None, 0.5), "全程网办占一半"),
        ((None, None, 0.54), "全程网办占五成多"),
        ((None, None, 0.95), "全程网办占九成多"),
        ((None, None, 0.951), "全程网办占95.1%"),
    ],
)
def test_composition(shares, expected):
    assert comparisons.composition(ZH, *shares) == expected


@pytest.mark.parametrize(
    ("towns", "expected"),
    [
        (
            [("东塔镇", 94), ("郝家桥镇", 83), ("崇兴镇", 78), ("甲乡", 55), ("街道办", 122)],
            "东塔、郝家桥、崇兴三镇合占乡镇（街道）办件的59%",
        ),
        (
            [("东塔镇", 94), ("甲乡", 83), ("崇兴镇", 78), ("乙乡", 55), ("丙镇", 122)],
            "东塔镇、甲乡、崇兴镇合占乡镇办件的59%",
        ),
        (
            [("东塔镇", 94), ("郝家桥镇", 6), ("甲乡", 0), ("乙乡", 0), ("丙镇", 0)],
            "东塔、郝家桥两镇合占乡镇办件的100%",
        ),
        ([("东塔镇", 60), ("甲乡", 40)], "东塔镇办件最多，占乡镇办件的60.0%"),
        ([("东塔镇", 40), ("甲乡", 40), ("丙乡", 20)], "东塔镇、甲乡办件并列最多，各占40.0%"),
        ([("东塔镇", 94)], "乡镇办件全部在东塔镇"),
        ([("东塔镇", 0), ("街道办", 0)], "各乡镇（街道）均无办件"),
        ([(f"很长很长很长很长的名字第{n}镇", 10) for n in range(6)], "办件最多的3个乡镇合占50%"),
        ([("东塔镇", 40), ("甲乡", 30), ("丙乡", 20), ("丁乡", 10)], "东塔镇办件最多，占乡镇办件的40.0%"),
        (
            [("马场乡", 40), ("白土岗乡", 30), ("梧桐树乡", 20), ("丁乡", 5), ("戊乡", 5)],
            "马场、白土岗、梧桐树三乡合占乡镇办件的90%",
        ),
        ([("甲乡", 40), ("乙乡", 30), ("丙乡", 20), ("丁乡", 5), ("戊乡", 5)], "甲乡、乙乡、丙乡合占乡镇办件的90%"),
        ([("很长" * 16 + "镇", 94)], "乡镇办件全部在一处"),
        ([("很长" * 11 + "镇", 60), ("甲乡", 40)], f"{'很长' * 11}镇办件最多，占60.0%"),
        ([("很长" * 16 + "镇", 60), ("甲乡", 40)], "办件最多的占60.0%"),
        ([("很长" * 8 + "镇", 40), ("很长" * 8 + "乡", 40), ("丙乡", 20)], "2个乡镇办件并列最多，各占40.0%"),
    ],
)
def test_town_share(towns, expected):
    assert comparisons.town_share(ZH, towns, sum(volume for _, volume in towns)) == expected


@pytest.mark.parametrize(
    ("towns", "whole", "expected"),
    [
        ([("甲镇", 0.04), ("乙乡", 0.03), ("丙镇", 0.01)], 0.02, "2个乡镇超期占比高于全市，甲镇最高"),
        ([("甲镇", 0.04), ("街道办", 0.03), ("丙镇", 0.01)], 0.02, "2个乡镇（街道）超期占比高于全市，甲镇最高"),
        ([("甲镇", 0.04), ("乙乡", 0.04), ("丙镇", 0.01)], 0.02, "2个乡镇超期占比高于全市，甲镇、乙乡并列最高"),
        ([("甲镇", 0.023112), ("乙乡", 0.023111), ("丙镇", 0.01)], 0.02, "2个乡镇超期占比高于全市，最高2.31%"),
        ([("甲镇", 0.04), ("乙乡", 0.01)], 0.02, "仅甲镇超期占比高于全市，为4.00%"),
        ([("甲镇", 0.02), ("乙乡", 0.02)], 0.02, "各乡镇超期占比均不高于全市"),
        ([("甲镇", 0.04), ("乙乡", 0.01)], None, "超期占比甲镇最高，为4.00%"),
        ([("甲镇", 0.0), ("街道办", 0.0)], 0.0, "各乡镇（街道）均无超期未办件"),
        ([("甲镇", 0.0079)], 0.0079, "甲镇超期占比为0.79%"),
        ([("甲镇", 0.01), ("乙乡", None)], 0.02, "甲镇超期占比为1.00%"),
        ([("甲镇", 0.01), ("丁镇", 0.01), ("乙乡", None)], 0.02, "有办件的乡镇超期占比均不高于全市"),
        ([("甲镇", None)], None, "各乡镇均无“一网通办”办件"),
        ([("甲镇", 0.04), ("乙镇", 0.04), ("丙镇", 0.04)], 0.02, "3个乡镇超期占比高于全市，甲镇、乙镇、丙镇并列最高"),
        ([(f"{n}镇", 0.04) for n in "甲乙丙丁"], 0.02, "4个乡镇超期占比高于全市，最高4.00%"),
        ([(f"{n}镇", 0.04) for n in "甲乙丙丁"], None, "超期占比最高为4.00%"),
        ([("甲镇", 0.04), ("乙镇", 0.04), ("丙镇", 0.01)], None, "超期占比甲镇、乙镇并列最高，为4.00%"),
        ([("很长" * 14 + "镇", 0.04)], 0.02, "超期占比为4.00%"),
        ([("很长" * 14 + "镇", 0.04), ("乙乡", 0.01)], 0.02, "仅1个乡镇超期占比高于全市，为4.00%"),
        ([("很长" * 14 + "镇", 0.04), ("乙乡", 0.03)], 0.02, "2个乡镇超期占比高于全市"),
    ],
)
def test_town_overdue(towns, whole, expected):
    with_cases = [(name, ratio, round((ratio or 0) * 10_000)) for name, ratio in towns]
    assert comparisons.town_overdue(ZH, with_cases, whole, "全市") == expected


@pytest.mark.parametrize(
    ("volumes", "total", "expected"),
    [
        (
            [94, 83, 78, 2, 1],
            200,
            "东塔、甲沟、乙沟三镇合占乡镇办件的100%",
        ),  # rounding may make the parts exceed the total
        ([94, 0, 0, 0, 0], 432, "东塔镇办件最多，占乡镇办件的21.8%"),
        ([94, 83], 0, "各乡镇均无办件"),
    ],
)
def test_town_share_of_another_total(volumes, total, expected):
    names = ("东塔镇", "甲沟镇", "乙沟镇", "丙沟镇", "丁沟镇")
    assert comparisons.town_share(ZH, list(zip(names, volumes, strict=False)), total) == expected


def test_a_town_has_all_cases_only_where_none_is_without_a_town():
    assert comparisons.town_share(ZH, [("东塔镇", 94)], 432) == "东塔镇办件最多，占乡镇办件的21.8%"


def test_town_overdue_where_no_case_came_in():
    towns = [("甲镇", 0.0, 0), ("乙乡", None, 3)]
    assert comparisons.town_overdue(ZH, towns, 0.01, "全市") == "超期未办3件，所在乡镇本期没有办件"


@pytest.mark.parametrize(
    ("total", "counted", "bad", "expected"),
    [
        (25_477, 25_477, 25, "有效评价2.55万次，差评25次，占0.10%"),
        (25_477, 25_477, 0, "有效评价2.55万次，没有差评"),
        (12, 12, 12, "有效评价12次，差评12次，占100%"),
        (1_000_000, 1_000_000, 1, "有效评价100万次，差评1次，占0.0001%"),
        (5, 0, 0, "有效评价5次"),  # levels unknown: nothing is said of bad ones
    ],
)
def test_evaluation_levels(total, counted, bad, expected):
    assert comparisons.evaluation_levels(ZH, total, counted, bad) == expected


@pytest.mark.parametrize(
    ("organisations", "total", "expected"),
    [
        (
            [("税务窗口", 50), ("人社窗口", 30), ("公安窗口", 12), ("民政窗口", 8)],
            100,
            "税务窗口、人社窗口、公安窗口办件合占92%",
        ),
        ([("甲", 50), ("乙", 20), ("丙", 15), ("丁", 15)], 100, "办件最多的3个单位合占85%"),
        ([("甲", 60), ("乙", 40)], 100, "甲办件最多，占60.0%"),
        ([("甲", 50), ("乙", 50), ("丙", 0)], 100, "甲、乙办件并列最多，各占50.0%"),
        ([("甲", 0)], 0, "各单位均无办件"),
        ([("甲", 50), ("乙", 30), ("丙", 20)], 100, "甲办件最多，占50.0%"),
        ([("甲", 50)], 0, "各单位均无办件"),
        ([("甲", 50), ("乙", 30), ("丙", 20), ("丁", 1)], 99, "甲、乙、丙办件合占100%"),
        ([("很长" * 14, 60), ("乙", 40)], 100, "办件最多的单位占60.0%"),
        ([("很长" * 8, 50), ("很短" * 8, 50)], 100, "2个单位办件并列最多，各占50.0%"),
        ([(f"名称很长很长很长的第{n}中心", 10 - n) for n in range(5)], 40, "办件最多的3个单位合占68%"),
    ],
)
def test_organisations(organisations, total, expected):
    assert comparisons.organisations(ZH, organisations, total) == expected


@pytest.mark.parametrize(
    ("ranks", "places", "expected"),
    [
        ([("甲", 3), ("乙", 6), ("丙", 4)], 6, "甲居第3位，乙居末位（第6位）"),
        ([("甲", 1), ("乙", 1), ("丙", 5)], 6, "2项指标居第1位，丙居第5位"),
        ([("甲", 2), ("乙", 2)], 6, "2项指标均居第2位"),
        ([("甲", 2)], 6, "甲居第2位"),
        ([("一项名称特别长的上级反馈指标", 1), ("另一项名称特别长的反馈指标", 2)], 9, "位次最前第1位，最后第2位"),
    ],
)
def test_county(ranks, places, expected):
    assert comparisons.county(ZH, ranks, places) == expected


def test_a_sentence_of_34_characters_is_kept_and_one_of_35_is_not():
    fits, too_long = "名" * 23, "名" * 24
    assert len(f"{fits}办件最多，占60.0%") == 34
    assert comparisons.organisations(ZH, [(fits, 60), ("乙", 40)], 100) == f"{fits}办件最多，占60.0%"
    assert comparisons.organisations(ZH, [(too_long, 60), ("乙", 40)], 100) == "办件最多的单位占60.0%"
