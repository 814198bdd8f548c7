"""What `print_failure` prints of each ending, from a verdict and events that are made by hand; nothing runs."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from dagster_project.gate.verdict import Judgement, begin_verdict, keep_verdict
from dagster_project.terminal.ending import print_failure
from reports.words.catalogue import load_words

ZH, EN = load_words("zh"), load_words("en")
RUN = SimpleNamespace(run_id="r1", all_events=[])  # Dagster's events say nothing


def ending(home: Path, capsys, became: str, words=ZH, checks: int = 0) -> str:
    print_failure(home, RUN, words, became=became, checks=checks)
    return capsys.readouterr().err


def judge(home: Path, **counts: int) -> None:
    """Keep a verdict in which each check found so many rows; those of figures may be accepted."""
    verdict = begin_verdict(RUN.run_id)
    for name, count in counts.items():
        layer = "figures" if name.startswith("figure") else "structure"
        verdict.enter(
            Judgement(layer=layer, asset="a", name=name, severity="error", count=count, about=f"{name}；{name}")
        )
    keep_verdict(home, verdict)


@pytest.mark.parametrize("became", ["broken", "cut_short", "not_rendered", "published"])
def test_a_run_that_failed_without_a_word_names_the_folder_of_its_log(tmp_path, capsys, became):
    assert f"未通过 {tmp_path / 'dagster'}\n" in ending(tmp_path, capsys, became)


def test_where_a_check_failed_or_a_step_was_left_out_the_log_is_not_named(tmp_path, capsys):
    assert str(tmp_path / "dagster") not in ending(tmp_path, capsys, "nothing_published")
    judge(tmp_path, keys=2)
    assert str(tmp_path / "dagster") not in ending(tmp_path, capsys, "broken")


def test_english_is_said_first_where_the_county_speaks_chinese(tmp_path, capsys):
    assert ending(tmp_path, capsys, "published").startswith(
        "warehouse and bulletins were published; a later step failed · "
    )
    assert " · " not in ending(tmp_path, capsys, "published", EN)


def test_a_blocked_run_counts_what_failed_and_what_was_not_carried_out(tmp_path, capsys):
    judge(tmp_path, keys=2, sums=1, other=0, build=0)
    said = ending(tmp_path, capsys, "broken", checks=10)
    assert ZH("ending.blocked", n=2) in said and ZH("ending.skipped", n=7) in said
    # every check was carried out
    assert ZH("ending.skipped", n=0) not in ending(tmp_path, capsys, "broken", checks=3)


def test_only_findings_of_plausibility_are_offered_to_be_accepted(tmp_path, capsys):
    judge(tmp_path, keys=2, figures_agree=1)
    said = ending(tmp_path, capsys, "broken")
    assert "tongbao accept figures_agree --reason" in said and "tongbao accept keys" not in said
    assert "tongbao discard" in said and "tongbao run  #" in said and "tongbao inspect" not in said
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "candidate.duckdb").touch()
    assert "tongbao inspect  #" in ending(tmp_path, capsys, "broken")


def test_what_stays_published_is_told_by_its_last_day_and_its_newest_period(tmp_path, capsys):
    assert ZH("ending.nothing_yet") in ending(tmp_path, capsys, "broken")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("""
            create schema quality; create schema marts;
            create table quality.files as from (values
                ('cases', date '2022-06-29', 'loaded'), ('items', date '2022-07-15', 'loaded'),
                ('cases', date '2022-07-20', 'refused')
            ) as files(dataset, covers_until, verdict);
            create table marts.dim_periods as from (values
                ('5月', true, date '2022-05-01', date '2022-05-31'),
                ('6月', false, date '2022-06-01', date '2022-06-30')
            ) as periods(name, is_complete, starts_on, ends_on);
            create table marts.figures as select date '2022-06-27' as as_of_on;
        """)
    assert ZH("ending.stays", day="2022-06-29", period="5月") in ending(tmp_path, capsys, "broken")
    # a run that published, or that renders a draft only, says nothing of it
    assert "2022-06-29" not in ending(tmp_path, capsys, "published")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("update quality.files set covers_until = null")  # as those of a province
    assert ZH("ending.stays", day="2022-06-27", period="5月") in ending(tmp_path, capsys, "broken")
