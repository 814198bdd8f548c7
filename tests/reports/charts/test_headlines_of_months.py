"""Tests the headlines of the charts over time: monthly volumes, certificates, the calendar.

Each case gives the data of a chart and the sentence that is true of them.
"""

from datetime import date

import pytest

from reports.charts.headlines import over_months
from reports.words.catalogue import load_words

ZH = load_words("zh")

JAN_TO_JUN = ["1月", "2月", "3月", "4月", "5月", "6月"]


def months(values, bases=None):
    return list(zip(JAN_TO_JUN, values, bases or [None] * len(values), strict=False))


@pytest.mark.parametrize(
    ("values", "bases", "expected"),
    [
        ([69, 41, 64], [86, 50, 89], "上半年办件34.9万件，各月均低于上年同月"),
        ([86, 52, 89], [69, 41, 64], "上半年办件34.9万件，各月均高于上年同月"),
        ([69, 41, 64], [69, 41, 64], "上半年办件34.9万件，各月均与上年同月持平"),
        ([69, 41, 64], [86, 50, 60], "上半年办件34.9万件，3个月中2个月低于上年同月"),
        ([69, 41, 64, 60], [60, 40, 64, 70], "上半年办件34.9万件，4个月中2个月高于上年同月"),
        ([69, 41], [86, 40], "上半年办件34.9万件，1个月高于、1个月低于上年同月"),
        ([69, 41, 64], [86, 50, None], "上半年办件34.9万件，可比的2个月均低于上年同月"),
        ([69, 41, 64], [None, 50, None], "上半年办件34.9万件"),
        ([69, 41, 64], None, "上半年办件34.9万件，1月最多"),
        ([69, 41, 69], None, "上半年办件34.9万件"),
        ([69], [86], "上半年办件34.9万件，低于上年同月"),
        ([69], [69], "上半年办件34.9万件，与上年同月持平"),
        ([69], None, "上半年办件34.9万件"),
        ([69], [41], "上半年办件34.9万件，高于上年同月"),
        ([69, 41], [60, 41], "上半年办件34.9万件，2个月中1个月高于上年同月"),
        ([69, 41, 64], [86, 40, None], "上半年办件34.9万件，可比的2个月中1个月高于、1个月低于上年同月"),
        ([69, 69, 69], None, "上半年办件34.9万件，各月持平"),
    ],
)
def test_monthly_volume(values, bases, expected):
    assert over_months.monthly_volume(ZH, "上半年", 349_200, months(values, bases)) == expected


def test_monthly_volume_without_cases():
    assert over_months.monthly_volume(ZH, "6月", 0, months([0], [5])) == "6月没有办件"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([72, 58, 106, 113, 132, 159], "电子证照入库3月起逐月增加，上半年累计6.4万个"),
        ([58, 72, 106], "电子证照入库逐月增加，上半年累计6.4万个"),
        ([106, 72, 58], "电子证照入库逐月减少，上半年累计6.4万个"),
        ([106, 172, 58, 50], "电子证照入库3月起逐月减少，上半年累计6.4万个"),
        ([72, 58, 106], "电子证照入库3月最多，上半年累计6.4万个"),
        ([72, 106, 58, 106], "电子证照入库上半年累计6.4万个"),
        ([72, 72, 72], "电子证照入库各月持平，上半年累计6.4万个"),
        ([72, 80], "电子证照入库2月最多，上半年累计6.4万个"),
        ([72], "上半年电子证照入库6.4万个"),
        ([58, 58, 72, 106], "电子证照入库3月起逐月增加，上半年累计6.4万个"),
        ([106, 72, 58, 58], "电子证照入库1月最多，上半年累计6.4万个"),
        ([72, None, 106], "电子证照入库上半年累计6.4万个"),
    ],
)
def test_certificates(values, expected):
    assert over_months.certificates(ZH, "上半年", 64_000, list(zip(JAN_TO_JUN, values, strict=False))) == expected


def test_certificates_none_stored():
    assert over_months.certificates(ZH, "6月", 0, [("6月", 0)]) == "6月没有电子证照入库"


@pytest.mark.parametrize(
    ("values", "free", "expected"),
    [
        ([10, 30, 0], {3}, "6月2日办件最多，为30件，非工作日没有办件"),
        ([10, 30, 40], {3}, "6月3日办件最多，为40件，非工作日占50.0%"),
        ([30, 30, 20], {3}, "非工作日占25.0%"),  # two busiest days: none is named
        ([30, 30], set(), "每日办件最多30件"),
        ([0, 0], {1}, "本期没有办件"),
    ],
)
def test_calendar(values, free, expected):
    days = [(date(2022, 6, place), value) for place, value in enumerate(values, 1)]
    assert over_months.calendar(ZH, days, frozenset(f"2022-06-{day:02d}" for day in free)) == expected
