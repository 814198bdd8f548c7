"""`tongbao init`: what the draft concludes from counts of case numbers and of days.

The exports are a few lines each. It asserts the source and the span that a draft names, and when it asks a person.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.ingest.test_draft_county import ask, put


def test_a_file_of_several_systems_asks_for_the_system_of_each_row(tmp_path):
    """Six of ten evaluations and of ten pauses are the hall's, the others the township's."""
    exports = tmp_path / "exports"
    numbers = [*(f"ZC{n}" for n in range(6)), *(f"BM{n}" for n in range(4))]
    cases = "办件编号,事项名称,受理时间,办件状态,受理部门"
    put(exports / "政务大厅_202607.csv", cases, *(f"{no},社保,2026-07-01 09:00,在办,人社局" for no in numbers[:6]))
    put(exports / "乡镇便民系统_202607.csv", cases, *(f"{no},社保,2026-07-01 09:00,在办,石桥镇" for no in numbers[6:]))
    put(
        exports / "好差评_20260731.csv",
        "评价编号,办件编号,评价时间,满意度,评价渠道",
        *(f"P{n},{no},2026-07-0{n % 9 + 1} 10:00,满意,短信" for n, no in enumerate(numbers)),
    )
    put(
        exports / "挂起_202607.csv",
        "办件编号,挂起类型,挂起时间,恢复时间",
        *(f"{no},特别程序,2026-07-02 09:00,2026-07-03 09:00" for no in numbers),
    )
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 0, said
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "county/sources").iterdir())
    assert "case_source: hall   # TODO only 6 of 10 case numbers are there: derive case_source from case_no" in text
    assert "dataset: case_pauses   # TODO only 6 of 10 case numbers are this source's: derive source_system" in text


@pytest.mark.parametrize(
    ("days", "span"), [(23, "month"), (31, "month"), (66, "quarter"), (92, "quarter"), (125, "half")]
)
def test_a_period_full_of_working_days_is_drafted_as_that_period(tmp_path, days, span):
    """A month has up to 23 working days, a quarter up to 66; some files also have rows of every weekend."""
    first = date(2026, 1, 1)
    rows = (f"Z{n},居住证,{first + timedelta(n)} 10:00,已入库,A" for n in range(days))
    put(tmp_path / "exports/电子证照_20260630.csv", "证照标识,证照名称,入库时间,入库状态,证照类型代码", *rows)
    code, said = ask("init", str(tmp_path / "county"), home=tmp_path)
    assert code == 0, said
    (text,) = (path.read_text("utf-8") for path in (tmp_path / "county/sources").iterdir())
    assert f"covers: {span} " in text
