"""How numbers, changes, dates and lists are worded: the rules of reports/words as examples.

The expected words are worked out by hand from the office's rules of printing. Templates are tested in test_document.py.
"""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.words import wording
from reports.words.catalogue import load_words

ZH, EN = load_words("zh"), load_words("en")


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (349_200, "34.9万"),
        (306_000, "30.6万"),
        (43_200, "4.32万"),
        (17_400, "1.74万"),
        (40_800, "4.08万"),
        (11_500, "1.15万"),
        (64_000, "6.4万"),
        (10_000, "1万"),
        (9_999, "9999"),
        (0, "0"),
        (405, "405"),
        (99_949, "9.99万"),
        (99_960, "10万"),
        (999_500, "100万"),
        (1_234_567, "123万"),
        (None, "/"),
        (9_995, "9995"),
        (10_004, "1万"),
        (10_050, "1.01万"),
        (99_950, "10万"),
        (99_949.9, "9.99万"),
        (999_499, "99.9万"),
        (123_456_789, "12300万"),
        (30_600, "3.06万"),
        (100_400, "10万"),
        (1, "1"),
    ],
)
def test_wan_has_three_significant_digits_and_no_trailing_zeros(n, words):
    assert ZH.wan(n) == words


@pytest.mark.parametrize(
    ("x", "decimals", "words"),
    [
        (0.11684, 1, "11.7%"),
        (0.876, 0, "88%"),
        (0.12371, 0, "12%"),
        (0.04983, 0, "5%"),
        (0.03293, 1, "3.3%"),
        (428 / 1999, 2, "21.41%"),
        (24_851 / 26_000, 2, "95.58%"),
        (25_452 / 25_477, 1, "99.9%"),
        (1, 2, "100%"),
        (0, 1, "0%"),
        (0.99996, 2, "99.996%"),
        (0.00004, 1, "0.004%"),
        (0.996, 0, "99.6%"),
        (1.00004, 1, "100.004%"),
        (1.25, 1, "125.0%"),
        (0.0005, 1, "0.1%"),
        (None, 1, "/"),
        (0.995, 0, "99.5%"),
        (0.9949, 0, "99%"),
        (0.99996, 0, "99.996%"),
        (0.9999999, 1, "99.99999%"),
        (0.004, 0, "0.4%"),
        (4.2, 1, "420.0%"),
        (1 / 3, 2, "33.33%"),
        (0.00049, 1, "0.05%"),
        (0.125, 0, "13%"),
        (25_452 / 25_477, 2, "99.90%"),
        (1 - 1e-12, 2, "100%"),
        (1e-12, 2, "0%"),
    ],
)
def test_percent_never_rounds_to_all_or_nothing(x, decimals, words):
    assert wording.percent(x, decimals) == words


def test_a_share_has_one_decimal_unless_asked_otherwise():
    assert wording.percent(0.11684) == "11.7%"


@pytest.mark.parametrize(
    ("value", "base", "style", "expected"),
    [
        (349_200, 465_600, "wan", ("下降", "25%")),
        (428 / 1999, 422 / 1990, "rate", ("提高", "0.2个百分点")),
        (0.117, 0.12, "share", ("下降", "0.3个百分点")),
        (3.2, 3.5, "days", ("减少", "0.3个工作日")),
        (405, 405, "exact", ("持平", "")),
        (0.1 + 0.2, 0.3, "rate", ("持平", "")),
        (0, 5, "exact", ("下降", "100%")),
        (5, 0, "exact", None),
        (5, None, "exact", None),
        (None, 5, "exact", None),
        (0, 0, "exact", None),
        (250_001, 250_000, "wan", ("增长", "0.0004%")),
        (300, 100, "exact", ("增长", "200%")),
        (200, 100, "exact", ("增长", "100%")),
        (199_999, 100_000, "exact", ("增长", "99.999%")),  # not doubled
        (4, 10_000, "exact", ("下降", "99.96%")),  # not gone
        (1, 3, "exact", ("下降", "66.7%")),
        (1.0, 0.99996, "rate", ("提高", "0.004个百分点")),
        (0.05, 0.05, "rate", ("持平", "")),
        (0.0, 0.0, "rate", ("持平", "")),
        (0.88, 0.0, "rate", ("提高", "88个百分点")),  # a rate has a change from nothing, a count has none
        (3.0, 0.0, "days", ("增加", "3个工作日")),
        (3.04, 3.0, "days", ("增加", "0.04个工作日")),
    ],
)
def test_change_is_in_percent_for_counts_and_in_points_for_rates(value, base, style, expected):
    assert ZH.change(value, base, style, "个工作日") == expected


