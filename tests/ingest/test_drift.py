"""What a source sends otherwise than usual: columns, types, codes never seen and volumes, each with its verdict.

Refused headers and bad rows are tested beside. It asserts what `quality.drift` says of exports written by hand.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingest.mapping.contract import Drift
from ingest.mapping.load import load_contracts
from tests.ingest.conftest import HEADER, case, read_anew, run, state

MONTHS = ["202110", "202111", "202112", "202201"]


def drift(landing) -> list[tuple]:
    return landing.ask("select kind, column_name, found, path, files, verdict from quality.drift order by all")


@pytest.fixture
def usual(landing):
    """Three months as they always are."""
    for place, month in enumerate(MONTHS[:3]):
        landing.put(f"hall/{month}.csv", *(case(100 * place + n) for n in range(60)))
    return landing


def test_nothing_is_said_of_files_like_the_others(usual):
    usual.put("hall/202201.csv", case(900))
    run(usual)
    assert drift(usual) == []


def test_columns_added_missing_renamed_and_moved_are_told_apart(usual):
    header = (
        HEADER.replace("事项名称,办理形式", "办理形式,事项名称")
        .replace(",更新时间", "")
        .replace("业务编号", "办件编号")
    )
    cells = case(900).split(",")
    cells = [cells[0], cells[2], cells[1], *cells[3:7], *cells[8:], "旁注", "13812345678"]
    usual.put("hall/202201.csv", ",".join(cells), header=header + ",备注,手机13900001111")
    run(usual)
    path = "hall/202201.csv"
    assert drift(usual) == [
        ("added", "", "备注", path, 1, "warn"),
        # a header that holds a number is a row of data, or as good as one
        ("added", "", "第12列（已遮蔽，13字）", path, 1, "warn"),
        ("missing", "updated_at", "更新时间", path, 1, "warn"),
        ("renamed", "case_no", "办件编号", path, 1, "accept"),
        ("reordered", "channel", "办理形式", path, 1, "accept"),
    ]
    assert usual.counts(path) == ("loaded", 1, 1, 0, 0, 0)


def test_a_required_column_that_is_missing_is_refused_and_said(usual):
    usual.put("hall/202201.csv", "900,食品经营许可", header="业务编号,事项名称")
    run(usual)
    missing = [row for row in drift(usual) if row[0] == "missing"]
    assert ("missing", "channel", "办理形式", "hall/202201.csv", 1, "refuse") in missing
    assert ("missing", "updated_at", "更新时间", "hall/202201.csv", 1, "warn") in missing
    assert usual.counts("hall/202201.csv") == ("refused", 1, 0, 0, 0, 1)


def test_a_column_of_another_type_is_named(usual):
    usual.put("hall/202201.csv", *(case(900 + n, accepted_at="上午九时") for n in range(5)))
    run(usual)
    assert drift(usual) == [("retyped", "accepted_at", "not_a_timestamp", "hall/202201.csv", 1, "warn")]


def test_a_code_is_news_once_and_only_where_there_is_a_past(usual):
    usual.put("hall/202201.csv", case(900, channel="快递"), *(case(n, org_name="新设的局") for n in range(901, 906)))
    run(usual)
    assert drift(usual) == [
        ("new_value", "channel", "post", "hall/202201.csv", 1, "warn"),
        ("new_value", "org_name", "新设的局", "hall/202201.csv", 1, "warn"),
    ]
    usual.put("hall/202202.csv", case(902, channel="快递"))
    run(usual)
    assert drift(usual) == []


def test_the_policy_of_the_contract_decides(usual, monkeypatch):
    contract = load_contracts()["cases"]
    stricter = contract.model_copy(update={"drift": Drift(added="refuse", new_value="accept")})
    changed = {**load_contracts(), "cases": stricter}
    monkeypatch.setattr("ingest.ledger.drift.load_contracts", lambda: changed)
    usual.put("hall/202201.csv", case(900, channel="快递") + ",旁注", header=HEADER + ",备注")
    run(usual)
    assert drift(usual) == [("added", "", "备注", "hall/202201.csv", 1, "refuse")]


def days(first: date, count: int, *, working: bool) -> list[date]:
    """Days of January and March 2022 that are working days or not; no holiday or moved day is among them."""
    every = (first + timedelta(n) for n in range(60))
    return [day for day in every if (day.weekday() < 5) == working][:count]


def test_a_daily_file_is_held_against_days_like_it_in_any_order(landing):
    working, off = days(date(2022, 2, 14), 14, working=True), days(date(2022, 2, 14), 6, working=False)
    rows = dict.fromkeys(working, 40) | dict.fromkeys(off, 3)
    rows[working[12]], rows[working[13]] = 2, 130
    for place, (day, count) in enumerate(sorted(rows.items(), reverse=True)):
        landing.put(f"hall/{day:%Y%m%d}.csv", *(case(1000 * place + n) for n in range(count)))
        if place == 5:
            run(landing)
    run(landing)
    assert [(row[0], row[3], row[2], row[5]) for row in drift(landing)] == [
        ("volume", f"hall/{working[13]:%Y%m%d}.csv", "130 行，同类日期通常 40 行", "warn"),
        ("volume", f"hall/{working[12]:%Y%m%d}.csv", "2 行，同类日期通常 40 行", "warn"),
    ]
    assert state(landing) == read_anew(landing)
