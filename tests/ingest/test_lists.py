"""Tests how the files of a jurisdiction are read: as tolerant as exports, and strict about what a cell may hold.

It asserts values and lines that were read off by eye. How mappings are read is tested in test_mappings.py.
"""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingest.errors import MappingError
from ingest.jurisdiction.calendar import build_calendar
from ingest.jurisdiction.lists import HOLIDAYS, REGIONS, read_list, read_organisations
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.load import load_sources
from tests.ingest.conftest import mapping
from tests.ingest.test_jurisdiction_schema import SOUND

HEADER = "region_code,region_name,printed_name,parent_code,is_listed,list_order\n"
TOWNS = HEADER + "990001,样例县,样例县,9900,false,0\n990001100,东河镇,东河,990001,true,1\n"
ORGANISATIONS = "org_name,printed_name,venue,town_name,keeps_ledger\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def faults_of(path: Path, columns) -> list[str]:
    with pytest.raises(MappingError) as raised:
        read_list(path, columns)
    return [line.removeprefix(f"{path}:") for line in str(raised.value).splitlines()]


@pytest.mark.parametrize(
    "written",
    ["2022-07-11", "2022/7/11", "2022/7/11 0:00", "2022年7月11日", "20220711", "44753", "　２０２２/７/１１ "],
)
def test_a_day_is_read_as_offices_write_it(tmp_path, written):
    path = write(tmp_path / "holidays.csv", f"date,name,kind,source\n{written},古尔邦节,off,通知\n")
    assert read_list(path, HOLIDAYS)["date"].tolist() == ["2022-07-11"]
    calendar = build_calendar(path)
    assert not calendar.loc[calendar["date_on"] == datetime.date(2022, 7, 11), "is_working_day"].item()


@pytest.mark.parametrize("written", ["2022-7", "2022-02-30", "2022111", "七月十一日", "2022/7/11 9:00", "11/7/2022"])
def test_what_is_no_day_is_an_error_and_no_working_day(tmp_path, written):
    path = write(tmp_path / "holidays.csv", f"date,name,kind,source\n{written},古尔邦节,off,通知\n")
    assert faults_of(path, HOLIDAYS) == [f"2: date: {written!r} is no day; write it as 2022-07-11"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_list_is_read_however_it_was_saved(tmp_path, encoding, end, delimiter):
    text = TOWNS.replace("东河镇", "　东河镇 ").replace(",", delimiter).replace("\n", end)
    regions = read_list(write(tmp_path / "regions.csv", text, encoding), REGIONS)
    assert regions.values.tolist() == [
        ["990001", "样例县", "样例县", "9900", "false", "0"],
        ["990001100", "东河镇", "东河", "990001", "true", "1"],
    ]


def test_yes_no_and_numbers_have_the_spellings_of_offices(tmp_path):
    rows = "1,甲,甲,,是,１\n2,乙,乙,,否,2.0\n3,丙,丙,,TRUE,+3\n4,丁,丁,,No,\n,,,,,\n\n"
    regions = read_list(write(tmp_path / "regions.csv", HEADER + rows), REGIONS)
    assert regions["is_listed"].tolist() == ["true", "false", "true", "false"]
    assert regions["list_order"].tolist() == ["1", "2", "3", ""]


def test_all_faults_of_a_file_are_told_at_once_by_line(tmp_path):
    rows = '1,甲,甲,,ja,1\n2,乙,乙,,是,二\n1,"丙\n镇",丙,,是,3\n5,,戊,,是,5\n6,己,己,是,6\n'
    assert faults_of(write(tmp_path / "regions.csv", HEADER + rows), REGIONS) == [
        "2: is_listed: 'ja' is neither yes nor no; write true or false",
        "3: list_order: '二' is no whole number; write digits only",
        "5: region_code: '1' stands in line 2 already; delete one of the two",
        "6: region_name: is blank; fill it in",
        "7: has 5 cells, the header has 6; a separator is missing, or one too many",
    ]


def test_a_kind_of_holiday_is_off_or_work(tmp_path):
    text = "date,name,kind,source\n2022-07-11,节,假,\n2022-07-12,节,休,\n2022-07-11,节,off,\n"
    assert faults_of(write(tmp_path / "holidays.csv", text), HOLIDAYS) == [
        "2: kind: '假' is not allowed here; there are off, work, 休, 班",
        "4: date: '2022-07-11' stands in line 2 already; delete one of the two",
    ]


def test_an_organisation_has_a_venue_and_a_town_that_exist(tmp_path):
    regions = read_list(write(tmp_path / "regions.csv", TOWNS), REGIONS)
    rows = "甲局,甲,hall,,true\n乙中心,乙,乡镇街道,东河镇,是\n丙中心,丙,township,990001100,否\n"
    good = read_organisations(write(tmp_path / "organisations.csv", ORGANISATIONS + rows), regions)
    assert good["venue"].tolist() == ["hall", "township", "township"]
    assert good["town_name"].tolist() == ["", "东河", "东河"]
    rows = "甲局,甲,大厅,,true\n乙中心,乙,townships,东河乡,true\n甲局,甲,hall,,true\n"
    path = write(tmp_path / "organisations.csv", ORGANISATIONS + rows)
    with pytest.raises(MappingError) as raised:
        read_organisations(path, regions)
    assert [line.removeprefix(f"{path}:") for line in str(raised.value).splitlines()] == [
        "2: venue: '大厅' is not allowed here; did you mean 政务大厅?",
        "3: town_name: '东河乡' is not allowed here; did you mean 东河?",
        "3: venue: 'townships' is not allowed here; did you mean township?",
        "4: org_name: '甲局' stands in line 2 already; delete one of the two",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1: is empty: its first line must name the columns"),
        (b"region_code,region_name\n", "1: lacks the column printed_name, parent_code, is_listed, list_order"),
        (b"PK\x03\x04", "is a workbook; open it and save it as CSV (UTF-8)"),
        (b"\xff\xff\xff", "is text in neither UTF-8 nor GBK; save it as UTF-8"),
        (b'region_code,"a\n', "is no CSV: unexpected end of data; check the quotes"),
    ],
)
def test_what_is_no_list_is_told_in_a_sentence(tmp_path, content, told):
    path = tmp_path / "regions.csv"
    path.write_bytes(content)
    with pytest.raises(MappingError) as raised:
        read_list(path, REGIONS)
    assert str(raised.value).startswith(f"{path}:")
    assert told in str(raised.value)


