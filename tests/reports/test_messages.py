"""Messages that the code raises in English are told in Chinese where the locale is Chinese: all of them, parts too."""

from __future__ import annotations

import ast
import re

import pytest

from dagster_project.settings import PROJECT
from reports.words.messages import tell
from tests.dagster_project.messages import TOLD, read_text

# of ingest: what keeps a file out, and what is wrong with a mapping
RAISED = TOLD | {"Refused", "Waiting", "MappingError", "Faults", "locate_fault"}
# messages that pass on the text of another, and those of `tongbao init`, whose drafts are in English
_LEAST_LETTERS = 12
_NOT_TOLD = ("ingest/drafting/", "ingest/sample/", "reports/")
_LATIN = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def raised_messages() -> dict[str, str]:
    """Message, each part as …, -> file and line, for every error of these classes and every fault of a mapping."""
    messages = {}
    for room in ("ingest", "dagster_project"):
        for path in sorted((PROJECT / room).rglob("*.py")):
            name = str(path.relative_to(PROJECT))
            if name.startswith(_NOT_TOLD):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for part in parts_for_the_person(node):
                    text = read_text(part)
                    if sum(letter.isalpha() for letter in text) >= _LEAST_LETTERS:
                        messages[text] = f"{name}:{node.lineno}"
    return messages


def fill_in(message: str) -> str:
    """The message with parts; one at its end is the names to choose from."""
    text = re.sub("(?<=[a-z])…$", "; there are X, Y", message)
    return text.replace("…", "X")


def parts_for_the_person(node: ast.AST) -> list[ast.expr]:
    """What an error is raised with, a fault that a validator yields, and the reason of a judgement or refusal."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        called = getattr(node.exc.func, "attr", getattr(node.exc.func, "id", ""))
        return [part for part in node.exc.args if called in RAISED and not isinstance(part, ast.Call)]
    if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
        return node.value.elts[1:]
    if isinstance(node, ast.FunctionDef) and node.name in ("why_unpublishable", "describe_refusal"):
        return [found.value for found in ast.walk(node) if isinstance(found, ast.Return) and found.value]
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
        return [node.value]
    return []


def test_every_message_that_is_raised_has_a_chinese_form():
    messages = raised_messages()
    assert len(messages) > 140
    untold = {place: text for text, place in messages.items() if _LATIN.search(tell(fill_in(text), "zh"))}
    assert untold == {}, "write it into reports/words/messages/zh.yaml"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("hall.csv is empty: not even a header line; export it again", "hall.csv 是空文件，连表头也没有；请重新导出"),
        (
            "hall.yaml:3:5: exports.0.codes: 'acceptd_at' is no column of cases; did you mean accepted_at (受理时间)?",
            "hall.yaml:3:5: exports.0.codes: 'acceptd_at'不是cases的列；是不是accepted_at（受理时间）？",
        ),
        (
            "a.yaml:1:2: colums: 'colums' is no field; did you mean columns?\na.yaml:9:2: name: 'name' is missing",
            "a.yaml:1:2: colums: 'colums'不是可用的字段；是不是columns？\na.yaml:9:2: name: 缺少'name'",
        ),
        (
            "checks that must pass did not: a, b and 3 more; mend what they found, then run again",
            "必须通过的检查没有通过：a, b等，另有3个；请处理它们发现的问题，再运行",
        ),
        ("nothing of this is known", "nothing of this is known"),
    ],
)
def test_a_message_is_told_with_place_parts_and_advice(message, told):
    assert tell(message, "zh") == told
    assert tell(message, "en") == message
