"""Plants persons in the exports of a whole run, published or blocked, and searches all that the run leaves for them.

It asserts that no artefact, log, message or table holds one. `tests/ingest` tests how ingest recognises them.
"""

from __future__ import annotations

import random

from tests.end_to_end.test_runs import monthly, rewrite

NAME, STAFF = "买尔旦江", "撒依娜提"


def person(seed: int) -> tuple[str, str]:
    """An id number of the 1980s with a right check character, and a mobile number."""
    draw = random.Random(seed)
    digits = f"640181198{draw.randrange(10)}0{draw.randrange(1, 10)}1{draw.randrange(10)}{draw.randrange(1000):03d}"
    weighed = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits))
    return digits + "10X98765432"[weighed % 11], f"137{draw.randrange(10**8):08d}"


def plant(text: str) -> tuple[str, set[str]]:
    """The export with persons in a text, a code, a key, an undeclared column and the columns that are theirs."""
    head, *lines = text.splitlines()
    names = head.lstrip("\ufeff").split(",")
    lines = [f"{line},{STAFF}{person(place)[1]}" for place, line in enumerate(lines)]
    planted = {person(place)[1] for place in range(len(lines))} | {NAME, STAFF}
    for place, (column, value) in enumerate(
        [("事项名称", "经办{1}"), ("办件状态", NAME), ("受理部门", "局{0}"), ("办件编号", "{0}"), ("窗口", "{1}")]
    ):
        found = person(1000 + place)
        planted |= {*found}
        cells = lines[place].split(",")
        cells[names.index(column)] = value.format(*found)
        cells[names.index("证件号")], cells[names.index("手机号码")] = found
        cells[names.index("申请人")] = NAME
        lines[place] = ",".join(cells)
    return "\n".join([head + ",经办人", *lines, ""]), planted


def assert_nowhere(planted: set[str], home, *said: str) -> None:
    looked_at = set()
    for artefact in home.path.rglob("*"):
        if artefact.is_file() and "exports" not in artefact.relative_to(home.path).parts:
            data = artefact.read_bytes()
            assert not [value for value in planted if value.encode() in data], artefact
            looked_at.add(artefact.relative_to(home.path).parts[0])
    assert looked_at >= {"warehouse.duckdb", "bulletins", "dagster"}
    assert not [value for value in planted for text in said if value in text]


def test_no_planted_person_is_in_anything_that_a_run_leaves(changeable):
    home = changeable()
    path = monthly(home, "counters")
    planted: set[str] = set()

    def change(text: str) -> str:
        changed, found = plant(text)
        planted.update(found)
        return changed

    rewrite(path, change)
    said = home.tongbao("run")
    assert "nothing_is_quarantined" in said and path.name in said
    rules = home.ask("select rule, count(*) from quality.quarantine group by 1 order by 1")
    assert rules == [("personal", 4), ("unknown_code", 1)]
    target = home.path / "退回.csv"
    shown = [home.tongbao("quarantine"), home.tongbao("quarantine", "--file", "counters", "--export", str(target))]
    assert target.read_text(encoding="utf-8-sig").count("含身份证号或手机号") == 4
    assert_nowhere(planted, home, said, *shown)

    # blocked: half the statuses name people; and a file whose first line is a record
    rewrite(path, lambda text: text.replace(",办结,", f",{NAME},"))
    rewrite(monthly(home, "hr"), lambda text: text.split("\n", 1)[1].replace(",", f",{person(7)[0]},", 1))
    planted |= {*person(7)}
    said = home.tongbao("run", expect=1)
    assert "条不合规范" in said and "缺少列" in said
    assert_nowhere(planted, home, said, home.tongbao("quarantine", "--limit", "9"), home.tongbao("quarantine"))


def test_replay_is_an_ordinary_run_of_what_was_set_aside(changeable):
    home = changeable()
    path = monthly(home, "counters")
    rewrite(path, lambda text: text.replace(",窗口办理,", ",窗口受理,", 1))
    home.tongbao("run")
    volume = home.figure("case_volume")
    assert home.ask("select rule, value from quality.quarantine") == [("unknown_code", "（已遮蔽，4字）")]
    said = home.tongbao("replay")
    assert "1 new of " in said and "(1 of them read again)" in said and home.figure("case_volume") == volume
    assert home.ask("select count(*) from quality.quarantine") == [(1,)]
    counted = "rows_loaded + rows_superseded + rows_duplicate + rows_quarantined"
    assert home.ask(f"select path from quality.files where rows_read <> {counted}") == []
