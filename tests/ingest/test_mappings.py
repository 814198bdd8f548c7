"""Tests faults of mappings: the loader and the editors' schema report them with file, line and what to write.

It asserts lines and advice that were read off by eye. test_mappings_derive.py tests sound mappings.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ingest.errors import MappingError
from ingest.mapping.editor_schema import SCHEMA, write_schema
from ingest.mapping.load import load_finished_mappings, load_sources
from tests.ingest.conftest import mapping

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("jurisdictions/*/sources/*.yaml"), *ROOT.glob("jurisdictions/_dialects/*.yaml")])
SOUND = """source: hall
name: 大厅
exports:
  - dataset: cases
    files: [hall/*.csv]
    columns:
      case_no: [业务编号]
    constants: {venue: hall, channel: counter}
    derived:
      org_name: {from: window_name, lookup: {税务: 县税务局}}
    codes:
      status: {1: finished, 02: in_progress, no: declined}
"""
# what is changed in the sound mapping -> line of the fault, and what must be said
FAULTS = {
    "a column misspelt": ("case_no:", "case_nr:", 7, "no column of cases; did you mean case_no (办件编号)?"),
    "a header for a column": ("case_no:", "办件号:", 7, "did you mean case_no (办件编号)?"),
    "a field misspelt": ("constants:", "constant:", 8, "'constant' is no field; did you mean constants?"),
    "a field of the source misspelt": ("name: 大厅", "nmae: 大厅", 2, "'nmae' is no field; did you mean name?"),
    "a field missing": ("    files: [hall/*.csv]\n", "", 4, "'files' is missing"),
    "an unknown dataset": ("dataset: cases", "dataset: case", 4, "did you mean cases?"),
    "an unknown code": ("1: finished", "1: finishd", 12, "'1' can't stand for 'finishd'; did you mean finished?"),
    "a constant that is no code": ("channel: counter", "channel: 窗口", 8, "'channel' can't be '窗口'"),
    "a map for what is no code": (
        "status: {1",
        "item_name:\n        1: finished\n      status: {1",
        12,
        "'item_name' is text, not a code",
    ),
    "from an unknown column": ("from: window_name", "from: windowname", 10, "did you mean window_name?"),
    "from a person": ("from: window_name", "from: applicant_name", 10, "'applicant_name' can't be used here"),
    "from what is derived later": (
        "      org_name: {",
        "      item_name: {from: org_name}\n      org_name: {",
        10,
        "'org_name' is itself derived below",
    ),
    "a lookup of two columns": ("from: window_name", "from: [window_name, case_no]", 10, "needs exactly one column"),
    "a pattern that is none": ("lookup: {", "pattern: '(', lookup: {", 10, "is no regular expression"),
    "a pattern DuckDB lacks": ("lookup: {", "pattern: '(?=x)', lookup: {", 10, "is no pattern that DuckDB knows"),
    "a derivation beside a constant": (
        "      org_name: {",
        "      channel: {from: case_no}\n      org_name: {",
        10,
        "has a constant already",
    ),
    "a required column absent": ("    codes:\n", "    absent: [item_name]\n    codes:\n", 11, "is required by cases"),
    "a date without a year": ("    codes:\n", "    date_formats: ['%d/%m']\n    codes:\n", 11, "must give year"),
    "a date with a part twice": (
        "    codes:\n",
        "    date_formats: ['%Y-%m-%d %d']\n    codes:\n",
        11,
        "must give year",
    ),
    "a path's date of one group": (
        "    codes:\n",
        "    date_in_path: '(\\d+)'\n    codes:\n",
        11,
        "must have groups for",
    ),
    "a path's month that may be missing": (
        "    codes:\n",
        "    date_in_path: '(\\d{4})(?:年(\\d{1,2}))?(\\d{2})?'\n    codes:\n",
        11,
        "must always find group 2, the month, and only the day may be left out",
    ),
    "a path's year that may be missing": (
        "    codes:\n",
        "    date_in_path: '[(](\\d{4})*(\\d{2})'\n    codes:\n",
        11,
        "must always find group 1, the year,",
    ),
    "filled and a lookup": ("lookup: {税务: 县税务局}", "filled: 甲, lookup: {税务: 局}", 10, "delete `lookup`"),
    "a delimiter that is none": ("    codes:\n", "    delimiter: ，\n    codes:\n", 11, "should be ','"),
    "a field twice": ("    codes:\n", "    files: [x]\n    codes:\n", 11, "stands twice in the block from line 4"),
    "a bracket left open": ("[业务编号]", "[业务编号", 8, "is not valid YAML"),
    "another source's key": ("source: hall", "source: hal", 1, "call the file hal.yaml"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_line_and_what_to_write(tmp_path, fault):
    sound, wrong, line, said = FAULTS[fault]
    assert SOUND.count(sound) == 1
    path = mapping(tmp_path, SOUND.replace(sound, wrong))
    with pytest.raises(MappingError) as error:
        load_sources(tmp_path)
    told = [text for text in str(error.value).splitlines() if text.startswith(f"{path}:{line}:")]
    assert told and said in told[0], error.value


def test_all_faults_of_a_file_are_told_at_once(tmp_path):
    mapping(tmp_path, SOUND.replace("case_no:", "case_nr:").replace("finished", "finishd").replace("name: 大厅", ""))
    with pytest.raises(MappingError) as error:
        load_sources(tmp_path)
    assert [text.split(":")[1] for text in str(error.value).splitlines()] == ["1", "7", "12"]


def test_a_fault_in_a_part_that_is_used_again_is_told_where_it_is_written(tmp_path):
    again = SOUND.replace("  - dataset", "  - &cases\n    dataset") + "  - <<: *cases\n    files: [desk/*.csv]\n"
    path = mapping(tmp_path, again.replace("venue: hall", "venu: hall"))
    with pytest.raises(MappingError) as error:
        load_sources(tmp_path)
    lines = str(error.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{path}:9:17"] * 2
    assert [line.split(": ")[1] for line in lines] == [f"exports.{place}.constants.venu" for place in (0, 1)]


def test_the_mapping_without_faults_keeps_its_codes_as_written(tmp_path):
    mapping(tmp_path, SOUND)
    (source,) = load_sources(tmp_path)
    # YAML's own reading would make 1, 2 and False of them
    assert [*source.exports[0].codes["status"]] == ["1", "02", "no"]


def test_faults_beyond_the_file_have_a_line_too(tmp_path):
    evaluations = """source: rating
name: 评价
exports:
  - dataset: evaluations
    files: [rating/*.csv]
    codes:
      case_source:
        大厅: hal
"""
    mapping(tmp_path, SOUND)
    path = mapping(tmp_path, evaluations, "rating")
    with pytest.raises(MappingError) as error:
        load_sources(tmp_path)
    assert f"{path}:8:9: " in str(error.value) and "'hal' is no source of this jurisdiction; did you mean hall?" in str(
        error.value
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("window,org_name\n税务,县税务局\n", "windows.csv:1: lacks the column window_name"),
        ("window_name,org_name\n税务,县税务局\n税务,县人社局\n", "windows.csv:3: window_name '税务' gives '县人社局'"),
    ],
)
def test_a_lookup_that_can_not_be_used_says_where(tmp_path, text, said):
    mapping(tmp_path, SOUND.replace("{税务: 县税务局}", "windows.csv"))
    (tmp_path / "windows.csv").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=said):
        load_sources(tmp_path)


def test_the_schema_for_editors_is_current():
    assert SCHEMA.read_text(encoding="utf-8") == write_schema(), "run python -m ingest.mapping.editor_schema"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_mappings_are_valid_and_point_editors_to_the_schema(path):
    text = path.read_text(encoding="utf-8")
    jsonschema.validate(yaml.safe_load(text), json.loads(SCHEMA.read_text(encoding="utf-8")))
    first = text.splitlines()[0]
    assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve() == SCHEMA


@pytest.mark.parametrize("fault", ["a column misspelt", "a field misspelt", "an unknown code", "an unknown dataset"])
def test_the_schema_marks_what_the_loader_would_refuse(fault):
    sound, wrong, *_ = FAULTS[fault]
    found = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(yaml.load(SOUND, Loader=yaml.BaseLoader), found)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(SOUND.replace(sound, wrong), Loader=yaml.BaseLoader), found)


def test_a_key_that_dagster_can_not_name_is_refused(tmp_path):
    mapping(tmp_path, SOUND.replace("source: hall", "source: 大厅"), name="大厅")
    with pytest.raises(
        MappingError, match=r"大厅\.yaml:1:1: source: '大厅' may hold letters a to z, digits and _ only"
    ):
        load_sources(tmp_path)


def test_spellings_are_learned_from_mappings_that_can_be_used(tmp_path):
    for county in ("one", "other"):
        (tmp_path / county).mkdir()
    mapping(tmp_path / "one", SOUND)
    mapping(tmp_path / "other", SOUND.replace("name: 大厅", "name: TODO"))
    assert [source.name for source in load_finished_mappings(tmp_path)] == ["大厅"]
