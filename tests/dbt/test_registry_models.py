"""Tests that the registry of figures and the models made of it name and read the same things.

It takes the registry (dbt/figures) and the manifest of dbt. It asserts that figure_proofs depends on every relation
that a proof reads, that int_span_figures reads each family, and that each shared condition is used.
"""

from __future__ import annotations

import re

from ingest.mapping.load import load_contracts
from reports.figures.registry import FOLDER, load

MACROS = FOLDER.parent / "macros"
REGISTRY = load()
PROOFS = [
    part.sql
    for figure in REGISTRY.figures.values()
    for part in (figure.numerator, figure.denominator)
    if part is not None
] + [event.sql for event in REGISTRY.events.values()]
PREDICATES = (MACROS / "predicates.sql").read_text("utf-8")
NAMES = set(re.findall(r"^        '(\w+)': ", PREDICATES, re.M))


def _read_models(manifest: dict, name: str) -> set[str]:
    nodes = manifest["nodes"][f"model.tongbao.{name}"]["depends_on"]["nodes"]
    return {node.rpartition(".")[2] for node in nodes}


def test_the_lineage_shows_every_relation_that_a_proof_reads(manifest):
    read = {name for text in (*PROOFS, PREDICATES) for name in re.findall(r"\$((?:fct|dim)_\w+)", text)}
    assert len(read) > 8
    # the periods and what a base may reach back to fill the proofs; they are not read by them
    filled_from = {"figures", "dim_periods", "int_coverage", "int_supplied_figures"}
    # a province's proofs read the counties' figures and are made apart
    filled_from |= {"int_rolled_proofs", "dim_members"}
    assert _read_models(manifest, "figure_proofs") - filled_from - read == {"figure_dimensions"}
    assert read <= _read_models(manifest, "figure_proofs")


def test_every_need_names_a_column_that_exports_can_supply():
    columns = {f"{name}.{column}" for name, contract in load_contracts().items() for column in contract.stored}
    flags = {"cases.is_platform", "cases.is_overdue_counted", "cases.is_enrolled"}
    needs = [
        *(need for figure in REGISTRY.figures.values() for need in figure.needs),
        *(need for dimension in REGISTRY.dimensions.values() for need in dimension.needs),
        *(need for event in REGISTRY.events.values() for need in event.needs),
        *(need for event in REGISTRY.events.values() for each in event.condition_needs.values() for need in each),
    ]
    parts = {
        part.partition("=")[0] for need in needs for option in need.split(" or ") for part in option.split(" and ")
    }
    assert len(parts) > 15
    assert parts - columns - flags - load_contracts().keys() == set()
    events = REGISTRY.events.values()
    conditions = {name for each in events for name in (*each.flags, *each.since, *each.columns, *each.texts)}
    assert {name for each in events for name in each.condition_needs} <= conditions


def test_every_family_is_read_where_families_meet(manifest):
    families = {f"fig_{path.stem}" for path in FOLDER.glob("*.yml") if path.stem != "dimensions"}
    read = {name for name in _read_models(manifest, "int_span_figures") if name.startswith("fig_")}
    assert read == families


def test_a_proof_names_only_conditions_and_places_that_exist():
    places = {"starts_on", "as_of_on", "period", "member", "whole"}
    named = {name for sql in PROOFS for name in re.findall(r"\$(\w+)", sql) if not re.match(r"(fct|dim)_", name)}
    assert named - places - NAMES == set()
    assert {"accepted", "finished", "overdue", "in_force"} <= named


def test_each_shared_condition_is_used(manifest):
    models = " ".join(node["raw_code"] for node in manifest["nodes"].values() if node["resource_type"] == "model")
    used = {name for name in NAMES if f"predicate('{name}'" in models or any(f"${name}" in sql for sql in PROOFS)}
    assert NAMES and used == NAMES
    by_models = {name for name in NAMES if f"predicate('{name}'" in models}
    assert by_models == {"accepted", "accepted_in_year", "in_force", "open"}
