"""Tests the decision to publish and the choice of due bulletins on tables in memory, one reason at a time.

It fills `delta.stages`, `quality.*` and a few rows of `marts` by hand. It asserts the sentence that refuses a
publication, and which periods are due after figures, words or a release change. Whole runs are tested in
`test_selections.py`.
"""

from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import due_bulletins, may_publish
from dagster_project.warehouse.fingerprint import Fingerprint

NOW = Fingerprint("models", "exports")
BLOCKING = [("quality/files", "files_are_taken"), ("dbt/parts", "parts"), ("figures", "rates")]


@pytest.fixture
def candidate(tmp_path: Path):
    """A candidate that may be published: ingested, built, judged, and with worklists in tmp_path/2022-07-15."""
    connection = duckdb.connect()
    connection.execute("""
        create schema delta; create schema quality; create schema marts;
        create table delta.stages (stage varchar, content varchar);
        create table quality.checks (
            run_id varchar, asset varchar, check_name varchar, severity varchar, is_passed boolean, found varchar);
        create table quality.built as select 'models' as made_of, 'exports' as built_from;
    """)
    may_publish.finish_ingest(connection)
    for asset, name in BLOCKING:
        may_publish.record_check(connection, "run", asset, name, "error", True, "")
    (tmp_path / "2022-07-15").mkdir()
    may_publish.finish_worklists(connection, tmp_path / "2022-07-15")
    return connection


def why_not(connection, folder: Path, now: Fingerprint | None = NOW) -> str | None:
    return may_publish.why_unpublishable(connection, now, BLOCKING, folder)


def test_a_candidate_that_has_passed_every_stage_is_published(candidate, tmp_path):
    assert why_not(candidate, tmp_path) is None


def test_a_failed_check_is_named_and_a_warning_is_not(candidate, tmp_path):
    may_publish.record_check(candidate, "run", "figures", "volume", "warning", False, "much")
    assert why_not(candidate, tmp_path) is None
    may_publish.record_check(candidate, "run", "figures", "rates", "error", False, "1.2")
    assert why_not(candidate, tmp_path) == (
        "checks that must pass did not: rates; mend what they found, then run again"
    )
    may_publish.record_check(candidate, "run", "figures", "rates", "error", True, "")
    assert why_not(candidate, tmp_path) is None


def test_an_ingest_makes_results_of_the_ledger_invalid_and_new_files_all_others(candidate, tmp_path):
    may_publish.begin_ingest(candidate)
    assert "exports have not been read" in why_not(candidate, tmp_path)
    may_publish.finish_ingest(candidate)
    assert why_not(candidate, tmp_path).startswith("checks have not run on what was built: files_are_taken;")
    may_publish.record_check(candidate, "run", *BLOCKING[0], "error", True, "")
    assert why_not(candidate, tmp_path).startswith("worklists have not been made")
    changed = Fingerprint("models", "other exports")
    assert "models were built before the last ingest" in why_not(candidate, tmp_path, changed)
    assert may_publish.runs_that_judged(candidate, NOW, BLOCKING) == dict.fromkeys(BLOCKING, "run")
    assert may_publish.runs_that_judged(candidate, changed, BLOCKING) is None
    may_publish.begin_models(candidate, changed, is_building=True)
    assert candidate.execute("select asset from quality.checks").fetchall() == [("quality/files",)]


def test_of_many_checks_that_have_not_run_three_are_named_and_the_others_counted(candidate, tmp_path):
    three = [("dbt/a", "a"), ("dbt/b", "b"), ("dbt/c", "c")]
    assert ": a, b, c; run them" in may_publish.why_unpublishable(candidate, NOW, three, tmp_path)
    four = [*three, ("dbt/d", "d")]
    assert ": a, b, c and 1 more; run them" in may_publish.why_unpublishable(candidate, NOW, four, tmp_path)
    five = [*four, ("dbt/e", "e")]
    assert ": a, b, c and 2 more; run them" in may_publish.why_unpublishable(candidate, NOW, five, tmp_path)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (Fingerprint("models", "more exports"), "models were built before the last ingest"),
        (Fingerprint("other models", "exports"), "models were built before a change of the models or the jurisdiction"),
        (None, "exports have not been read"),
    ],
)
def test_models_of_other_exports_or_other_code_are_not_published(candidate, tmp_path, now, words):
    assert words in why_not(candidate, tmp_path, now)


