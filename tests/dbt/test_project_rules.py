"""Tests the project against the rules of dbt-project-evaluator: each finding is mended, or argued in docs/dbt-rules.md.

The first tests read the project's manifest. The others break a small manifest that keeps all rules, one rule at a time,
and expect the rule to name what was broken. The evaluator itself can't be installed without dbt's package hub.
"""

from collections.abc import Callable

import pytest

from tests.dbt.rules.argued import PAGE, read_argued
from tests.dbt.rules.project import Project
from tests.dbt.rules.registry import RULES


@pytest.fixture(scope="module")
def project(manifest) -> Project:
    return Project(manifest)


@pytest.mark.parametrize("rule", RULES)
def test_each_finding_is_mended_or_argued(project, rule):
    argued = read_argued(PAGE.read_text("utf-8")).get(rule, set())
    findings = set(RULES[rule](project))
    assert not findings - argued, f"'{rule}' is broken by {sorted(findings - argued)}: mend it, or argue it in {PAGE}"
    assert not argued - findings, f"'{rule}' is kept by {sorted(argued - findings)}: take the row out of {PAGE}"


def test_only_rules_that_are_checked_are_argued():
    assert sorted(read_argued(PAGE.read_text("utf-8")).keys() - RULES.keys()) == []


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("| `a` | root model |  |", "a row needs models, rule and reason"),
        ("| `a` | root model | why |\n| `b`, `a` | root model | why |", "'root model' is argued twice for a"),
    ],
)
def test_a_row_without_reason_or_twice_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        read_argued(f"## Argued findings\n\n| models | rule | reason |\n|---|---|---|\n{rows}\n")


def model(path: str, *parents: str, materialized: str = "table", **more) -> dict:
    name = path.split("/")[-1]
    return {
        "name": name,
        "unique_id": f"model.tongbao.{name}",
        "resource_type": "model",
        "original_file_path": f"models/{path}.sql",
        "schema": path.split("/")[0],
        "description": "described",
        "columns": {"case_no": {"description": "described"}},
        "config": {"materialized": materialized},
        "depends_on": {"nodes": [*parents]},
        "raw_code": "select case_no from {{ ref('parent') }}",
        "access": "protected",
        "contract": {"enforced": False},
    } | more


def key_test(name: str, folder: str) -> dict:
    return {
        "name": f"unique_together_{name}",
        "resource_type": "test",
        "attached_node": f"model.tongbao.{name}",
        "test_metadata": {"name": "unique_together"},
        "column_name": None,
        "original_file_path": f"models/{folder}/{name}.yml",
        "depends_on": {"nodes": [f"model.tongbao.{name}"]},
    }


def source(name: str) -> dict:
    return {
        "source_name": "raw",
        "name": name,
        "relation_name": f"raw.{name}",
        "description": "described",
        "source_description": "described",
        "freshness": {"warn_after": {"count": 1, "period": "day"}},
        "original_file_path": "models/staging/raw/raw.yml",
    }


STG, INT, FCT = "model.tongbao.stg_cases", "model.tongbao.int_cases", "model.tongbao.fct_cases"
CASES, ITEMS, CALLS = "source.tongbao.raw.cases", "source.tongbao.raw.items", "source.tongbao.hotline.calls"


@pytest.fixture
def tidy() -> dict:
    """A manifest that keeps every rule: one source table, staged, worked on, published, and read by an exposure."""
    nodes = {
        STG: model("staging/raw/stg_cases", CASES, materialized="view"),
        INT: model("intermediate/int_cases", STG),
        FCT: model("marts/fct_cases", INT, access="public", contract={"enforced": True}),
        "test.stg": key_test("stg_cases", "staging/raw"),
        "test.int": key_test("int_cases", "intermediate"),
        "test.fct": key_test("fct_cases", "marts"),
    }
    exposures = {"bulletin": {"name": "bulletin", "depends_on": {"nodes": [FCT]}}}
    return {"nodes": nodes, "sources": {CASES: source("cases")}, "exposures": exposures, "unit_tests": {}}


def add(path: str, *parents: str, **more) -> Callable[[dict], None]:
    """The manifest with one more model; its key is tested."""

    def change(manifest: dict) -> None:
        made = model(path, *parents, **more)
        manifest["nodes"] |= {made["unique_id"]: made, f"test.{path}": key_test(made["name"], path.rpartition("/")[0])}

    return change


def put(node: str, key: str, value: object, kind: str = "nodes") -> Callable[[dict], None]:
    return lambda manifest: manifest[kind][node].__setitem__(key, value)


def both(*changes: Callable[[dict], None]) -> Callable[[dict], None]:
    return lambda manifest: [change(manifest) for change in changes]


def add_source(name: str, **more) -> Callable[[dict], None]:
    return lambda manifest: manifest["sources"].update({f"source.tongbao.raw.{name}": source(name) | more})


