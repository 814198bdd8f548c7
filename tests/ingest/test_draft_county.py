"""`tongbao init`: the folder of a county drafted from exports of another shape than Lingwu's.

The exports are made in tests/end_to_end/another_county.py, apart from the product. It asserts what a draft settles by
itself, that it names nobody, that it is the same at any time, and that it loads once a person has answered it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dagster_project.cli.main import main
from ingest.landing.claim import claims_name
from ingest.mapping.load import load_sources
from tests.end_to_end.another_county import ID, OPINION, PEOPLE, PHONE, TOWNS, answer_questions, write_exports


def ask(*arguments: str, home: Path, county: Path | None = None) -> tuple[int, str]:
    environment = {"TONGBAO_HOME": str(home)} | ({"TONGBAO_JURISDICTION": str(county)} if county else {})
    outcome = CliRunner().invoke(main, [*arguments], env=environment)
    assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.exception
    return outcome.exit_code, outcome.output


def put(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def read(county: Path) -> dict[str, str]:
    return {
        path.relative_to(county).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(county.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def drafted(tmp_path_factory) -> tuple[Path, str]:
    """The home with its exports and the folder `county` in it, and what the command said."""
    home = tmp_path_factory.mktemp("home")
    write_exports(home / "exports")
    code, said = ask("init", str(home / "county"), home=home)
    assert code == 0, said
    return home, said


def test_each_system_has_a_mapping_whose_globs_claim_later_files(drafted):
    home, said = drafted
    mappings = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (home / "county/sources").iterdir()}
    globs = {source: mapping["exports"][0]["files"] for source, mapping in mappings.items()}
    later = {
        "hall": "政务大厅/受理明细202311.csv",
        "township": "乡镇便民系统/2023-11.xlsx",
        "rating": "好差评/pj_202311.csv",
        "certificate": "电子证照_20231130.csv",
    }
    for source, name in later.items():
        claimants = [other for other in globs for glob in globs[other] if claims_name(glob, name)]
        assert claimants == [source], name
        assert f"sources/{source}.yaml" in said
    hall = mappings["hall"]["exports"][0]
    assert (hall["delimiter"], hall["encoding"], hall["dataset"]) == (";", "gb18030", "cases")
    # its only file is named by a day, and its 40 rows are of 40 working days
    assert mappings["certificate"]["exports"][0]["covers"] == "quarter"
    assert "covers" not in hall and "covers" not in mappings["rating"]["exports"][0]
    # all 126 evaluations are the hall's cases, which the draft counts in the data
    assert mappings["rating"]["exports"][0]["constants"] == {"case_source": "hall"}


def test_regions_and_organisations_come_from_the_values(drafted):
    county = drafted[0] / "county"
    regions = [*csv.DictReader((county / "regions.csv").read_text("utf-8").splitlines())]
    assert [(row["region_code"], row["region_name"]) for row in regions] == [
        ("990102", "样河县"),
        *((f"99010210{place}", town) for place, town in enumerate(TOWNS)),
    ]
    organisations = [*csv.DictReader((county / "organisations.csv").read_text("utf-8").splitlines())]
    assert len(organisations) == 8
    assert {(row["venue"], row["town_name"]) for row in organisations} == {
        ("hall", ""),
        *(("township", town) for town in TOWNS),
    }
    assert (county / "holidays.csv").read_text("utf-8") == "date,name,kind,source\n"


def test_a_draft_names_nobody_and_no_other_county(drafted):
    home, said = drafted
    texts = read(home / "county") | {"what it said": said}
    for name, text in texts.items():
        for word in (*PEOPLE, PHONE, ID, OPINION, "灵武", "银川", "宁夏", "自治区"):
            assert word not in text, (name, word)


def test_two_drafts_of_the_same_exports_are_equal(drafted, tmp_path):
    home, _ = drafted
    assert ask("init", str(home / "again"), home=home)[0] == 0
    assert read(home / "again") == read(home / "county")


def test_a_folder_that_is_there_is_left_as_it_is(drafted):
    home, _ = drafted
    before = read(home / "county")
    code, said = ask("init", str(home / "county"), home=home)
    assert code == 1 and "is there already; nothing written" in said
    assert read(home / "county") == before


def test_numbers_of_satisfaction_and_flags_are_left_to_a_person(drafted):
    text = read(drafted[0] / "county")["sources/rating.yaml"]
    assert '# "1": TODO   # 108 records; 非常满意' in text and '# "5": TODO   # 18 records; 非常满意' in text
    assert "some systems count from the best, some from the worst: ask the supplier" in text
    assert "codes" not in yaml.safe_load(text)["exports"][0]
    hall = read(drafted[0] / "county")["sources/hall.yaml"]
    for question in (
        "is_platform: false   # TODO",
        "is_enrolled: false   # TODO true, if it is enrolled in 好差评; 126 of its 420 case numbers have an evaluation",
        "case_no_scope: own   # TODO",
        "# TODO promised_unit: the limit has no unit",
        '# TODO accepted_at: ["受理日期"]',
        '# "办毕": TODO   # 378 records',
    ):
        assert question in hall, question


def test_an_answered_draft_passes_the_check_and_makes_no_home(drafted, tmp_path):
    home, _ = drafted
    code, said = ask("check", "--from", str(home / "exports"), home=tmp_path / "none", county=home / "county")
    assert code == 1 and "lacks the column 办理形式 (channel)、受理时间 (accepted_at)" in said
    answered = home / "answered"
    assert ask("init", str(answered), home=home)[0] == 0
    answer_questions(answered)
    assert len(load_sources(answered)) == 4
    code, said = ask("check", "--from", str(home / "exports"), home=tmp_path / "none", county=answered)
    assert code == 0, said
    assert "evaluations 126 of 126 find their case" in said
    assert "cases 600 of 600 find their organisation" in said
    assert "cases 180 of 180 find their town" in said
    assert not (tmp_path / "none").exists()


def test_results_and_pauses_belong_to_the_system_of_their_cases(tmp_path):
    cases = [f"N{n},食品经营许可,窗口办理,县审批局,2022-07-0{n % 9 + 1} 09:00:00,在办" for n in range(20)]
    put(tmp_path / "exports/审批系统/办件_202207.csv", "办件编号,事项名称,办理形式,受理部门,受理时间,办件状态", *cases)
    pauses = [f"N{n},特别程序,2022-07-10 09:00:00" for n in range(3)]
    put(tmp_path / "exports/挂起登记/挂起_202207.csv", "办件编号,种类,开始时间", *pauses)
    assert ask("init", str(tmp_path / "county"), home=tmp_path)[0] == 0
    (mapping,) = (tmp_path / "county/sources").iterdir()
    assert [e["dataset"] for e in yaml.safe_load(mapping.read_text("utf-8"))["exports"]] == ["cases", "case_pauses"]


def test_files_with_other_headers_of_one_system_are_one_export(tmp_path):
    def line(n: int) -> str:
        return f"N{n},食品经营许可,窗口办理,县审批局,2022-07-0{n % 9 + 1} 09:00:00,在办"

    put(
        tmp_path / "exports/大厅/办件_202206.csv",
        "办件编号,事项名称,办理形式,受理部门,受理时间,办件状态",
        line(1),
        line(2),
    )
    put(
        tmp_path / "exports/大厅/办件_202207.csv",
        "受理编号,事项名称,办理形式,受理部门,受理时间,办件状态",
        line(3),
        line(4),
    )
    assert ask("init", str(tmp_path / "county"), home=tmp_path)[0] == 0
    (export,) = yaml.safe_load((tmp_path / "county/sources/hall.yaml").read_text("utf-8"))["exports"]
    assert export["columns"]["case_no"] == ["办件编号", "受理编号"]
    assert export["files"] == ["大厅/办件_*.csv"]


def test_persons_in_a_column_of_organisations_are_left_out_and_counted(tmp_path):
    orgs = ["县审批局", "张三样", "阿依样·买买提", "李四", "县税务局", "13900001234"]
    lines = [f"N{n},食品经营许可,窗口办理,{org},2022-07-01 09:00:00,在办" for n, org in enumerate(orgs)]
    put(tmp_path / "exports/大厅/办件_202206.csv", "办件编号,事项名称,办理形式,受理部门,受理时间,办件状态", *lines)
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 0 and "4 values of an organisation's column" in said
    texts = "".join(read(tmp_path / "county").values())
    assert [org for org in orgs if org in texts] == ["县审批局", "县税务局"]


def test_files_that_nobody_can_tell_are_named_and_claimed_by_no_mapping(tmp_path):
    put(tmp_path / "exports/大厅/办件_202206.csv", "办件编号,事项名称,受理部门", "N1,食品经营许可,县审批局")
    put(tmp_path / "exports/杂项/名单.csv", "甲,乙", "1,2")
    put(tmp_path / "exports/杂项/无表头.csv", "N1,张三样,13900001234", "N2,李四样,13900001234")
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 0
    assert "not understood: 杂项/名单.csv" in said and "not understood: 杂项/无表头.csv" in said
    assert "张三样" not in said
    assert [path.name for path in (tmp_path / "county/sources").iterdir()] == ["hall.yaml"]


def test_exports_of_which_none_is_understood_make_no_folder(tmp_path):
    put(tmp_path / "exports/名单.csv", "甲,乙", "1,2")
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 1 and "none of its 1 files can be understood" in said
    assert not (tmp_path / "county").exists()


def test_headers_are_suggested_by_the_words_in_them_and_kept_for_a_person(tmp_path):
    header = "编号,乡镇,服务事项,办理单位,群众姓名,身份证,电话,办理时间,进展状态,程序类型"
    lines = [f"X{n},柳林镇,低保申请,柳林镇便民服务中心,张三样,,13900001234,2022-07-01,办结,甲" for n in range(30)]
    put(tmp_path / "exports/乡镇/办件_202207.csv", header, *lines)
    assert ask("init", str(tmp_path / "county"), home=tmp_path)[0] == 0
    text = read(tmp_path / "county")["sources/township.yaml"]
    for column, name in (
        ("case_no", "编号"),
        ("town_name", "乡镇"),
        ("item_name", "服务事项"),
        ("org_name", "办理单位"),
        ("accepted_at", "办理时间"),
        ("status", "进展状态"),
        ("applicant_key", "身份证"),
    ):
        assert f'# TODO {column}: ["{name}"]' in text
    # columns of persons that are never stored need nobody's word
    columns = yaml.safe_load(text)["exports"][0]["columns"]
    assert columns == {"applicant_name": ["群众姓名"], "phone": ["电话"]}
    assert '- "程序类型"' in text  # 程 is a surname, but this is a header
    # the names are in the lists already, so that a person only confirms the columns
    assert (
        "柳林镇便民服务中心,柳林镇便民服务中心,township,柳林镇,false" in read(tmp_path / "county")["organisations.csv"]
    )


def test_a_title_above_the_header_is_told(tmp_path):
    put(tmp_path / "exports/大厅/办件_202206.csv", "办件编号,事项名称,受理部门", "N1,食品经营许可,县审批局")
    put(tmp_path / "exports/延时.csv", "大厅延时服务登记表,,", "日期,单位,次数", "2022-07-01,县审批局,1")
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 0 and "not understood: 延时.csv: its first line holds a single cell; delete the lines above" in said
