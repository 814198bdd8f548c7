"""Tests that each check of the gate finds what it is for: each gets something wrong, and must name it.

Small tables take the place of the ledger and the marts; limits come from the checks' own descriptions. dbt's tests are
tested in tests/end_to_end.
"""

from __future__ import annotations

import duckdb
import pytest

from dagster_project.checks import INGEST_CHECKS
from dagster_project.gate.ingest_checks import CHECKS, judge_ledger
from dagster_project.gate.plausibility import SUITES, judge_suites
from dagster_project.helper_process import HelperError, HelperProcess

LEDGER = """
    create schema quality;
    create table quality.files (path varchar, source varchar, verdict varchar, reason varchar, rows_read int,
        rows_loaded int, rows_superseded int, rows_duplicate int, rows_quarantined int, file_id int default 0,
        covers_from date, covers_until date);
    create table quality.drift (path varchar, source varchar, kind varchar, column_name varchar, found varchar,
        files int, verdict varchar);
    create schema raw; create schema reference;
    create table reference.sources as select 'hall' as source, 'shared' as case_no_scope
        union all select 'hr', 'own';
    create table reference.jurisdiction as select null::date as starts_on;
    create table raw.case_results as select * from (values ('hall', 'A1', 1, 'loaded', 1),
        ('hall', 'A2', 2, 'loaded', 3)) as t(source_system, case_no, _key_hash, _state, _file_id);
    create table raw.case_pauses as select * from (values ('hall', 'A1', 1, 'loaded', 1), ('hr', 'A1', 1, 'loaded', 2),
        ('hr', 'A1', 1, 'superseded', 3)) as t(source_system, case_no, _key_hash, _state, _file_id);
    alter table raw.case_pauses add column _record bigint default 1;
    alter table raw.case_results add column _record bigint default 1;
    alter table raw.case_results add column finished_at timestamp;
    create table raw.cases as select *, timestamp '2022-03-01' as accepted_at from raw.case_results where _file_id = 1
        union all select 'hall', 'A4', 4, 'loaded', 4, 1, null, '2015-03-01';
    alter table raw.cases add column closed_at timestamp;
    alter table raw.cases add column updated_at timestamp;
    create table raw.evaluations (_file_id int, _state varchar, evaluation_no varchar, evaluated_at timestamp,
        rectified_at timestamp, revisited_at timestamp, updated_at timestamp);
    create table raw.certificates (_file_id int, _state varchar, certificate_id varchar, stored_at timestamp,
        updated_at timestamp);
    insert into quality.files by name select *, date '2022-03-01' as covers_from, date '2022-03-31' as covers_until
        from (values (1, 'match.csv'), (2, 'pauses.csv'), (3, 'results.csv'), (4, 'far.csv')) as t(file_id, path);
    insert into quality.files (path, source, verdict, reason, rows_read, rows_loaded, rows_superseded, rows_duplicate,
        rows_quarantined) values
        ('good.csv', 'hall', 'loaded', null, 10, 10, 0, 0, 0),
        ('refused.csv', 'hall', 'refused', 'has no header', 0, 0, 0, 0, 0),
        ('optional.csv', 'office', 'refused', 'has no header', 0, 0, 0, 0, 0),
        ('lost.csv', 'hall', 'loaded', null, 10, 8, 0, 1, 0),
        ('stale.csv', 'hall', 'loaded', 'its mapping has changed', 1, 1, 0, 0, 0),
        ('bad.csv', 'hall', 'loaded', null, 10, 8, 0, 0, 2),
        ('unknown.csv', null, 'unclaimed', 'no glob claims it', 0, 0, 0, 0, 0);
    insert into quality.drift values
        ('good.csv', 'hall', 'missing', 'status', '办件状态', 1, 'refuse'),
        ('good.csv', 'hall', 'added', '', '经办人', 1, 'warn'),
        ('good.csv', 'hall', 'moved', '', '窗口', 1, 'accept');
"""
# check -> (whether it stops publication, the files that it must name)
WRONG = {
    "files_are_taken": (True, ["refused.csv"]),
    "rows_are_conserved": (True, ["lost.csv"]),
    "drift_is_tolerated": (True, ["good.csv"]),
    "exports_have_not_drifted": (False, ["good.csv"]),
    "files_are_read_with_their_mapping": (False, ["stale.csv"]),
    "files_are_claimed": (False, ["unknown.csv"]),
    "nothing_is_quarantined": (False, ["bad.csv"]),
    "files_cover_their_rows": (False, ["far.csv"]),
    "dates_lie_near_their_file": (False, ["far.csv"]),
    "pauses_have_their_case": (False, ["pauses.csv"]),
    "results_have_their_case": (False, ["results.csv"]),
}
MARTS = """
    create schema marts; create schema reference;
    create table marts.figure_definitions as select * from (values ('late_rate', 'rate'), ('case_volume', 'exact'))
        as t(figure, style);
    create table marts.dim_periods as select * from (values
        ('2022-01', 'month', date '2022-01-01', date '2022-01-31'),
        ('2022-02', 'month', date '2022-02-01', date '2022-02-28'),
        ('2022', 'year', date '2022-01-01', date '2022-12-31')) as t(period, kind, starts_on, ends_on);
    alter table marts.dim_periods add column as_of_on date;
    update marts.dim_periods set as_of_on = date '2022-01-31';
    create table marts.figures as select * from (values
        ('2022-01', 'late_rate', 'total', 'total', 1.2, true, null),
        ('2022-02', 'late_rate', 'total', 'total', 1, true, null),
        ('2022-01', 'case_volume', 'total', 'total', 10, true, 30),
        ('2022-02', 'case_volume', 'total', 'total', -1, true, null),
        ('2022', 'case_volume', 'total', 'total', 10, true, 10))
        as t(period, figure, dimension, member, value, is_complete, year_ago_value);
    create table reference.calendar as select cast(day as date) as date_on, true as is_working_day
        from range(date '2022-01-01', date '2022-02-01', interval 1 day) as t(day);
    create table marts.fct_cases as select date_on as accepted_on, 1 as case_key from reference.calendar
        union all select date '2022-01-31', 1 from range(9);
"""
# suite -> (whether it stops publication, what it must find)
IMPLAUSIBLE = {
    "rates_lie_between_0_and_1": (True, [("2022-01 late_rate total total", 1.2)]),
    "counts_are_not_negative": (True, [("2022-02 case_volume total total", -1)]),
    "months_add_up": (True, [("2022", -1)]),
    "daily_volume_in_band": (False, [("2022-01-31", 10)]),
    "volume_near_the_year_before": (False, [("2022-01", 10 / 30)]),
}


