"""`tongbao check`: faults of a county's folder, dates of files, and joins that a run would make.

The county is the one of tests/county, changed by each test. It asserts counts that were worked out by hand, exit codes,
and that neither a home is made nor a person named.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.ingest.conftest import COUNTY, case, mapping
from tests.ingest.test_draft_county import ask, put

HALL = (COUNTY / "sources" / "hall.yaml").read_text(encoding="utf-8")
OTHERS = """  - {dataset: case_pauses, files: ["pauses/*.csv"], date_in_path: '(\\d{4})(\\d{2})'}
  - {dataset: case_results, files: ["results/*.csv"], date_in_path: '(\\d{4})(\\d{2})'}
  - {dataset: items, files: ["items/*.csv"], date_in_path: '(\\d{4})(\\d{2})'}
"""
# a system with numbers of its own, whose evaluations are of the hall's cases
RATING = """source: rating
name: 好差评系统
exports:
  - {dataset: evaluations, files: ["rating/*.csv"], date_in_path: '(\\d{4})(\\d{2})', constants: {case_source: hall}}
"""


@pytest.fixture
def county(tmp_path) -> Path:
    shutil.copytree(COUNTY, tmp_path / "county")
    mapping(tmp_path / "county", HALL.rstrip("\n") + "\n" + OTHERS)
    mapping(tmp_path / "county", RATING, name="rating")
    return tmp_path / "county"


def check(landing, county: Path) -> tuple[int, str]:
    return ask("check", "--from", str(landing.home / "exports"), home=landing.home / "no home", county=county)


@pytest.mark.parametrize("name", ["regions.csv", "organisations.csv", "bulletin/template.md", "jurisdiction.yaml"])
def test_a_missing_file_is_an_error_that_names_it(landing, county, name):
    landing.put("hall/202201.csv", case(1))
    assert check(landing, county)[0] == 0
    (county / name).unlink()
    code, said = check(landing, county)
    assert code == 1 and f"error {county / name}" in said


def test_scripts_get_the_same_findings_as_json(landing, county):
    landing.put("hall/202201.csv", case(1), *(case(n, status="不明") for n in (2, 3, 4)))
    exports = str(landing.home / "exports")
    code, said = ask("check", "--from", exports, "--json", home=landing.home / "no home", county=county)
    found = json.loads(said)
    assert (code, found["errors"], found["rehearsal"]["files"], found["rehearsal"]["rows"]) == (1, [], 1, 4)
    # three of four rows are bad, so the file is refused, which stops a run
    assert [path for path, _ in found["rehearsal"]["stopped"]] == ["hall/202201.csv"]
    (hall,) = (each for each in found["mappings"] if each["dataset"] == "cases")
    assert (hall["source"], hall["tried"], hall["rows"]) == ("hall", "hall/202201.csv", 4)
    (county / "regions.csv").unlink()
    code, said = ask("check", "--from", exports, "--json", home=landing.home / "no home", county=county)
    assert code == 1 and "regions.csv" in json.loads(said)["errors"][0] and "mappings" not in json.loads(said)


def test_faults_of_all_files_are_told_at_once(landing, county):
    landing.put("hall/202201.csv", case(1))
    put(county / "holidays.csv", "date,name,kind,source", "昨天,开斋节,off,")
    put(county / "organisations.csv", "org_name,printed_name,venue,town_name,keeps_ledger", "甲,甲,roof,,true")
    put(county / "bulletin/template.md", "{{ fig('case_volum') }}")
    put(county / "sources/hall.yaml", "source: hall", "name: TODO", "exports: []")
    about = county / "jurisdiction.yaml"
    about.write_text(about.read_text("utf-8").replace("bureau: 测试局", "bureau: TODO"), "utf-8")
    code, said = check(landing, county)
    assert code == 1
    for place in (
        "holidays.csv:2:",
        "organisations.csv:2:",
        "template.md:1: no fig is named 'case_volum'; did you mean case_volume",
        "hall.yaml:2:1: name: is still TODO",
        "jurisdiction.yaml:4:1: bureau: is still TODO",
    ):
        assert place in said, said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{% if block('x') %}", ":1: Unexpected end of template"),
        ("一\n{{ chart('monthly_volum') }}", ":2: no chart is named 'monthly_volum'; did you mean monthly_volume"),
        ("{% if block('countty') %}{% endif %}", ":1: no block is named 'countty'"),
    ],
)
def test_faults_of_the_template_have_a_line(landing, county, text, fault):
    landing.put("hall/202201.csv", case(1))
    put(county / "bulletin/template.md", text)
    code, said = check(landing, county)
    assert code == 1 and f"template.md{fault}" in said
    assert "rehearsal" in said  # a text that can't be filled keeps nobody from looking at the exports


def test_joins_are_counted_and_what_finds_nothing_is_named(landing, county):
    cases = [case(n, org_name="县行政审批局" if n < 8 else "县医保局") for n in range(10)]
    landing.put("hall/202201.csv", *cases)
    landing.put(
        "pauses/202201.csv",
        *(f"A{n},特别程序,2022-01-09 09:00:00" for n in (1, 2, 77)),
        header="办件编号,种类,开始时间",
    )
    landing.put("results/202201.csv", "A3,2022-01-09 09:00:00,准予", header="办件编号,办结时间,办结结果")
    rating = [f"E{n},A{n},二维码,满意,2022-01-20 09:00:00" for n in (1, 50, 51, 52)]
    landing.put("rating/202201.csv", *rating, header="评价编号,办件编号,评价渠道,满意度,评价时间")
    put(
        county / "organisations.csv",
        "org_name,printed_name,venue,town_name,keeps_ledger",
        "县行政审批局,审批局,hall,,true",
    )
    code, said = check(landing, county)
    assert code == 0, said
    for line in (
        "case_pauses 2 of 3 find their case",
        "not found: pauses/202201.csv: 1 rows",
        "case_results 1 of 1 find their case",
        "evaluations 1 of 4 find their case",
        "not found: rating/202201.csv: 3 rows",
        "cases 8 of 10 find their organisation",
        "not found: 县医保局: 2 rows",
        "    县医保局,县医保局,hall,,false",
    ):
        assert line in said, said
    assert "find their item" not in said  # no catalogue was exported
    assert not (landing.home / "no home").exists()


def test_cases_are_joined_to_items_and_towns_as_the_models_do(landing, county):
    text = (county / "sources/hall.yaml").read_text("utf-8")
    for name, header in (("item_code", "实施编码"), ("town_name", "乡镇街道"), ("region_code", "行政区划代码")):
        text = text.replace(f"{name}, ", "", 1)
        text = text.replace("columns: {case_no: [业务编号]", f"columns: {{case_no: [业务编号], {name}: [{header}]")
    put(county / "sources/hall.yaml", text.replace("constants: {venue: hall}", "constants: {venue: township}"))
    put(
        county / "regions.csv",
        "region_code,region_name,printed_name,parent_code,is_listed,list_order",
        "640000,测试县,测试县,6400,false,0",
        "640000100,东河镇,东河,640000,true,1",
    )
    header = "业务编号,事项名称,实施编码,办理形式,受理部门,乡镇街道,行政区划代码,受理时间,办件状态"
    places = ["东河镇,", "东河,", ",640000100203", "西河乡,", "张三样,", ","]
    lines = [
        f"A{n},许可,I{n % 2},窗口办理,县行政审批局,{place},2022-01-03 09:00:00,在办" for n, place in enumerate(places)
    ]
    landing.put("hall/202201.csv", *lines, header=header)
    landing.put("items/202201.csv", "I1,许可,在用,2020-01-01", header="实施编码,事项名称,事项状态,生效日期")
    code, said = check(landing, county)
    assert code == 0, said
    assert "cases 3 of 6 find their item" in said and "not found: I0: 3 rows" in said
    assert "cases 3 of 5 find their town" in said and "not found: 西河乡: 1 rows" in said
    assert "    TODO-2,西河乡,西河乡,640000,true,2" in said
    assert "张三样" not in said


def test_codes_that_no_mapping_knows_are_counted_over_all_files(landing, county):
    for month in (1, 2):
        rows = [case(n + 400 * month, **({"channel": "飞鸽"} if n < 5 else {})) for n in range(300)]
        landing.put(f"hall/20220{month}.csv", *rows)
    code, said = check(landing, county)
    assert code == 0 and "code hall cases: 办理形式 “飞鸽” × 10" in said


@pytest.mark.parametrize(
    ("name", "what"), [("hall/2022.csv", "its name gives a year only"), ("hall/x.csv", "no date in")]
)
def test_files_without_a_date_are_told(landing, county, name, what):
    landing.put(name, case(1))
    code, said = check(landing, county)
    assert code == 0 and f"undated {name}: {what}" in said


def test_a_refused_file_of_an_optional_source_stops_nothing(landing, county):
    landing.put("hall/202201.csv", case(1), header="编号,事项")
    assert check(landing, county)[0] == 1
    text = (county / "sources/hall.yaml").read_text("utf-8")
    put(county / "sources/hall.yaml", text.replace("precedence: 1", "precedence: 1\nis_optional: true"))
    code, said = check(landing, county)
    assert code == 0 and "unread hall/202201.csv: would be refused" in said


def test_figures_of_the_county_s_own_are_checked_and_known_to_the_template(landing, county):
    landing.put("hall/202201.csv", case(1))
    put(county / "bulletin/template.md", "{{ fig('finish_rate') }}")
    assert "no fig is named 'finish_rate'" in check(landing, county)[1]
    rate = (
        "  finish_rate: {name: 综合办结率, basis: 办结量除以办件量, numerator: case_finished, denominator: case_volume}"
    )
    put(county / "figures.yaml", "figures:", rate)
    code, said = check(landing, county)
    assert code == 0, said
    put(county / "figures.yaml", "figures:", rate.replace("case_finished", "case_finishd"))
    code, said = check(landing, county)
    assert code == 1 and "figures.yaml:2:" in said and "did you mean case_finished" in said


@pytest.mark.parametrize(
    "exports", sorted((COUNTY.parents[1] / "jurisdictions").glob("*/exports")), ids=lambda path: path.parent.name
)
def test_jurisdictions_that_ship_with_exports_pass(exports, tmp_path):
    code, said = ask("check", "--from", str(exports), home=tmp_path / "no home", county=exports.parent)
    assert code == 0, said
    for word in ("undated", "not found", " code "):
        assert word not in said
