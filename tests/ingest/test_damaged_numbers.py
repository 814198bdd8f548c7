"""Tests that numbers which a spreadsheet has rounded are found in every column that holds one.

A number of 18 digits keeps its first 15. The rows were worked out by hand; other rules are tested in test_rows.py.
"""

from __future__ import annotations

import pytest

from tests.ingest.rows_bench import Bench


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


@pytest.mark.parametrize(
    ("dataset", "column", "cells"),
    [
        ("case_pauses", "case_no", {"办件编号": "?", "种类": "转报", "开始时间": "2022-03-01"}),
        (
            "evaluations",
            "case_no",
            {
                "评价编号": "E1",
                "办件编号": "?",
                "办件来源": "desk",
                "评价渠道": "电话",
                "满意度": "满意",
                "评价时间": "2022-03-01",
            },
        ),
        (
            "evaluations",
            "evaluation_no",
            {
                "评价编号": "?",
                "办件编号": "1",
                "办件来源": "desk",
                "评价渠道": "电话",
                "满意度": "满意",
                "评价时间": "2022-03-01",
            },
        ),
        ("extended_service", "case_no", {"日期": "2022-03-01", "单位": "局", "办件编号": "?"}),
        (
            "certificates",
            "certificate_id",
            {
                "证照标识": "?",
                "证照类型代码": "1",
                "证照名称": "照",
                "入库时间": "2022-03-01",
                "入库状态": "已入库",
            },
        ),
    ],
)
def test_damage_is_looked_for_in_every_column_of_numbers(bench, dataset, column, cells):
    """A serial of 1000 ends in 000 too: alone in its file it is a number like others."""
    codes = {"case_source": {"desk": "desk"}} if dataset == "evaluations" else {}

    def row(number: str) -> list[str]:
        return [number if cell == "?" else cell for cell in cells.values()]

    sound = [row(f"6401222022010{number}") for number in range(10900, 11100)]
    rounded = [row("640122202201010000"), row("640122202201020000"), row("640122202201030000")]
    bench.load(dataset, [*cells], [*sound, row("6.40122E+17")], [*sound, *rounded], rounded, codes=codes)
    float_text = [(1, 201, column, "damaged_by_spreadsheet")]
    whole_file = [(3, record, column, "damaged_by_spreadsheet") for record in (1, 2, 3)]
    among_others = [(2, record, column, "damaged_by_spreadsheet") for record in (101, 201, 202, 203)]
    assert bench.breaches() == [*float_text, *among_others, *whole_file]
    assert ("640122202201011000",) in bench.ask(f"select {column} from raw.{dataset} where _file_id = 1")
