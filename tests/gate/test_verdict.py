"""Tests the verdict of a run: what its page says, what a killed run leaves, and how long it is kept.

Verdicts made by hand take the place of runs. That a run writes its verdict is tested with the selections of assets, and
the page in a browser in tests/reports/formats/test_browser.py.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagster_project.cli.main import main
from dagster_project.gate.verdict import keep_verdict, newest_page, page_path, read_verdicts
from dagster_project.gate.verdict_book import VerdictBook
from dagster_project.gate.verdict_page import Setting, write_pages
from tests.gate.verdicts import COUNTY, KEYS, ORDER, VOLUME, blocked, clean, history, warned


def write(home: Path, run, earlier=(), setting=COUNTY) -> str:
    (home / "quality").mkdir(parents=True, exist_ok=True)
    return write_pages(home, run, list(earlier), setting).read_text(encoding="utf-8")


def words_of(page: str) -> str:
    body = page.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_a_blocked_run_says_what_failed_by_how_much_where_and_what_to_do(tmp_path):
    said = words_of(write(tmp_path, blocked(42), history(40)))
    assert "核查未通过，未发布" in said
    assert "本次核查5项，2项未通过，1项告警，2项通过" in said
    assert "缺少合同要求的列：办件编号 hall/办件_202206.csv" in said
    assert "2022年上半年办件量982件，较上年同期-72%，超出±60% −0.72 −0.6至0.6" in said
    assert "处理 核对各来源的导出是否齐全" in said
    assert re.findall(r"tongbao accept \w+", said) == ["tongbao accept volume_near_the_year_before"]
    assert "第20条" in said and "第21条" not in said and "共43条，只列20条" in said
    # 28 earlier runs that this check passed, the one of the twelfth that it failed, and this one
    assert "近30次：通过28次，告警0次，未通过2次；本次所见−0.72至0.18，界限−0.6至0.6" in said


def test_sections_are_ordered_by_urgency_and_failures_come_first(tmp_path):
    page = write(tmp_path, blocked(42))
    assert re.findall(r'<h2 id="(\w+)"', page) == ["files", "figures", "plausibility", "structure", "presentation"]
    assert re.findall(r'<h2 id="(\w+)"', write(tmp_path, warned(1)))[0] == "plausibility"


def test_what_a_person_accepted_is_said_with_reason_and_name(tmp_path):
    said = words_of(write(tmp_path, warned(1)))
    assert "2022年5月办件量310件，较上年同期-64%，超出±60% 疫情停办两个月 审批局" in said


def test_the_page_speaks_the_language_of_the_jurisdiction(tmp_path):
    page = write(tmp_path, clean(1), setting=Setting("Yuntai", "en", "Europe/London"))
    said = words_of(page)
    assert 'lang="en"' in page and "5 checks ran: 0 failed, 0 warned, 5 passed" in said
    assert "Run of 2 June 2022 01:30" in said
    assert "volume is near that of the year before" in said and not re.search("[一-龥]", said)


def test_a_page_asks_nothing_of_the_network_and_has_no_script(tmp_path):
    for page in (write(tmp_path, blocked(42)), (tmp_path / "quality" / "index.html").read_text(encoding="utf-8")):
        assert "default-src 'none'" in unescape(page)
        assert not re.search(r"https?:|<script|url\(|<link|@import", page)


def test_a_sentence_of_the_data_is_no_markup(tmp_path):
    run = clean(1)
    run.enter(VOLUME.model_copy(update={"about": '<b>"办件量'}))
    page = write(tmp_path, run)
    assert "<b>" not in page.partition("<main")[2].replace('<p class="do"><b>', "")


def test_the_list_of_runs_links_each_page_newest_first(tmp_path):
    write(tmp_path, blocked(3), [clean(1), warned(2)])
    page = (tmp_path / "quality" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', page) == ["run-03.html", "run-02.html", "run-01.html"]
    assert "未通过，未发布 2 1 2" in words_of(page)


def test_a_killed_run_leaves_what_it_found_and_the_next_run_says_that_it_was_cut_short(tmp_path):
    VerdictBook(tmp_path, "killed", COUNTY, pytest.fail).enter(KEYS)
    assert "尚未结束，或已被中断" in page_path(tmp_path, "killed").read_text(encoding="utf-8")
    book = VerdictBook(tmp_path, "next", COUNTY, pytest.fail)
    book.enter(KEYS, ORDER)
    book.end("published")
    assert [(v.run_id, v.state) for v in read_verdicts(tmp_path)] == [("killed", "interrupted"), ("next", "published")]
    assert "运行中断，未发布" in page_path(tmp_path, "killed").read_text(encoding="utf-8")
    assert newest_page(tmp_path) == page_path(tmp_path, "next")
    assert not [*(tmp_path / "quality").glob("*.part")]


def test_a_run_that_judged_nothing_leaves_no_page(tmp_path):
    VerdictBook(tmp_path, "empty", COUNTY, pytest.fail).end("failed", "no exports")
    assert not (tmp_path / "quality").exists() and newest_page(tmp_path) is None


def test_a_new_verdict_deletes_none_and_a_broken_one_is_left_out(tmp_path):
    """Retention deletes them after TONGBAO_KEEP_DAYS: tests/dagster_project/test_retention.py."""
    keep_verdict(tmp_path, clean(0).model_copy(update={"run_id": "old"}))
    written = (datetime.now(UTC) - timedelta(days=800)).timestamp()
    os.utime(tmp_path / "quality" / "old.json", (written, written))
    (tmp_path / "quality" / "broken.json").write_text('{"run_id": ')
    VerdictBook(tmp_path, "new", COUNTY, pytest.fail).enter(KEYS)
    assert [verdict.run_id for verdict in read_verdicts(tmp_path)] == ["old", "new"]


def test_a_page_that_cannot_be_written_is_a_warning(tmp_path):
    (tmp_path / "quality").write_text("a file, where the folder should be")
    warnings: list[str] = []
    VerdictBook(tmp_path, "run", COUNTY, warnings.append).enter(KEYS)
    assert len(warnings) == 1 and "can't be written" in warnings[0] and "quality" in warnings[0]


def test_status_says_where_the_page_of_the_last_run_is(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGBAO_HOME", str(tmp_path))
    monkeypatch.setenv("TONGBAO_JURISDICTION", "lingwu")
    book = VerdictBook(tmp_path, "run", COUNTY, pytest.fail)
    book.enter(KEYS)
    said = CliRunner().invoke(main, ["status"])
    assert said.exit_code == 0 and str(book.page) in said.output