def test_a_build_that_was_killed_is_not_published_and_its_results_go(candidate, tmp_path):
    assert may_publish.begin_models(candidate, NOW, is_building=True)
    assert "models have not all been built" in why_not(candidate, tmp_path)
    assert not may_publish.begin_models(candidate, NOW, is_building=False)
    assert candidate.execute("select check_name from quality.checks").fetchall() == [("files_are_taken",)]


def test_the_first_ingest_of_a_home_has_no_results_to_delete():
    with duckdb.connect() as connection:
        connection.execute("create schema delta; create table delta.stages (stage varchar, content varchar)")
        may_publish.begin_ingest(connection)
        may_publish.finish_ingest(connection)
        assert connection.execute("from delta.stages").fetchall() == [("ingest", None)]


def test_tests_alone_leave_the_mark_of_the_build(candidate, tmp_path):
    assert may_publish.begin_models(candidate, NOW, is_building=False)
    assert why_not(candidate, tmp_path) is None


def test_worklists_of_other_models_or_gone_worklists_are_not_published(candidate, tmp_path):
    (tmp_path / "2022-07-15").rmdir()
    assert why_not(candidate, tmp_path).startswith("worklists have not been made of these models")
    (tmp_path / "2022-07-15").mkdir()
    candidate.execute("update quality.built set built_from = 'later'")
    assert why_not(candidate, tmp_path, Fingerprint("models", "later")).startswith("worklists have not been made")


def test_worklists_of_models_that_were_built_in_part_are_kept_and_not_published(candidate, tmp_path):
    candidate.execute("drop table quality.built")
    may_publish.finish_worklists(candidate, tmp_path / "2022-07-15")
    assert "models have not all been built" in why_not(candidate, tmp_path)


@pytest.fixture
def county(tmp_path: Path):
    """A jurisdiction and a warehouse with half-years from 2021H1 to the running 2022H2, and June and July of 2022."""
    (tmp_path / "county" / "bulletin").mkdir(parents=True)
    (tmp_path / "county" / "jurisdiction.yaml").write_text("name: county\n")
    connection = duckdb.connect()
    connection.execute("""
        create schema marts; create schema quality;
        create table marts.dim_periods (period varchar, kind varchar, starts_on date, is_complete boolean,
            data_from_on date, as_of_on date);
        insert into marts.dim_periods (period, kind, starts_on, is_complete) values
            ('2021H1', 'half', '2021-01-01', true), ('2021H2', 'half', '2021-07-01', true),
            ('2022H1', 'half', '2022-01-01', true), ('2022H2', 'half', '2022-07-01', false),
            ('2022-06', 'month', '2022-06-01', true), ('2022-07', 'month', '2022-07-01', false),
            ('2021Q4', 'quarter', '2021-10-01', true), ('2022Q1', 'quarter', '2022-01-01', true);
        update marts.dim_periods set as_of_on = least(date '2022-07-15', starts_on + case kind
            when 'half' then interval 181 days when 'quarter' then interval 89 days else interval 29 days end);
        create table marts.figures as select period, 'case_volume' as figure, 'total' as dimension, 'total' as member,
            date '2022-07-15' as as_of_on, is_complete, 1.0 as numerator, null::double as denominator, 1.0 as value,
            null::double as previous_value, null::double as year_ago_value from marts.dim_periods;
        create table quality.files as select 'a.csv' as path, 'x' as sha256, 1 as rows_loaded, 'loaded' as verdict;
    """)
    return connection, tmp_path, tmp_path / "county"


def due(county) -> list[str]:
    connection, home, folder = county
    return list(due_bulletins.due_digests(connection, home, folder, "half"))


