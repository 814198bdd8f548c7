"""Tests quarantined records: their place, the words of each rule, and their loading once mapping or file is mended.

It asserts against the csv module, counts by hand, and a warehouse read anew. Versions, drift and persons have tests of
their own.
"""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest.mapping.contract import Export
from ingest.mapping.load import load_contracts
from ingest.reading import decode
from ingest.reading.compare import Layout
from ingest.rows.batch import Batch
from ingest.rows.quarantine import MALFORMED_RULES, RULES
from ingest.rows.rules import list_column_rules
from tests.ingest.conftest import COUNTY, HEADER, case, read_anew, run, state

KINDS = {
    "good": lambda n: case(n),
    "two lines": lambda n: case(n, item_name='"两\n行，""引号"""'),
    "unknown": lambda n: case(n, status='"不\n明"'),
    "short": lambda n: f"A{n},只有两格",
    "long": lambda n: case(n) + ",多,出",
    "blank": lambda n: "",
}


@settings(
    max_examples=8,
    phases=(Phase.generate,),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(files=st.lists(st.lists(st.sampled_from(sorted(KINDS)), max_size=30), min_size=1, max_size=4))
def test_record_numbers_are_those_of_the_csv_module(landing, files):
    for day, kinds in enumerate(files, 1):
        # numbers of their own, so that no row is another's version
        lines = [KINDS[kind](1000 * day + n) for n, kind in enumerate(kinds)]
        # fillers keep the share of bad rows below what refuses a file
        lines += [case(10_000 * day + n) for n in range(50 * len(kinds))]
        landing.put(f"hall/2022010{day}.csv", *lines)
    (landing.home / "build" / "warehouse.duckdb").unlink(missing_ok=True)
    landing.run()
    width = len(HEADER.split(","))
    for path in sorted((landing.home / "exports" / "hall").iterdir()):
        with io.StringIO(path.read_text(encoding="utf-8"), newline="") as file:
            records = [row for row in csv.reader(file) if row][1:]
        bad = [place for place, row in enumerate(records, 1) if len(row) != width or row[6] == "不\n明"]
        good = [(place, row[0]) for place, row in enumerate(records, 1) if place not in bad]
        of_file = f"in (select file_id from quality.files where path = 'hall/{path.name}')"
        assert landing.ask(f"select distinct record from quality.quarantine where file_id {of_file} order by 1") == [
            (place,) for place in bad
        ]
        assert landing.ask(f"select _record, case_no from raw.cases where _file_id {of_file} order by 1") == good
        assert landing.counts(f"hall/{path.name}") == ("loaded", len(records), len(good), 0, 0, len(bad))
        path.unlink()


def test_every_rule_has_words_for_the_supplier():
    rules = {*MALFORMED_RULES.values(), "personal", "total_row", "not_derived"}
    for contract in load_contracts().values():
        export = Export(dataset=contract.dataset, files=["x"])
        batch = Batch(contract, export, "x", Layout((), {}, ()), (), 1)
        rules |= {
            rule for name, column in contract.stored.items() for rule, _ in list_column_rules(name, column, batch)
        }
    assert rules <= RULES.keys()
    assert all(said and todo for said, todo in RULES.values())


@pytest.fixture
def county(tmp_path):
    return shutil.copytree(COUNTY, tmp_path / "county")


def mend(county, old: str, new: str) -> None:
    path = county / "sources" / "hall.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_mended_mapping_takes_in_what_was_set_aside(landing, county):
    landing.put("hall/202201.csv", *(case(n) for n in range(99)), case(99, channel="飞鸽传书"))
    landing.put("hall/202202.csv", *(case(200 + n, channel="飞鸽传书") for n in range(3)))
    landing.put("office/202201.csv", case(1))
    assert [name for name, _ in run(landing, county).refused] == ["hall/202202.csv"]
    assert landing.counts("hall/202201.csv") == ("loaded", 100, 99, 0, 0, 1)
    mend(
        county,
        "columns: {case_no: [业务编号]}",
        "columns: {case_no: [业务编号]}\n    codes: {channel: {飞鸽传书: post}}",
    )
    report = run(landing, county)
    assert (report.new_files, report.read_again, report.refused) == (2, 1, [])
    assert landing.ask("select count(*) from raw.cases where channel = 'post' and _state = 'loaded'") == [(4,)]
    assert landing.ask("select count(*) from quality.quarantine") == [(0,)]
    found = state(landing)
    assert found[-1] == []
    assert run(landing, county).new_files == 0
    assert found == read_anew(landing, county)


def test_replay_reads_again_what_holds_quarantine_or_everything(landing):
    landing.put("hall/202201.csv", *(case(n) for n in range(99)), case(99, channel="飞鸽传书"))
    landing.put("hall/202202.csv", *(case(n) for n in range(99)))
    landing.run()
    before = state(landing)
    assert (run(landing, COUNTY, "quarantined").read_again, run(landing, COUNTY, "all").read_again) == (1, 2)
    assert state(landing) == before
    assert landing.ask("select count(*) from quality.files") == [(2,)]


def test_a_mended_file_settles_its_rows_and_its_quarantine(landing):
    landing.put("hall/202201.csv", *(case(n) for n in range(99)), case(99, status="不明"))
    landing.run()
    landing.put("hall/202201.csv", *(case(n) for n in range(98)), case(99))
    landing.run()
    assert landing.counts("hall/202201.csv") == ("loaded", 99, 99, 0, 0, 0)
    assert landing.ask("select count(*) from quality.quarantine") == [(0,)]
    assert state(landing) == read_anew(landing)


@pytest.mark.parametrize("spoilt", ["编号\n1\n", "", "\n".join([HEADER, *[case(1, status="不明")] * 3, ""])])
def test_a_file_replaced_by_one_that_is_refused_leaves_nothing_behind(landing, spoilt):
    landing.put("hall/202201.csv", case(1), case(2))
    path = landing.put("hall/20220203.csv", case(1, status="撤销"), case(3))
    landing.run()
    path.write_text(spoilt, encoding="utf-8")
    assert [name for name, _ in landing.run().refused] == ["hall/20220203.csv"]
    assert landing.ask("select case_no, status from raw.cases where _state = 'loaded' order by 1") == [
        ("A1", "in_progress"),
        ("A2", "in_progress"),
    ]
    assert state(landing) == read_anew(landing)


def test_a_file_that_nobody_claims_any_more_leaves_nothing_behind(landing, county):
    landing.put("hall/a/202201.csv", case(1))
    landing.put("hall/b/202201.csv", case(2))
    run(landing, county)
    mend(county, '"hall/**/*.csv"', '"hall/a/*.csv"')
    assert [name for name, _ in run(landing, county).unclaimed] == ["hall/b/202201.csv"]
    assert landing.ask("select case_no from raw.cases") == [("A1",)]
    assert state(landing) == read_anew(landing, county)


def test_a_file_that_left_before_its_mapping_changed_is_named(landing, county):
    landing.put("hall/202201.csv", case(1))
    gone = landing.put("hall/202202.csv", case(2))
    run(landing, county)
    gone.unlink()
    run(landing, county)
    assert landing.ask("select path from quality.files where reason is not null") == []
    mend(county, "constants: {venue: hall}", "constants: {venue: township}")
    run(landing, county)
    assert landing.ask("select case_no, venue from raw.cases order by 1") == [("A1", "township"), ("A2", "hall")]
    ((path, reason),) = landing.ask("select path, reason from quality.files where reason is not null")
    assert path == "hall/202202.csv" and "exports/" in reason


def test_an_older_release_of_the_ledger_is_read_again(landing):
    landing.put("hall/202201.csv", case(1))
    landing.run()
    before = state(landing)
    with landing.connect() as connection:
        connection.execute(
            "alter table quality.files drop column mapping_hash; alter table quality.files drop column covers_from; "
            "drop table quality.drift"
        )
    assert landing.run().read_again == 1
    assert state(landing) == before


@pytest.mark.parametrize("fewer", [1, 99])
def test_more_rows_than_records_were_counted_refuse_the_file_plainly(landing, monkeypatch, fewer):
    counted = decode.survey_file
    monkeypatch.setattr(decode, "survey_file", lambda *a: replace(found := counted(*a), records=found.records - fewer))
    landing.put("hall/202201.csv", *(case(n) for n in range(99)))
    ((_, reason),) = landing.run().refused
    assert reason.startswith(f"holds {99 - fewer} records but only 99 can be told apart")
    assert landing.ask("select count(*) from raw.cases") == [(0,)]