@pytest.mark.parametrize(
    ("value", "base", "style", "decimals", "expected"),
    [
        (0.99904, 0.99905, "rate", 2, ("持平", "")),  # 0.001个百分点
        (0.99904, 0.9991, "rate", 2, ("下降", "0.01个百分点")),
        (3.04, 3.0, "days", 1, ("持平", "")),
        (3.05, 3.0, "days", 1, ("增加", "0.1个工作日")),
        (250_001, 250_000, "wan", 0, ("增长", "0.0004%")),
    ],
)
def test_a_change_below_the_last_printed_digit_is_none(value, base, style, decimals, expected):
    assert ZH.change(value, base, style, "个工作日", decimals) == expected


def test_a_listing_ends_with_deng_only_when_cut_short():
    assert ZH.listing(["甲", "乙"]) == "甲、乙"
    assert ZH.listing(["甲", "乙"], cut_short=True) == "甲、乙等"
    assert ZH.listing([]) == ""


def test_exact_counts_days_and_dates():
    assert wording.exact(25_477) == "25477"
    assert wording.exact(25_477, ",") == "25,477"
    assert wording.exact(2862.3) == "2862"
    assert wording.exact(2862.5) == "2863"
    assert wording.days(3.45) == "3.5"
    assert ZH.day(date(2022, 6, 30)) == "2022年6月30日"
    assert ZH.span(date(2022, 1, 1), date(2022, 6, 30)) == "2022年1月1日至6月30日"
    assert ZH.span(date(2022, 6, 30), date(2022, 6, 30)) == "2022年6月30日"
    assert ZH.span(date(2021, 12, 1), date(2022, 6, 30)) == "2021年12月1日至2022年6月30日"


def test_a_period_not_complete_is_called_by_its_dates():
    assert ZH.period("全年", date(2022, 1, 1), date(2022, 12, 15), True) == "全年"
    assert ZH.period("12月", date(2022, 12, 1), date(2022, 12, 15), False) == "2022年12月1日至12月15日"


@pytest.mark.parametrize(
    ("value", "style", "decimals", "words"),
    [
        (349_200, "wan", 0, "34.9万"),
        (25_477, "exact", 0, "25477"),
        (0.9558, "rate", 2, "95.58%"),
        (0.117, "share", 1, "11.7%"),
        (3.45, "days", 1, "3.5"),
    ],
)
def test_a_value_is_printed_in_its_style_and_a_missing_one_as_a_stroke(value, style, decimals, words):
    assert ZH.printed(value, style, decimals) == words
    assert ZH.printed(None, style, decimals) == "/"


def test_thousands_are_separated_in_english_alone():
    assert (ZH.printed(25_477, "exact", 0), EN.printed(25_477, "exact", 0)) == ("25477", "25,477")
    assert ZH.printed(25_477, "exact", 0) == "25477"


@pytest.mark.parametrize(
    ("value", "base", "style", "amount"),
    [
        (349_200, 465_600, "wan", -0.25),
        (300, 100, "exact", 2.0),
        (0.75, 0.5, "rate", 0.25),
        (0.25, 0.5, "share", -0.25),
        (3.5, 3.0, "days", 0.5),
    ],
)
def test_the_amount_of_a_change_is_a_fraction_for_counts_and_a_difference_otherwise(value, base, style, amount):
    assert wording.change_amount(value, base, style) == pytest.approx(amount)


def test_an_unknown_style_is_named():
    with pytest.raises(ValueError, match="unknown style 'wann'"):
        ZH.printed(1, "wann", 0)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 3))
def test_a_percentage_reads_back_and_keeps_off_its_ends(part, whole, decimals):
    x = part / whole
    printed = wording.percent(x, decimals)
    read = Decimal(printed.removesuffix("%")) / 100
    assert abs(read - Decimal(x)) <= Decimal(10) ** -(decimals + 2) / 2 + Decimal(x) * Decimal("1e-9") + Decimal("1e-9")
    if abs(x - 1) > 1e-8:
        assert printed != "100%"
    if x > 1e-8:
        assert printed != "0%"


@given(st.integers(0, 10**12))
def test_a_count_in_wan_reads_back_to_three_digits(n):
    printed = ZH.wan(n)
    read = Decimal(printed.removesuffix("万")) * (10_000 if printed.endswith("万") else 1)
    assert abs(read - n) <= Decimal(n) / 200
    digits = printed.removesuffix("万")
    assert not ("." in digits and digits.endswith(("0", ".")))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_change_says_the_direction_and_never_none_for_some(value, base):
    word, size = ZH.change(value, base, "rate")
    if value == base:
        assert (word, size) == ("持平", "")
    elif abs(value - base) > 1e-9:
        assert word == ("提高" if value > base else "下降")
        assert Decimal(size.removesuffix("个百分点")) > 0


def test_numerators_and_months_in_words():
    assert ZH.amount(349_200.0) == "349200"
    assert ZH.amount(17_503.5) == "17503.50"
    assert ZH.amount(None) == "/"


@pytest.mark.parametrize(("n", "words"), [(0.27, "0.3"), (0.04, "0.04"), (0, "0"), (0.5, "1"), (2862.3, "2862")])
def test_a_mean_is_not_rounded_to_nothing(n, words):
    assert wording.exact(n) == words
