"""Words for every check of the project: a Chinese name, an English name, and what to do when it fails.

`word_checks` takes dbt's manifest and the suites and returns the words by (asset, check), as `quality.checks` names
them. Words of dbt's generic tests are made of the kind of test and the labels of its model and columns; a test that is
a query of its own has them in dbt/tests/data_tests.yml. Suites and checks of the ledger hold theirs themselves.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.gate.ingest_checks import CHECKS
from dagster_project.gate.suite import Suite
from dagster_project.warehouse.may_publish import INGEST_ASSET

_OF_EXPORTS = "核对来源导出与映射，改正后重新运行"
_OF_PROGRAM = "这是程序或其配置的错误，不是数据的错误：请把本次运行的结论页交给维护人员"


@dataclass(frozen=True)
class CheckWords:
    """What a check requires, in both languages, and in Chinese what to do when it is not so."""

    chinese: str
    english: str
    remedy: str


def word_checks(manifest: Mapping[str, Any], suites: Iterable[Suite]) -> dict[tuple[str, str], CheckWords]:
    """(asset, check) -> words, for each check that a run may enter into `quality.checks`."""
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    return {
        **{(INGEST_ASSET, check.name): CheckWords(*_split(check.about), check.remedy) for check in CHECKS},
        **{(f"dbt/{test['name']}", test["name"]): _word_test(manifest, test) for test in tests},
        **{
            (suite.asset, e.name): CheckWords(*_split(e.about), e.remedy)
            for suite in suites
            for e in suite.expectations
        },
        **{
            (node["name"], "build"): CheckWords(
                f"能建成{_label(node)}", f"{node['name']} can be built", "原因见 dbt.txt；" + _OF_PROGRAM
            )
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model"
        },
    }


def _word_test(manifest: Mapping[str, Any], test: Mapping[str, Any]) -> CheckWords:
    if not test.get("test_metadata"):
        chinese, english = test["description"].split(" · ", 1)
        return CheckWords(chinese, english, test["meta"]["remedy"])
    kind, arguments = test["test_metadata"]["name"], test["test_metadata"]["kwargs"]
    model = manifest["nodes"][test["attached_node"]]
    columns = [test["column_name"]] if test["column_name"] else [str(name) for name in arguments["columns"]]
    labels = "、".join(_label(model["columns"][column]) if column in model["columns"] else column for column in columns)
    chinese, english = f"{_label(model)}的{labels}", f"{model['name']}.{', '.join(columns)}"
    says = {
        "not_null": (f"{chinese}没有空白", f"{english} is never blank"),
        "unique": (f"{chinese}不重复", f"{english} is unique"),
        "unique_together": (f"{chinese}不重复", f"{english} is unique"),
        "accepted_values": (f"{chinese}都是规定的值", f"{english} has only values that are allowed"),
    }
    if kind == "relationships":
        target = next(
            manifest[group][unique_id]
            for unique_id in reversed(test["depends_on"]["nodes"])
            for group in ("nodes", "sources")
            if unique_id != test["attached_node"] and unique_id in manifest[group]
        )
        says[kind] = (f"{chinese}都在{_label(target)}中", f"{english} is found in {target['name']}")
    reads_exports = model["name"].startswith(("stg_", "fct_", "dim_"))
    return CheckWords(*says[kind], _OF_EXPORTS if reads_exports else _OF_PROGRAM)


def _label(described: Mapping[str, Any]) -> str:
    """The Chinese name with which the description of a model, source or column begins."""
    return re.split("[：，]| · ", described["description"], maxsplit=1)[0] or described["name"]


def _split(about: str) -> tuple[str, str]:
    chinese, english = about.split("；", 1)
    return chinese, english
