"""The ingest stage on exports written by hand: each expected count was worked out on paper.

Synthetic samples and the models are tested elsewhere. It asserts verdicts, counts, versions and that no
personal value survives.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import itertools
import shutil
import uuid
from datetime import date

import pytest
import xlsxwriter

from ingest.errors import MappingError
from ingest.mapping.load import load_sources
from tests.ingest.conftest import COUNTY, HEADER, case, mapping, run


def test_gb18030_and_utf8_give_the_same_rows(landing):
    landing.put("hall/202201.csv", case(1), case(2), encoding="gb18030")
    landing.run()
    stored = landing.ask("select case_no, item_name, channel, accepted_at from raw.cases order by 1")
    other = landing.put("hall/202201.csv", case(1), case(2), encoding="utf-8-sig")
    landing.run()
    assert landing.ask("select case_no, item_name, channel, accepted_at from raw.cases order by 1") == stored
    assert stored[0][1:3] == ("食品经营许可", "counter")
    assert other.exists()
    assert landing.ask("select encoding, verdict from quality.files order by file_id") == [
        ("gb18030", "replaced"),
        ("utf-8", "loaded"),
    ]


def test_a_bad_row_is_set_aside_with_its_place_and_reason(landing):
    lines = [case(n) for n in range(200)]
    lines[3] = case(3, channel="飞鸽传书")
    lines[5] = "只有,两格"
    lines[7] = case(7, accepted_at="2022-13-08")
    landing.put("hall/202201.csv", *lines)
    landing.run()
    assert landing.counts("hall/202201.csv") == ("loaded", 200, 197, 0, 0, 3)
    assert landing.ask("select record, column_name, rule, value from quality.quarantine order by record") == [
        (4, "channel", "unknown_code", "（已遮蔽，4字）"),
        (6, "", "too_few_cells", None),
        (8, "accepted_at", "not_a_timestamp", "2022-13-08"),
    ]


def test_record_ordinals_count_records_not_lines(landing):
    lines = [case(n, item_name='"两\n行"') for n in range(120)] + [case(120, status="不明")]
    landing.put("hall/202201.csv", *lines)
    landing.run()
    assert landing.ask("select record, value from quality.quarantine") == [(121, "（已遮蔽，2字）")]
    assert landing.ask("select _record from raw.cases where case_no = 'A119'") == [(120,)]


def test_dates_as_people_write_them(landing):
    written = [
        "2022/3/1",
        "2022-03-01 00:00:00",
        "20220301",
        "2022年3月1日",
        "２０２２－０３－０１",
        "44621",
        "2022.3.1",
    ]
    landing.put("hall/202203.csv", *(case(n, accepted_at=text) for n, text in enumerate(written)))
    landing.run()
    assert landing.ask("select distinct accepted_at::date from raw.cases") == [(date(2022, 3, 1),)]
    assert landing.counts("hall/202203.csv") == ("loaded", 7, 7, 0, 0, 0)


@pytest.mark.parametrize("moment", ["2022-3-1 1:00:00+00", "2022-03-01T1:00:00Z", "2022-3-1 3:00:00 PM"])
def test_a_time_as_long_as_a_local_one_is_not_taken_for_it(landing, moment):
    landing.put("hall/202201.csv", *(case(n) for n in range(99)), case(99, accepted_at=moment))
    landing.run()
    assert landing.ask("select column_name, rule, value from quality.quarantine") == [
        ("accepted_at", "not_a_timestamp", moment)
    ]


@pytest.mark.parametrize(
    ("header", "lines", "said"),
    [
        ("编号,事项", ["1,2"], "lacks the column 办件编号"),
        (HEADER + ",业务编号", [case(1) + ",A1"], "2 times"),
        ("<html><body>请登录</body></html>", [], "is a web page"),
        (HEADER, [case(1), *(case(n, status="不明") for n in (2, 3, 4))], "3 of 4 records don't conform"),
        (HEADER, [case(1), case(2, item_name='"没有收尾'), case(3)], "quote"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_whole(landing, header, lines, said):
    landing.put("hall/202201.csv", *lines, header=header)
    report = landing.run()
    assert [name for name, _ in report.refused] == ["hall/202201.csv"]
    assert said in report.refused[0][1]
    assert landing.ask("select count(*) from raw.cases") == [(0,)]
    verdict, read, *_, quarantined = landing.counts("hall/202201.csv")
    assert (verdict, read) == ("refused", quarantined)


def test_a_file_cut_off_in_mid_row_is_refused(landing):
    landing.put("hall/202201.csv", *(case(n) for n in range(300)), "A300,食品经", end="")
    assert "cut off in record 301" in landing.run().refused[0][1]


def test_bytes_that_are_no_text_are_refused(landing):
    path = landing.put("hall/202201.csv", case(1))
    path.write_bytes(path.read_bytes() + b"\xff\xff\x80")
    assert "is not text in utf-8 (line 3) or gb18030 (line 1)" in landing.run().refused[0][1]


def test_a_file_nobody_claims_is_reported_by_name(landing):
    landing.put("somewhere/else.csv", case(1))
    assert landing.run().unclaimed == [("somewhere/else.csv", "no source's glob claims it")]


def test_a_second_run_finds_nothing_new_and_a_repeated_file_adds_nothing(landing):
    path = landing.put("hall/202201.csv", case(1), case(2))
    assert landing.run().new_files == 1
    assert landing.run().new_files == 0
    (path.parent / "202201副本.csv").write_bytes(path.read_bytes())
    assert landing.run().new_files == 1
    assert landing.ask("select count(*) from raw.cases where _state = 'loaded'") == [(2,)]
    assert landing.ask("select sum(rows_duplicate), sum(rows_loaded) from quality.files") == [(2, 2)]


def test_versions_stand_by_content_whatever_the_order_of_arrival(landing, tmp_path):
    deliveries = {
        "hall/202201.csv": [case(1), case(2, updated_at="2022-01-09 10:00:00")],
        "hall/20220203.csv": [case(1, status="办结", finished_at="2022-02-03 10:00:00")],
        # exported later, but the row itself is older
        "hall/20220205.csv": [case(2, updated_at="2022-01-08 10:00:00", status="撤销")],
    }
    outcomes = set()
    for place, order in enumerate(itertools.permutations(deliveries)):
        home = tmp_path / str(place)
        for folder in ("exports", "build"):
            (home / folder).mkdir(parents=True)
        landing.home = home
        for name in order:
            landing.put(name, *deliveries[name])
            landing.run()
        outcomes.add(
            (
                *landing.ask("select case_no, status, finished_at from raw.cases where _state = 'loaded' order by 1"),
                *landing.ask("select path, rows_loaded, rows_superseded, rows_duplicate from quality.files order by 1"),
            )
        )
    assert len(outcomes) == 1
    assert [row[1] for row in next(iter(outcomes))[:2]] == ["finished", "in_progress"]


def test_a_file_replaced_at_its_path_gives_back_what_it_had_superseded(landing):
    landing.put("hall/202201.csv", case(1), case(2))
    landing.put("hall/20220203.csv", case(1, status="撤销"), case(3))
    landing.run()
    assert landing.ask("select status from raw.cases where case_no = 'A1' and _state = 'loaded'") == [("withdrawn",)]
    landing.put("hall/20220203.csv", case(4))
    landing.run()
    assert landing.ask("select case_no, status from raw.cases where _state = 'loaded' order by 1") == [
        ("A1", "in_progress"),
        ("A2", "in_progress"),
        ("A4", "in_progress"),
    ]


def test_rows_of_a_dataset_without_key_repeat_by_their_ordinal(landing):
    path = landing.home / "exports" / "office" / "延时服务.xlsx"
    path.parent.mkdir()
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["日期", "单位", "窗口", "开始", "结束", "办件编号", "次数"])
        for line in (1, 2):
            sheet.write_row(line, 0, ["2022-01-05", "税务窗口"])
        sheet.write_row(3, 0, ["2022-01-06", "税务窗口", None, None, None, None, 3])
    landing.run()
    (path.parent / "再次导出.xlsx").write_bytes(path.read_bytes())
    landing.run()
    assert landing.ask("select sum(times), count(*) from raw.extended_service where _state = 'loaded'") == [(5, 3)]


def test_gzip_is_read_and_a_damaged_one_refused(landing):
    path = landing.home / "exports" / "hall" / "202201.csv.gz"
    path.parent.mkdir()
    whole = gzip.compress("\n".join([HEADER, case(1), case(2)]).encode(), mtime=0)
    path.write_bytes(whole)
    landing.run()
    assert landing.counts("hall/202201.csv.gz") == ("loaded", 2, 2, 0, 0, 0)
    path.write_bytes(whole[:-12])
    assert "damaged gzip" in landing.run().refused[0][1]


def test_persons_become_keyed_pseudonyms_and_nothing_else_of_them_stays(landing, monkeypatch):
    monkeypatch.setenv("TONGBAO_PSEUDONYM_KEY", "a key of this test")
    landing.put("hall/202201.csv", *(case(n) for n in range(99)), case(99, applicant_key="9.99999E+17"))
    landing.run()
    secret = hmac.digest(b"a key of this test", b"tongbao pseudonym", "sha256")
    expected = hashlib.sha256(secret + b"999999199001010001").hexdigest()
    assert landing.ask("select applicant_key from raw.cases where case_no = 'A1'") == [(uuid.UUID(expected[:32]),)]
    (value,) = landing.ask("select value from quality.quarantine")[0]
    assert "9.99" not in value
    written = b"".join(path.read_bytes() for path in (landing.home / "build").rglob("*") if path.is_file())
    for planted in ("999999199001010001", "样例甲", "10000000000", "9.99999E+17", "a key of this test"):
        assert planted.encode() not in written


def test_a_mapping_that_names_no_column_says_where(tmp_path):
    (tmp_path / "sources").mkdir()
    text = "source: hall\nname: x\nexports:\n  - {dataset: cases, files: [a], constants: {venu: hall}}\n"
    (tmp_path / "sources" / "hall.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"hall\.yaml(.|\n)*exports\.0(.|\n)*'venu' is no column of cases"):
        load_sources(tmp_path)


def test_columns_told_apart_by_long_numbers_only_are_not_confused(landing):
    county = shutil.copytree(COUNTY, landing.home / "county")
    text = (county / "sources" / "hall.yaml").read_text(encoding="utf-8")
    mapping(county, text.replace("{case_no: [业务编号]}", "{case_no: [列1000001], item_name: [列1000002]}"))
    for day, (first, second) in enumerate([("A1", "许可"), ("许可", "A2")], 1):
        names = ["列1000001", "列1000002"] if first == "A1" else ["列1000002", "列1000001"]
        header = HEADER.replace("业务编号,事项名称", ",".join(names))
        landing.put(f"hall/2022010{day}.csv", case(1, case_no=first, item_name=second), header=header)
    run(landing, county)
    assert landing.ask("select case_no, item_name from raw.cases order by 1") == [("A1", "许可"), ("A2", "许可")]


def test_a_warehouse_that_holds_another_county_is_refused(landing, tmp_path):
    landing.put("hall/202201.csv", case(1))
    landing.run()
    landing.county = shutil.copytree(COUNTY, tmp_path / "neighbour")
    about = landing.county / "jurisdiction.yaml"
    about.write_text(about.read_text("utf-8").replace('"640000"', '"640001"'), "utf-8")
    with pytest.raises(MappingError, match=r"\(640001\), but this warehouse holds 测试县 \(640000\)"):
        landing.run()
    assert landing.ask("select code from reference.jurisdiction") == [("640000",)]