@pytest.fixture(scope="module")
def judge():
    helper = HelperProcess("dagster_project.gate.expectations_worker")
    yield helper
    helper.end()


@pytest.mark.parametrize("name", WRONG)
def test_a_check_of_the_ledger_names_the_file_that_is_wrong(name):
    with duckdb.connect() as connection:
        connection.execute(LEDGER)
        named = {check.name: [row["path"] for row in rows] for check, rows in judge_ledger(connection, ["office"])}
    is_blocking, files = WRONG[name]
    assert named[name] == files
    assert [spec.blocking for spec in INGEST_CHECKS if spec.name == name] == [is_blocking]


def test_every_check_is_tested_here():
    assert WRONG.keys() == {check.name for check in CHECKS}
    assert IMPLAUSIBLE.keys() == {suite.name for suite in SUITES}


@pytest.mark.parametrize("name", IMPLAUSIBLE)
def test_great_expectations_reports_what_is_implausible(judge, name):
    (suite,) = [suite for suite in SUITES if suite.name == name]
    with duckdb.connect() as connection:
        connection.execute(MARTS)
        ((_, failing),) = judge_suites(connection, judge, [suite])
    is_blocking, expected = IMPLAUSIBLE[name]
    assert [row["what"] for row in failing] == [what for what, _ in expected]
    assert [row["value"] for row in failing] == pytest.approx([value for _, value in expected])
    assert (suite.severity == "error") is is_blocking


def test_what_can_not_be_evaluated_is_an_error_and_no_finding(judge):
    with pytest.raises(HelperError):
        judge.ask([{"name": "broken", "low": 1, "high": 0, "rows": [["a", 1.0]]}])