def render(county) -> None:
    connection, home, folder = county
    for period, digest in due_bulletins.due_digests(connection, home, folder, "half").items():
        (home / "bulletins" / period).mkdir(parents=True, exist_ok=True)
        (home / "bulletins" / period / "bulletin.docx").touch()
        due_bulletins.keep_digest(home / "bulletins", period, digest)


def test_the_newest_complete_and_the_running_period_of_the_usual_kind_are_due_once(county):
    assert due(county) == ["2022H1", "2022H2"]
    render(county)
    assert due(county) == []
    connection, _, _ = county
    assert due_bulletins.newest_complete(connection, "half") == "2022H1"
    usual = [p for p in due_bulletins.periods_with_figures(connection) if due_bulletins.is_usual(connection, p, "half")]
    assert usual == ["2022H1", "2022H2"]


def test_a_first_period_without_its_beginning_is_not_running_once_a_later_one_is_complete(county):
    connection, _, _ = county
    connection.execute("update marts.dim_periods set is_complete = false where period = '2021H1'")
    connection.execute("delete from marts.dim_periods where period = '2022H2'")
    assert due(county) == ["2022H1"]
    connection.execute("delete from marts.dim_periods where kind = 'half' and period <> '2021H1'")
    assert due(county) == ["2021H1"]  # there is no other


def test_a_draft_is_due_again_when_one_of_its_figures_changes_and_no_other_is(county):
    connection, home, _ = county
    render(county)
    (home / "bulletins" / "2022-06").mkdir()
    assert due(county) == ["2022-06"]
    render(county)
    connection.execute("update marts.figures set numerator = 2 where period = '2022-06'")
    assert due(county) == ["2022-06"]
    connection.execute("update marts.figures set year_ago_value = 2 where period = '2022H1'")
    assert due(county) == ["2022H1", "2022-06"]


def test_a_draft_is_due_again_when_an_earlier_period_of_its_history_changes(county):
    connection, home, _ = county
    (home / "bulletins" / "2021H2").mkdir(parents=True)
    render(county)
    connection.execute("update marts.figures set value = 2 where period = '2022Q1'")
    assert due(county) == ["2022H1", "2022H2"]  # and not 2021H2, whose history ends before
    render(county)
    connection.execute("update marts.figures set value = 2 where period = '2021Q4'")
    assert due(county) == ["2021H2", "2022H1", "2022H2"]


def test_a_draft_is_due_again_when_a_figure_changes_that_it_cites_of_another_period(county):
    connection, _, folder = county
    (folder / "bulletin" / "2022H1.md").write_text("办件{{ fig（'case_volume'，period='2022-06'） }}件", "utf-8")
    render(county)
    connection.execute("update marts.figures set value = 2 where period = '2022-06'")
    assert due(county) == ["2022H1"]


def test_a_new_file_renews_the_annexes_of_the_usual_periods_only(county):
    connection, home, _ = county
    (home / "bulletins" / "2021H1").mkdir(parents=True)
    render(county)
    connection.execute("insert into quality.files values ('b.csv', 'y', 1, 'loaded'), ('c.csv', 'z', 0, 'refused')")
    assert due(county) == ["2022H1", "2022H2"]


@pytest.mark.parametrize(
    ("path", "periods"),
    [
        ("county/jurisdiction.yaml", ["2022H1", "2022H2"]),
        ("county/bulletin/template.md", ["2022H1", "2022H2"]),
        ("county/bulletin/2022H1.md", ["2022H1"]),
        ("releases/2022H2/v1/figures.csv", ["2022H2"]),
    ],
)
def test_changed_words_or_a_release_make_the_bulletins_due_that_show_them(county, path, periods):
    _, home, _ = county
    render(county)
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_text("new words")
    assert due(county) == periods


def test_a_period_without_figures_is_never_due(county):
    connection, home, _ = county
    (home / "bulletins" / "2019H1").mkdir(parents=True)
    connection.execute("delete from marts.figures where period = '2022H2'")
    assert due(county) == ["2022H1"]
    assert "2022H2" not in due_bulletins.periods_with_figures(connection)