def read(node: str, *parents: str) -> Callable[[dict], None]:
    return put(node, "depends_on", {"nodes": [*parents]})


def views(*nodes: str) -> Callable[[dict], None]:
    return both(*(put(node, "config", {"materialized": "view"}) for node in nodes))


JOINED = [f"model.tongbao.int_{n}" for n in range(7)]
BROKEN = {
    "direct join to source": (read(INT, STG, CASES), ["int_cases"]),
    "downstream model dependent on source": (read(INT, CASES), ["int_cases"]),
    "duplicate source": (add_source("items", relation_name="raw.cases"), ["raw.cases", "raw.items"]),
    "hard-coded reference": (put(INT, "raw_code", "select 1\nfrom raw.cases"), ["int_cases"]),
    "model fan-out": (both(add("marts/dim_a", INT), add("marts/dim_b", INT)), ["int_cases"]),
    "multiple sources joined": (both(add_source("items"), read(STG, CASES, ITEMS)), ["stg_cases"]),
    "rejoining of upstream concepts": (read(FCT, INT, STG), ["fct_cases"]),
    "root model": (read(INT), ["int_cases"]),
    "source fan-out": (add("staging/raw/stg_more", CASES), ["raw.cases"]),
    "staging dependent on staging": (add("staging/raw/stg_more", STG), ["stg_more"]),
    "staging dependent on downstream": (add("staging/raw/stg_more", FCT), ["stg_more"]),
    "too many joins": (
        both(*(add(f"intermediate/int_{n}", STG) for n in range(7)), read(FCT, *JOINED)),
        ["fct_cases"],
    ),
    "unused source": (add_source("items"), ["raw.items"]),
    "missing primary key test": (put("test.int", "test_metadata", {"name": "unique"}), ["int_cases"]),
    "test coverage": (lambda manifest: manifest["nodes"].pop("test.int"), ["int_cases"]),
    "source without freshness": (put(CASES, "freshness", None, "sources"), ["raw"]),
    "undocumented model": (put(INT, "description", " "), ["int_cases"]),
    "undocumented source": (put(CASES, "source_description", "", "sources"), ["raw"]),
    "undocumented source table": (put(CASES, "description", "", "sources"), ["raw.cases"]),
    "model naming": (add("marts/cases", STG), ["cases"]),
    "model directory": (
        both(
            add_source("calls", source_name="hotline"),
            lambda manifest: manifest["sources"].update({CALLS: manifest["sources"].pop("source.tongbao.raw.calls")}),
            add("staging/stg_calls", CALLS),
            add("reports/fct_more", STG),
        ),
        ["fct_more", "stg_calls"],
    ),
    "source directory": (put(CASES, "original_file_path", "models/staging/sources.yml", "sources"), ["raw"]),
    "test directory": (put("test.int", "original_file_path", "models/marts/fct_cases.yml"), ["int_cases"]),
    "chained views": (
        both(views(INT, FCT), add("marts/fct_a", FCT, materialized="view"), add("marts/fct_b", "model.tongbao.fct_a")),
        ["fct_b"],
    ),
    "exposure parent's materialisation": (views(FCT), ["fct_cases"]),
    "public model without contract": (put(FCT, "contract", {"enforced": False}), ["fct_cases"]),
    "exposure on a private model": (put("bulletin", "depends_on", {"nodes": [FCT, INT]}, "exposures"), ["bulletin"]),
    "undocumented public model": (put(FCT, "columns", {"case_no": {"description": ""}}), ["fct_cases"]),
    "published model that is not public": (
        put(FCT, "access", "protected"),
        ["fct_cases"],
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_what_breaks_it_and_nothing_else(tidy, rule):
    assert RULES[rule](Project(tidy)) == []
    change, names = BROKEN[rule]
    change(tidy)
    assert sorted(set(RULES[rule](Project(tidy)))) == names


def test_a_unique_column_that_is_never_empty_is_a_key(tidy):
    for test, kind in (("test.int", "unique"), ("test.more", "not_null")):
        tidy["nodes"][test] = key_test("int_cases", "intermediate") | {"column_name": "case_no"}
        tidy["nodes"][test]["test_metadata"] = {"name": kind}
    assert RULES["missing primary key test"](Project(tidy)) == []
    tidy["nodes"]["test.more"]["column_name"] = "status"
    assert RULES["missing primary key test"](Project(tidy)) == ["int_cases"]


def test_a_test_in_sql_or_a_unit_test_covers_what_it_reads(tidy):
    tidy["nodes"]["test.int"] = {"resource_type": "test", "depends_on": {"nodes": [INT]}}
    tidy["nodes"].pop("test.stg")
    tidy["unit_tests"] = {"unit_test": {"depends_on": {"nodes": [STG]}}}
    assert RULES["test coverage"](Project(tidy)) == []
