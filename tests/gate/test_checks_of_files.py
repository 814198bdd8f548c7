"""Tests that each check finds a planted violation, and names it and nothing else.

The tables are small and made by hand. A check that is added without a violation here fails by its name. How
great-expectations evaluates a frame and how Dagster blocks a run are tested elsewhere.
"""

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project.gate.ingest_checks import CHECKS, judge_ledger

_TABLES = """
create schema quality;
create table quality.files (path varchar, source varchar default 'hall', verdict varchar default 'loaded',
    reason varchar, rows_read bigint default 3, rows_loaded bigint default 3, rows_superseded bigint default 0,
    rows_duplicate bigint default 0, rows_quarantined bigint default 0, file_id integer default 1,
    covers_from date default date '2022-06-01', covers_until date default date '2022-06-30');
create schema raw; create schema reference; create table reference.jurisdiction (starts_on date);
insert into reference.jurisdiction values (null);
create table raw.cases (_file_id integer default 1, _state varchar default 'loaded', case_no varchar,
    accepted_at timestamp, finished_at timestamp, closed_at timestamp, updated_at timestamp,
    source_system varchar default 'hall', _key_hash uinteger default 1);
create table raw.case_results (_file_id integer default 1, _state varchar default 'loaded', case_no varchar,
    finished_at timestamp, source_system varchar default 'hall', _key_hash uinteger default 1, _record bigint);
create table raw.case_pauses as select * exclude (finished_at) from raw.case_results;
create table reference.sources as select * from (values ('hall', 'shared'), ('town', 'shared'), ('hr', 'own'))
    t(source, case_no_scope);
create table raw.evaluations (_file_id integer, _state varchar, evaluation_no varchar, evaluated_at timestamp,
    rectified_at timestamp, revisited_at timestamp, updated_at timestamp);
create table raw.certificates (_file_id integer, _state varchar, certificate_id varchar, stored_at timestamp,
    updated_at timestamp);
insert into raw.cases (case_no, accepted_at, finished_at) values
    ('old', '2020-06-01 09:00:00', '2022-06-02 09:00:00'), ('late', '2022-06-30 09:00:00', '2022-07-31 09:00:00');
create table quality.drift (path varchar, source varchar default 'hall', kind varchar, column_name varchar,
    found varchar, verdict varchar, files integer);
insert into quality.files (path) values ('hall/good.csv');
insert into raw.cases (case_no, source_system, _key_hash) values ('H1', 'hr', 2);
insert into raw.case_results (case_no, _record) values ('old', 1);
insert into raw.case_pauses values (1, 'loaded', 'old', 'hall', 1, 1), (1, 'loaded', 'old', 'town', 1, 2),
    (1, 'loaded', 'H1', 'hr', 2, 3);
"""
# name of the check: what is planted, and the file that it must name
FAULTY = {
    "files_are_taken": "insert into quality.files (path, verdict) values ('hall/bad.csv', 'refused')",
    "rows_are_conserved": "insert into quality.files (path, rows_read) values ('hall/bad.csv', 4)",
    "drift_is_tolerated": "insert into quality.files (path) values ('hall/bad.csv'); insert into quality.drift "
    "values ('hall/bad.csv', 'hall', 'column missing', 'status', '', 'refuse', 1)",
    "exports_have_not_drifted": "insert into quality.drift "
    "values ('hall/bad.csv', 'hall', 'code', 'status', '新', 'warn', 1)",
    "files_are_read_with_their_mapping": "insert into quality.files (path, reason) values ('hall/bad.csv', 'mapping')",
    "files_are_claimed": "insert into quality.files (path, verdict) values ('hall/bad.csv', 'unclaimed')",
    # two of three rows are of one moment in May; the update of a case of April belongs to June
    "files_cover_their_rows": "insert into quality.files (path, file_id) values ('hall/bad.csv', 3); "
    "insert into raw.cases (_file_id, case_no, accepted_at, updated_at) values (3, 'a', '2022-05-02', null), "
    "(3, 'b', '2022-05-02', null), (3, 'c', '2022-04-01', '2022-06-30')",
    "dates_lie_near_their_file": "insert into quality.files (path, file_id) values ('hall/bad.csv', 2); "
    "insert into raw.cases (_file_id, case_no, accepted_at) "
    "values (2, 'mistyped', '2015-06-01 09:00:00'), (2, 'future', '2022-08-01 09:00:00')",
    "nothing_is_quarantined": "insert into quality.files (path, rows_loaded, rows_quarantined) "
    "values ('hall/bad.csv', 2, 1)",
    "pauses_have_their_case": "insert into quality.files (path, file_id) values ('hall/bad.csv', 2); "
    "insert into raw.case_pauses values (2, 'loaded', 'H1', 'hall', 2, 1)",
    "results_have_their_case": "insert into quality.files (path, file_id) values ('hall/bad.csv', 2); "
    "insert into raw.case_results (_file_id, case_no, source_system, _record) values (2, 'old', 'town', 1)",
}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        yield connection


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_each_check_of_the_ledger_finds_its_file(warehouse, check):
    assert check.name in FAULTY, f"plant a violation of {check.name} in FAULTY"
    assert [rows for _, rows in judge_ledger(warehouse, [])] == [[]] * len(CHECKS)
    warehouse.execute(FAULTY[check.name])
    found = {judged.name: [row["path"] for row in rows] for judged, rows in judge_ledger(warehouse, [])}
    assert found[check.name] == ["hall/bad.csv"]


def test_dates_far_from_their_file_are_listed_by_key(warehouse):
    warehouse.execute(FAULTY["dates_lie_near_their_file"])
    (found,) = [rows for check, rows in judge_ledger(warehouse, []) if check.name == "dates_lie_near_their_file"]
    assert found == [
        {"path": "hall/bad.csv", "what": "accepted_at 2", "keys": "mistyped 2015-06-01, future 2022-08-01"}
    ]


def test_a_file_that_reaches_further_back_than_its_name_is_told_to_declare_it(warehouse):
    warehouse.execute(FAULTY["files_cover_their_rows"])
    (found,) = [rows for check, rows in judge_ledger(warehouse, []) if check.name == "files_cover_their_rows"]
    assert found == [
        {"path": "hall/bad.csv", "what": "2 of 3 rows are of days before 2022-06-01: write covers into the mapping"}
    ]


def test_what_stops_publication():
    assert {check.name for check in CHECKS if check.is_blocking} == {
        "files_are_taken",
        "rows_are_conserved",
        "drift_is_tolerated",
    }
