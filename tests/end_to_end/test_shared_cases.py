"""A province whose counties share cases counts each of them once in the volume, where its configuration says so.

The counties are those of test_province.py, numbered as one platform numbers them. How often a case repeats was counted
by hand from their exports.
"""

from __future__ import annotations

import shutil

import duckdb
import pytest

from reports.proof import verify_figures
from tests.end_to_end.province_counties import COUNTIES, Homes


@pytest.fixture(scope="module")
def sharing(homes, tmp_path_factory) -> Homes:
    """The counties number their cases as one platform does: the miniature's numbers, of which each has other ones."""
    sharing = Homes(tmp_path_factory.mktemp("sharing") / "all")
    shutil.copytree(homes.path, sharing.path, symlinks=True)
    for county in COUNTIES:
        published = (sharing.path / county.code / "home" / "warehouse.duckdb").resolve()
        published.chmod(0o600)
        with duckdb.connect(str(published)) as connection:
            connection.execute("update marts.fct_cases set case_no = substr(case_no, 3)")
    sharing.collect(b"the province's key")
    sharing.build("province")
    return sharing


_VOLUMES = """
    select numerator, previous_value, year_ago_value from marts.figures
    where period = '{}' and figure = 'case_volume' and dimension = '{}' and member = '{}'
"""


# From the counties' exports of the platform: P06 of two counties repeats once, P07 of all three twice, and so on;
# P28 to P31 are of states that no volume has.
@pytest.mark.parametrize(
    ("period", "dimension", "member", "repeats"),
    [
        ("2022-06", "total", "total", (31, 2, 0)),
        ("2022-06", "channel", "post", (2, 0, 0)),
        ("2022-06", "channel", "counter", (27, 2, 0)),
        ("2022-06", "venue", "hall", (2, 0, 0)),
        ("2022-06", "case_type", "immediate", (2, 0, 0)),
        ("2022H1", "total", "total", (38, 2, 1)),
    ],
)
def test_a_case_that_counties_share_is_counted_once(homes, sharing, period, dimension, member, repeats):
    (plain,) = homes.ask("province", _VOLUMES.format(period, dimension, member))
    (once,) = sharing.ask("province", _VOLUMES.format(period, dimension, member))
    assert [before and before - now for before, now in zip(plain, once, strict=True)] == [
        before and repeated for before, repeated in zip(plain, repeats, strict=True)
    ]


def test_what_is_counted_once_adds_up_and_is_proven_and_told(homes, sharing):
    parts = "select dimension, sum(value) from marts.figures where period = '2022-06' and figure = 'case_volume' {}"
    by = dict(sharing.ask("province", parts.format("and dimension <> 'county' group by all")))
    assert by.keys() >= {"total", "venue", "channel", "case_type"}
    assert by["venue"] == by["channel"] == by["total"]
    by_county = parts.format("and dimension = 'county' group by all")
    assert sharing.ask("province", by_county) == homes.ask("province", by_county) == [("county", by["total"] + 31)]
    reason = "select reason_en from marts.figures_absent where period = '2022-06' and reason_en like '%31 times more'"
    assert len(sharing.ask("province", reason)) == 1
    with sharing.home("province").connect() as connection:
        for period in ("2022-06", "2022H1"):
            assert verify_figures.find_differences(connection, period) == []


def test_no_case_number_leaves_a_county(sharing):
    exports = sharing.path / "province" / "home" / "exports" / "members"
    head, *rows = [line.split(",") for line in (exports / "member_cases.csv").read_text("utf-8").splitlines()]
    marks = {row[head.index("办件假名")] for row in rows}
    assert len(marks) > 20
    assert all(mark.isalpha() and len(mark) == 32 for mark in marks)
    before = (exports / "member_cases.csv").read_bytes()
    sharing.collect(b"another key")
    assert not marks & {row.split(",")[1] for row in (exports / "member_cases.csv").read_text("utf-8").splitlines()}
    sharing.collect(b"the province's key")
    assert (exports / "member_cases.csv").read_bytes() == before


def test_without_the_key_every_county_counts_its_own_again(homes, sharing, tmp_path):
    shutil.copytree(sharing.path, tmp_path / "all", symlinks=True)
    plain = Homes(tmp_path / "all")
    plain.collect()
    plain.build("province")
    assert plain.ask("province", "select * from marts.fct_member_cases") == []
    total = _VOLUMES.format("2022-06", "total", "total")
    assert plain.ask("province", total) == homes.ask("province", total)
