"""Tests in a real browser what the explorer shows before a reader has chosen, and how it tells months that are missing.

Skipped where no chromium is installed. What readers do with it is tested in test_browser_explorer.py.
"""

import pytest

from reports.formats.html import explorer
from reports.formats.html.index import EXPLORER
from tests.reports.conftest import LINGWU
from tests.reports.formats.explored import explored


@pytest.fixture
def page(visit, tmp_path):
    """The explorer of a home whose towns lack months: one of them April, another March and April."""
    with explored() as connection:
        connection.execute(
            "delete from marts.figures where figure = 'case_volume' and member = '郝家桥镇'"
            " and period in ('2022-03', '2022-04')"
        )
        explorer.write(connection, LINGWU, tmp_path)
    opened = visit("light", (tmp_path / EXPLORER).as_uri() + "#member=郝家桥镇&member=崇兴镇")
    opened.wait_for_selector("body[data-shown]")
    return opened


def test_it_opens_with_the_townships_in_the_newest_month_that_is_over(page):
    """July is running: it would look like a fall."""
    shown = [page.get_by_label(name, exact=True).input_value() for name in ("指标", "分项", "时期")]
    assert shown == ["case_volume", "town", "2022-05"]


def test_months_that_follow_each_other_and_are_missing_are_told_as_one_gap(page):
    assert "郝家桥镇（2022年3月至2022年4月）、崇兴镇（2022年4月）" in page.locator("#course .notes").inner_text()


def test_the_chosen_month_is_marked_in_the_table_and_two_lines_print_no_numbers_over_each_other(page):
    assert page.locator("#course tr.now th").all_inner_texts() == ["2022年5月"]
    assert "41500" in page.locator("#course tr.now td").all_inner_texts()
    assert "41500" not in page.locator("#course .picture svg text").all_text_contents()
