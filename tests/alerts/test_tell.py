"""Tests that each condition is told once, again only to a channel that missed it, and once more when it is over.

Runs are verdicts made by hand; the channel keeps what it is sent. What a message must hold is the rule of
docs/operating.md: the county, what is wrong, what to do and a link, on one screen and without a row of an export.
"""

from __future__ import annotations

import shutil
from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from dagster_project.alerts import conditions
from dagster_project.alerts import tell as alerts
from dagster_project.alerts.channels import Channel, NotDelivered
from dagster_project.alerts.conditions import Condition, find_of_run
from dagster_project.alerts.wording import MOST_BYTES, write_message
from dagster_project.gate.verdict import Found, Judgement, begin_verdict
from reports.words.catalogue import load_words

ZH = load_words("zh")
LATE = Condition("late", "late hall", {"name": "大厅", "until": date(2022, 3, 1), "expected": date(2022, 3, 3)})
FAILED = Condition("failed", "failed", {"reason": "磁盘已满"})
ALL = alerts.OF_RUN | alerts.OF_HOME


class Kept:
    """A channel that keeps what it is sent, and takes nothing while `is_down`."""

    def __init__(self, name: str = "file") -> None:
        self.texts, self.is_down = [], False
        self.channel = Channel(name, self._take)

    def _take(self, message) -> None:
        if self.is_down:
            raise NotDelivered("down")
        self.texts.append(message.text)


def tell(home, *kept, found=(), judged=ALL):
    occasion = alerts.Occasion("样例县", date(2022, 3, 4), "/home/quality/1.html", ZH)
    return alerts.tell(home, [k.channel for k in kept], found, judged, occasion)


def test_each_condition_is_told_once_and_when_it_is_over(tmp_path):
    kept = Kept()
    assert tell(tmp_path, kept, found=[LATE]) == []
    tell(tmp_path, kept, found=[LATE])
    assert len(kept.texts) == 1
    assert "来源“大厅”的导出文件未按时到达（应至2022-03-03，现至2022-03-01）" in kept.texts[0]
    assert "处理：" in kept.texts[0] and kept.texts[0].endswith("核查结论：/home/quality/1.html")
    tell(tmp_path, kept)
    assert len(kept.texts) == 2 and "已解除：来源“大厅”的导出文件未按时到达" in kept.texts[1]
    tell(tmp_path, kept)
    assert len(kept.texts) == 2 and not (tmp_path / "alerts.json").exists()
    tell(tmp_path, kept, found=[LATE])
    assert len(kept.texts) == 3


def test_what_is_new_on_a_day_is_one_message(tmp_path):
    kept = Kept()
    tell(tmp_path, kept, found=[LATE])
    tell(tmp_path, kept, found=[LATE, FAILED])
    assert len(kept.texts) == 2 and "大厅" not in kept.texts[1] and "磁盘已满" in kept.texts[1]


def test_a_kind_that_was_not_looked_for_is_not_over(tmp_path):
    kept = Kept()
    tell(tmp_path, kept, found=[FAILED])
    tell(tmp_path, kept, judged=alerts.OF_HOME)
    assert len(kept.texts) == 1


def test_a_channel_that_was_down_is_told_later_and_the_others_not_again(tmp_path):
    up, down = Kept("mail"), Kept("wecom")
    down.is_down = True
    (warning,) = tell(tmp_path, up, down, found=[LATE])
    assert "wecom: down" in warning
    down.is_down = False
    assert tell(tmp_path, up, down, found=[LATE]) == []
    assert (len(up.texts), len(down.texts)) == (1, 1)
    up.is_down = True
    tell(tmp_path, up, down)
    up.is_down = False
    tell(tmp_path, up, down)
    assert (len(up.texts), len(down.texts)) == (2, 2) and "已解除" in up.texts[1]


def test_a_damaged_memory_tells_again(tmp_path):
    kept = Kept()
    (tmp_path / "alerts.json").write_text("{")
    tell(tmp_path, kept, found=[LATE])
    assert len(kept.texts) == 1


def blocked(*names: str):
    verdict = begin_verdict("1")
    for name in names:
        row = Found(text="张三 13900001111", file="张三.csv", record="3")
        verdict.enter(
            Judgement(
                layer="files",
                asset="quality/files",
                name=name,
                severity="error",
                count=2,
                findings=(row,),
                about="没有文件被拒收；no export was refused",
            )
        )
    verdict.end("blocked")
    return verdict


