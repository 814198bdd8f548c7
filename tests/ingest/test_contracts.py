"""A contract that gains a column, or names one that it lacks.

Contracts of a test lie in a folder of their own. It asserts rows and messages that were written by hand.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.errors import MappingError
from ingest.mapping import load
from ingest.mapping.contract import Export
from ingest.sample.export_files import select_columns
from tests.ingest.conftest import HEADER, case

URGENCY = "  urgency: {header: 紧急程度, type: code, codes: {特急: highest, 平件: normal}}\n"


@pytest.fixture
def contracts(tmp_path, monkeypatch):
    """A copy of the contracts, and a function that reads them anew."""
    folder = shutil.copytree(load.CONTRACTS, tmp_path / "contracts")
    monkeypatch.setattr(load, "CONTRACTS", folder)
    load.load_contracts.cache_clear()
    yield folder
    monkeypatch.undo()
    load.load_contracts.cache_clear()


def change(contracts: Path, old: str, new: str) -> Path:
    path = contracts / "cases.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    load.load_contracts.cache_clear()
    return path


def test_a_new_column_is_stored_beside_the_rows_of_an_older_warehouse(landing, contracts):
    landing.put("hall/202201.csv", case(1), case(2, status="办结", finished_at="2022-01-04 10:00:00"))
    landing.run()
    columns = "case_no, status, finished_at, _record, _exported_on, _state, _file_id"
    before = landing.ask(f"select {columns} from raw.cases order by case_no")
    change(contracts, "  item_code:", URGENCY + "  item_code:")
    landing.put("hall/20220203.csv", case(3) + ",特急", header=HEADER + ",紧急程度")
    assert landing.run().refused == []
    rows = landing.ask(f"select {columns}, urgency from raw.cases order by case_no")
    # the older file is read again under the new contract, so its id alone is another
    assert [row[:6] for row in rows[:2]] == [row[:6] for row in before]
    assert [(row[0], row[3], row[5], row[7]) for row in rows] == [
        ("A1", 1, "loaded", None),
        ("A2", 2, "loaded", None),
        ("A3", 1, "loaded", "highest"),
    ]
    changed = landing.ask("select case_no, urgency, _record, _state from changes.cases where urgency is not null")
    assert changed == [("A3", "highest", 1, "came")]


@pytest.mark.parametrize(
    ("old", "new", "line", "name"),
    [
        ("key: [source_system, case_no]", "key: [source_system, case_nr]", 4, "case_nr"),
        ("version_by: updated_at", "version_by: changed_at", 7, "changed_at"),
        ("required_unless: {status:", "required_unless: {state:", 25, "state"),
    ],
)
def test_a_contract_that_names_a_column_it_lacks_says_where(contracts, old, new, line, name):
    path = change(contracts, old, new)
    with pytest.raises(MappingError) as error:
        load.load_contracts()
    place, _, text = str(error.value).partition(": ")
    assert place.startswith(f"{path}:{line}:") and f"{name!r} is no column of this contract" in text


def test_a_sample_leaves_out_an_optional_column_that_its_sql_lacks_and_names_a_required_one(contracts):
    change(contracts, "  item_code:", URGENCY + "  item_code:")
    export = Export(dataset="cases", files=["*"])
    made = {*load.load_contracts()["cases"].columns} - {"urgency"}
    header, _ = select_columns(export, made)
    assert "urgency" not in header and "item_code" in header
    change(contracts, "type: code, codes: {特急", "type: code, required: true, codes: {特急")
    with pytest.raises(ValueError, match="makes no column urgency, which cases requires"):
        select_columns(export, made)
