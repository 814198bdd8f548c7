"""Tests what the ledger says that exports supply: columns by header, constant and derivation, and runs of days.

Spans and columns are expected as a reader of the mapping would say them. Two tests ingest files of the tiny county;
which figures have rows by it is tested in end_to_end.
"""

from __future__ import annotations

from datetime import date

import pytest

from ingest.ledger.supply import find_first_day, list_supplied, merge_spans
from ingest.mapping.contract import Export
from ingest.mapping.load import load_contracts
from tests.ingest.conftest import case

DATED = r"(\d{4})(\d{2})(\d{2})?"


def export(**fields) -> Export:
    return Export(dataset="cases", files=["*"], date_in_path=DATED, **fields)


@pytest.mark.parametrize(
    ("path", "until", "covers", "first"),
    [
        ("a_20220615.csv", date(2022, 6, 15), None, date(2022, 6, 15)),
        ("a_202206.csv", date(2022, 6, 30), None, date(2022, 6, 1)),
        ("a_202206.csv", date(2022, 6, 30), "day", date(2022, 6, 1)),
        ("a_20220615.csv", date(2022, 6, 15), "month", date(2022, 6, 1)),
        ("a_20220615.csv", date(2022, 6, 15), "quarter", date(2022, 4, 1)),
        ("a_20221231.csv", date(2022, 12, 31), "half", date(2022, 7, 1)),
        ("a_202206.csv", date(2022, 6, 30), "year", date(2022, 1, 1)),
        ("a_202206.csv", date(2022, 6, 30), "all", None),
        # the day of a control file
        ("a.csv", date(2022, 6, 15), None, date(2022, 6, 15)),
        ("a.csv", None, "month", None),
    ],
)
def test_first_day_of_a_file(path, until, covers, first):
    assert find_first_day(path, until, export(covers=covers)) == first


def test_days_without_a_file_interrupt_a_run_only_if_a_month_may_be_missing():
    january, february, march = (
        (date(2022, 1, 1), date(2022, 1, 31)),
        (date(2022, 2, 1), date(2022, 2, 28)),
        (date(2022, 3, 1), date(2022, 3, 31)),
    )
    assert merge_spans([february, january]) == [(january[0], february[1])]
    assert merge_spans([march, january]) == [january, march]
    # a week of holidays between two daily files
    monday, next_monday = (date(2022, 1, 28),) * 2, (date(2022, 2, 7),) * 2
    assert merge_spans([monday, next_monday]) == [(monday[0], next_monday[1])]
    assert merge_spans([february, (None, january[1]), (date(2022, 2, 3), None)]) == [(None, None)]


def test_a_column_is_supplied_by_header_constant_or_derivation():
    mapping = export(
        columns={"case_no": ["业务号"], "window_name": ["窗口"]},
        constants={"channel": "counter"},
        derived={
            "org_name": {"from": "window_name"},
            "venue": {"from": "org_name"},
            "town_name": {"from": "region_code"},
            "accepted_at": {"from": "file_date"},
        },
    )
    contract = load_contracts()["cases"]
    supplied = list_supplied(contract, mapping, ["业务号", "窗口", "办结时间", "申请人", "备注"])
    assert [*supplied] == [
        *("case_no", "source_system", "channel", "org_name", "window_name", "venue", "accepted_at", "finished_at"),
    ]
    assert {name: value for name, value in supplied.items() if value} == {"channel": "counter"}
    # personal columns are never stored, and a town can't be derived from a column that is not there
    assert "venue" not in list_supplied(contract, mapping, ["业务号"])


def test_lookups_that_lead_to_one_value_give_a_constant():
    derived = {
        "org_name": {"from": "window_name", "pattern": r"^\D+", "lookup": {"税务": "县税务局", "社保": "县人社局"}},
        "venue": {"from": "org_name", "lookup": {"县税务局": "hall", "县人社局": "hall", "柳林镇": "township"}},
    }
    contract = load_contracts()["cases"]
    supplied = list_supplied(contract, export(derived=derived), ["办件编号", "受理窗口"])
    assert supplied == {
        **dict.fromkeys(("case_no", "source_system", "org_name", "window_name")),
        "venue": "hall",
    }
    # a derivation only fills blanks of a column that the file has
    assert list_supplied(contract, export(derived=derived), ["受理窗口", "受理部门"])["venue"] is None


def test_the_ledger_says_which_days_each_column_is_supplied_for(landing):
    landing.put("hall/202201.csv", case(1))
    without_finish = "A2,食品经营许可,窗口办理,县行政审批局,2022-02-01 09:00:00,在办"
    landing.put("hall/202202.csv", without_finish, header="业务编号,事项名称,办理形式,受理部门,受理时间,办件状态")
    landing.put("hall/202204.csv", case(3))
    landing.run()
    days = "cast(covered_from as varchar), cast(covered_until as varchar)"
    supplied = f"select {days} from quality.supplied where column_name = '{{}}' order by 1"
    assert landing.ask(supplied.format("accepted_at")) == [("2022-01-01", "2022-02-28"), ("2022-04-01", "2022-04-30")]
    assert landing.ask(supplied.format("finished_at")) == [("2022-01-01", "2022-01-31"), ("2022-04-01", "2022-04-30")]
    assert landing.ask(supplied.format("venue")) == [("2022-01-01", "2022-02-28"), ("2022-04-01", "2022-04-30")]
    assert landing.ask("select distinct constant_value from quality.supplied where column_name = 'venue'") == [
        ("hall",)
    ]
    first = "select cast(covers_from as varchar) from quality.files order by path"
    assert landing.ask(first) == [("2022-01-01",), ("2022-02-01",), ("2022-04-01",)]