@pytest.mark.parametrize("code", ["zh", "en"])
def test_a_blocked_gate_names_its_checks_and_no_row(code):
    (condition,) = find_of_run(blocked("files_are_taken"), load_words(code))
    text = write_message("样例县", [condition], [], "/x", load_words(code)).text
    assert ("没有文件被拒收" if code == "zh" else "no export was refused") in text
    assert "张三" not in text and "1390000" not in text
    if code == "en":
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in text.replace("样例县", ""))


def test_a_gate_that_other_checks_block_is_told_again():
    keys = {next(find_of_run(blocked(*names), ZH)).key for names in (["a"], ["a", "b"], ["b", "a"])}
    assert len(keys) == 2


@pytest.mark.parametrize("state", ["interrupted", "published", "rendered", "ended"])
def test_a_run_that_somebody_stopped_or_that_went_well_is_no_condition(state):
    verdict = begin_verdict("1")
    verdict.end(state)
    assert [*find_of_run(verdict, ZH)] == []


def test_a_message_is_one_screen_with_its_link():
    many = [
        Condition("late", f"late {n}", {"name": "系统" * 40, "until": None, "expected": date(2022, 3, 3)})
        for n in range(50)
    ]
    text = write_message("样例县", many, [], "/home/quality/1.html", ZH).text
    assert len(text.encode()) <= MOST_BYTES <= 2048 and text.endswith("核查结论：/home/quality/1.html")
    assert "从未到达" in text and "另有49项" in text


def test_overdue_cases_above_the_threshold_and_a_full_disk_are_conditions(tmp_path, monkeypatch):
    county = SimpleNamespace(weekend=(6, 7), alert_overdue=2)

    def find(overdue: int, most: int | None) -> list[str]:
        county.alert_overdue = most
        with duckdb.connect() as connection:
            connection.execute("create schema marts; create table marts.worklist (is_overdue boolean)")
            connection.execute("insert into marts.worklist select true from range($1)", [overdue])
            connection.execute("insert into marts.worklist values (false)")
            return [c.kind for c in conditions.find_of_home(connection, tmp_path, county, [], date(2022, 3, 4))]

    assert (find(2, 2), find(3, 2), find(3, None)) == ([], ["overdue"], [])
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(conditions, "needed_bytes", lambda home: free * 2 // 3)
    assert find(0, 2) == ["disk"]  # one run would do
    monkeypatch.setattr(conditions, "needed_bytes", lambda home: free // 3)
    assert find(0, 2) == []


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_kind_of_condition_has_its_words(code):
    words = load_words(code)
    parts = {"name": "x", "until": None, "expected": "y", "n": 3, "most": 2, "free": 1, "missing": 5, "reason": "z"}
    for kind in ALL:
        text = write_message("X", [Condition(kind, kind, parts)], [], "/x", words).text
        assert words("ending.remedy", remedy="").strip() in text and "{" not in text


def test_nothing_set_sends_nothing_and_status_says_so(tmp_path, monkeypatch):
    for name in ("FILE", "MAIL", "WECOM", "DINGTALK", "FEISHU"):
        monkeypatch.delenv(f"TONGBAO_ALERT_{name}", raising=False)
    assert alerts.tell_of_run(tmp_path, tmp_path, begin_verdict("1")) == []
    assert [*alerts.describe(tmp_path)] == ["nowhere: no TONGBAO_ALERT_… is set, so nothing is sent"]
    monkeypatch.setenv("TONGBAO_ALERT_FILE", str(tmp_path / "alerts.txt"))
    tell(tmp_path, Kept(), found=[FAILED])
    assert [*alerts.describe(tmp_path)] == ["file", "2022-03-04  没有发布：运行出错"]


def test_a_link_leads_to_where_the_home_is_served(tmp_path, monkeypatch):
    page = tmp_path / "quality" / "1.html"
    page.parent.mkdir()
    page.touch()
    assert alerts.link_to(tmp_path, page) == str(page)
    monkeypatch.setenv("TONGBAO_ALERT_LINK", "https://server.example/tongbao/")
    assert alerts.link_to(tmp_path, page) == "https://server.example/tongbao/quality/1.html"
