"""The project's own rules on its dbt models, read from dbt's manifest: layers, contracts, words, short files.

The rules of dbt-project-evaluator are checked in test_project_rules.py. docs/dbt-rules.md lists those of dbt-bouncer
that are not kept, and why.
"""

import re
from pathlib import Path

import pytest

_DBT = Path(__file__).parents[2] / "dbt"
# What a layer may read. Aggregates of facts are intermediate to the figures, and a calendar or a clock is read by the
# facts: so facts and dimensions come between intermediate models, as the lineage shows.
_LAYERS = {
    "staging": {"source"},
    "intermediate": {"source", "staging", "intermediate", "marts", "figures"},
    "marts": {"source", "staging", "intermediate", "marts"},
    "figures": {"source", "intermediate", "marts", "figures"},
}
_SUFFIXES = {"_at": "timestamp", "_on": "date", "_days": ("integer", "bigint"), "_rate": "double", "_share": "double"}
# what one engine only knows, or spells in its own way: behind dispatch in dbt/macros, or not at all
_ENGINE = re.compile(
    r"::|\b(qualify|rowid|asof|exclude|interval|isodow|hugeint|u(tiny|small|big)?int(eger)?|(group|order) by all)\b|"
    r"\b(filter|columns|unnest|(any|first|last)_value|arg_(min|max)|(list|struct|map)_\w+|try_cast|str[fp]time|now|"
    r"date_(trunc|part|diff|add)|epoch\w*|regexp_\w+|string_agg|list|md5\w*|hash|read_\w+|current_\w+)\s*\(",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def models(manifest) -> dict[str, dict]:
    found = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    assert len(found) > 50
    return found


@pytest.fixture(scope="module")
def tested(manifest) -> dict[str, set[str]]:
    """model -> kinds of tests on it."""
    found: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node"):
            model = node["attached_node"].split(".")[-1]
            found.setdefault(model, set()).add(node["test_metadata"]["name"])
    return found


def test_layers_read_only_what_lies_before_them(manifest, models):
    layer = {f"model.tongbao.{name}": node["fqn"][1] for name, node in models.items()}
    wrong = [
        (name, parent)
        for name, node in models.items()
        for parent in node["depends_on"]["nodes"]
        if layer.get(parent, "source") not in _LAYERS[node["fqn"][1]]
    ]
    assert wrong == []


def test_everything_is_described_in_chinese_and_english(manifest, models):
    both = re.compile(r"[\u4e00-\u9fff].* · .*[a-z]|[\u4e00-\u9fff].*[a-z]{3}", re.S)
    described = [(name, node["description"]) for name, node in models.items()]
    described += [
        (f"{n}.{c}", column["description"]) for n, node in models.items() for c, column in node["columns"].items()
    ]
    described += [(node["unique_id"], node["description"]) for node in manifest["sources"].values()]
    described += [(node["unique_id"], node["description"]) for node in manifest["exposures"].values()]
    assert [name for name, words in described if not both.search(words)] == []


def test_what_analysts_read_is_under_contract(models):
    public = {name: node for name, node in models.items() if node["schema"] == "marts"}
    assert len(public) > 15
    assert [name for name, node in public.items() if not node["config"]["contract"]["enforced"]] == []
    for name, node in public.items():
        for column, about in node["columns"].items():
            for suffix, kinds in _SUFFIXES.items():
                if column.endswith(suffix):
                    assert about["data_type"] in kinds, f"{name}.{column}"
            if column.startswith("is_"):
                assert about["data_type"] == "boolean", f"{name}.{column}"


def test_every_table_that_deltas_add_to_has_a_key_that_is_tested(models, tested):
    """A delta that takes out less than it puts in would count things twice."""
    added_to = {name for name, node in models.items() if node["config"]["materialized"] == "incremental"}
    assert len(added_to) > 8
    assert sorted(name for name in added_to if not tested.get(name, set()) & {"unique", "unique_together"}) == []


def test_engine_specific_sql_is_behind_macros(manifest):
    """A list of words, not a proof: now and then the models should be parsed as another engine's SQL."""
    read = {
        node["name"]: re.sub(r"--[^\n]*|'[^']*'|\{[{%#].*?[}%#]\}", "", node["raw_code"], flags=re.S)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" or (node["resource_type"] == "test" and "test_metadata" not in node)
    }
    assert len(read) > 70
    assert {name: found[0] for name, sql in read.items() if (found := _ENGINE.search(sql))} == {}


def test_no_model_takes_all_columns(models):
    wrong = re.compile(r"select\s+(\w+\.)?\*|;")
    assert [name for name, node in models.items() if wrong.search(re.sub(r"--[^\n]*", "", node["raw_code"]))] == []


def test_macros_say_what_they_are_for():
    paths = [*(_DBT / "macros").glob("*.sql")]
    assert paths and [path.name for path in paths if not path.read_text(encoding="utf-8").startswith("{#-")] == []


def test_no_model_is_read_by_nobody(manifest, models):
    """All but what is published, which analysts read."""
    read = {parent for children in manifest["child_map"].values() for parent in children}
    parents = {
        p
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        for p in node["depends_on"]["nodes"]
    }
    assert read
    assert [n for n, node in models.items() if node["schema"] != "marts" and f"model.tongbao.{n}" not in parents] == []


def test_files_are_short_and_have_a_twin(models):
    twins: dict[str, str] = {}
    for name, node in models.items():
        path = _DBT / node["original_file_path"]
        assert path.read_text(encoding="utf-8").count("\n") <= 100, path
        # beside the model, or in dbt/figures where the registry describes it
        assert node["patch_path"], f"{path} has no YAML"
        twin = node["patch_path"].removeprefix("tongbao://")
        assert twins.setdefault(twin, name) == name, f"{twin} describes {twins[twin]} and {name}"
        assert twin.startswith("figures/") or _DBT / twin == path.with_suffix(".yml"), twin