def test_a_lookup_is_as_tolerant_and_holds_only_values_that_its_column_can_hold(tmp_path):
    mapping(
        tmp_path,
        "source: hall\nname: 大厅\nexports:\n  - dataset: cases\n    files: [hall/*.csv]\n"
        "    derived: {venue: {from: window_name, lookup: windows.csv}}\n",
    )
    path = write(tmp_path / "windows.csv", "window_name;venue\r\n　一号 ;hall\r\n二号;政务大厅\r\n", "gb18030")
    (source,) = load_sources(tmp_path)
    assert source.exports[0].derived["venue"].lookup == {"一号": "hall", "二号": "政务大厅"}
    write(path, "window_name,venue\n一号,hal\n二号,hall\n二号,township\n三号\n")
    with pytest.raises(MappingError) as raised:
        load_sources(tmp_path)
    assert sorted(line.removeprefix(f"{path}:") for line in str(raised.value).splitlines()) == [
        "2: venue can't be 'hal'; did you mean hall?",
        "4: window_name '二号' gives 'township' here and 'hall' above; delete one of the two lines",
        "5: has 1 cells, the header has 2; a separator is missing, or one too many",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_jurisdiction_yaml_is_read_however_it_was_saved(tmp_path, encoding):
    text = SOUND.replace('"990001"', "990001").replace("true", "是").replace("\n", "\r\n")
    write(tmp_path / "jurisdiction.yaml", text, encoding)
    jurisdiction = load_jurisdiction(tmp_path)
    assert (jurisdiction.name, jurisdiction.code, jurisdiction.pause_kinds) == ("样例县", "990001", {"特别程序": True})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("特别程序: 对", "5:15: pause_kinds.特别程序: must be true or false; found '对'"),
        ("特殊程序: true", "5:15: pause_kinds.特殊程序: '特殊程序' is no kind of pause; did you mean 特别程序?"),
    ],
)
def test_a_pause_that_is_none_is_a_fault_of_jurisdiction_yaml(tmp_path, wrong, told):
    write(tmp_path / "jurisdiction.yaml", SOUND.replace("特别程序: true", wrong))
    with pytest.raises(MappingError, match=rf"jurisdiction\.yaml:{told}"):
        load_jurisdiction(tmp_path)
