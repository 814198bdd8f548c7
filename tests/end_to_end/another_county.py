"""Exports of 样河县, a made-up county whose systems write otherwise than Lingwu's, for the walk of the README.

`write_exports` writes 600 cases of two systems (a GBK text with semicolons and a workbook), their evaluations with
numbers for words, and certificates; persons and phones are planted in every file. `answer_questions` answers the draft
as a person would. It uses nothing of the product, so tests count what a bulletin must say from its rows.
"""

from __future__ import annotations

import csv
import io
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

HALL_CASES, TOWN_CASES = 420, 180
ORGANISATIONS = ("样河县行政审批服务局", "样河县公安局", "样河县人力资源和社会保障局", "样河县税务局")
TOWNS = ("柳林镇", "马家滩镇", "东山乡", "城关街道")
ITEMS = ("食品经营许可", "户口迁移", "社会保险登记", "发票领用", "老年人优待证")
PEOPLE = ("张三样", "李四样", "王小样", "欧阳样例", "阿依样·买买提")
PHONE, ID = "13900001234", "990102199001011234"
OPINION = "张三样说窗口态度很好"


def accepted(number: int) -> datetime:
    """The n-th moment of acceptance: on working days of July and August 2022, in turn."""
    days = [date(2022, 7, 1) + timedelta(n) for n in range(62)]
    working = [day for day in days if day.weekday() < 5]
    day = working[number % len(working)]
    return datetime(day.year, day.month, day.day, 9 + number % 8, number % 60)


def is_finished(number: int) -> bool:
    return number % 10 != 0


# 126 cases: every third of the hall's that is finished; 18 of them are multiples of 21, 56 are even
RATED = [n for n in range(0, HALL_CASES, 3) if is_finished(n)]


def hall_row(number: int) -> list[str]:
    at = accepted(number)
    finished = at + timedelta(hours=3)
    return [
        f"DT{number:05d}",
        ITEMS[number % 5],
        ("现场申办", "网厅申办", "掌上申办")[number % 3],
        ORGANISATIONS[number % 4],
        PEOPLE[number % 5],
        ID,
        PHONE,
        f"{at:%Y/%m/%d %H:%M}",
        f"{finished:%Y/%m/%d %H:%M}" if is_finished(number) else "",
        "办毕" if is_finished(number) else "办理中",
        "5",
        OPINION,
    ]


HALL_HEADER = [
    "业务流水号",
    "事项名称",
    "申办方式",
    "受理单位",
    "申请人姓名",
    "证件号码",
    "手机号码",
    "受理日期",
    "办结日期",
    "当前状态",
    "承诺时限",
    "经办意见",
]
TOWN_HEADER = [
    "办件编号",
    "事项名称",
    "受理单位",
    "乡镇街道",
    "行政区划代码",
    "申请人",
    "联系电话",
    "受理时间",
    "办结时间",
    "办件状态",
]
RATING_HEADER = ["评价编号", "办件编号", "满意度", "评价渠道", "评价时间", "评价人", "评价内容"]
CERTIFICATE_HEADER = ["证照标识", "证照类型代码", "证照名称", "持证主体", "入库时间", "入库状态"]


def town_row(number: int) -> list[str]:
    at, town = accepted(number), number % 4
    return [
        f"XZ{number:05d}",
        ITEMS[4],
        f"{TOWNS[town]}便民服务中心",
        TOWNS[town],
        f"99010210{town}{number % 3:03d}",
        PEOPLE[number % 5],
        PHONE,
        f"{at:%Y-%m-%d %H:%M:%S}",
        f"{at + timedelta(hours=2):%Y-%m-%d %H:%M:%S}" if is_finished(number) else "",
        "办结" if is_finished(number) else "在办",
    ]


def rating_row(number: int) -> list[str]:
    at = accepted(number) + timedelta(days=1)
    level = "1" if number % 21 else "5"
    return [f"PJ{number}", f"DT{number:05d}", level, str(number % 2 + 1), f"{at:%Y-%m-%d %H:%M:%S}", PEOPLE[0], OPINION]


def write_exports(folder: Path) -> Path:
    """Write the exports of July and August 2022 below `folder`, and return it."""
    for month in (7, 8):
        hall = [hall_row(n) for n in range(HALL_CASES) if accepted(n).month == month]
        towns = [town_row(n) for n in range(TOWN_CASES) if accepted(n).month == month]
        ratings = [rating_row(n) for n in RATED if accepted(n).month == month]
        _write_text(folder / "政务大厅" / f"受理明细2022{month:02d}.csv", HALL_HEADER, hall, "gb18030", ";")
        _write_workbook(folder / "乡镇便民系统" / f"2022-{month:02d}.xlsx", TOWN_HEADER, towns)
        _write_text(folder / "好差评" / f"pj_2022{month:02d}.csv", RATING_HEADER, ratings, "utf-8", ",")
    certificates = [
        [f"ZZ{n}", "A01", "食品经营许可证", PEOPLE[n % 5], f"{accepted(n):%Y-%m-%d %H:%M:%S}", "已入库"]
        for n in range(40)
    ]
    _write_text(folder / "电子证照_20220831.csv", CERTIFICATE_HEADER, certificates, "utf-8", ",")
    return folder


def _write_text(path: Path, header: list[str], rows: list[list[str]], encoding: str, delimiter: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([header, *rows])
    path.write_bytes(text.getvalue().encode(encoding))


def _write_workbook(path: Path, header: list[str], rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([header, *rows]):
            sheet.write_row(place, 0, row)


def answer_questions(county: Path) -> None:
    """Fill in what the draft of `write_exports` asks for, as a person would: by uncommenting and replacing lines."""
    for name, answers in ANSWERS.items():
        path = county / name
        text = path.read_text(encoding="utf-8")
        for question, answer in answers:
            assert text.count(question) == 1, f"{name}: {text.count(question)} times {question!r} in\n{text}"
            text = text.replace(question, answer)
        path.write_text(text, encoding="utf-8")


# file of the draft -> (what it holds, what a person puts there)
ANSWERS = {
    "sources/hall.yaml": [
        ("name: 政务大厅 ", "name: 政务大厅综合窗口系统 "),
        ("is_enrolled: false", "is_enrolled: true"),
        ("case_no_scope: own", "case_no_scope: shared"),
        ("# TODO channel: ", "channel: "),
        ("# TODO accepted_at: ", "accepted_at: "),
        ("# TODO finished_at: ", "finished_at: "),
        ("    derived:\n", "    constants: {promised_unit: working_day}\n    derived:\n"),
        ('# "办毕": TODO', '"办毕": finished'),
        ("      # channel:\n", "      channel:\n"),
        ('# "现场申办": TODO', '"现场申办": counter'),
        ('# "网厅申办": TODO', '"网厅申办": web'),
        ('# "掌上申办": TODO', '"掌上申办": mobile'),
    ],
    "sources/township.yaml": [("    derived:\n", "    constants: {channel: counter}\n    derived:\n")],
    "sources/rating.yaml": [
        ("    # codes:\n", "    codes:\n"),
        ("      # level:\n", "      level:\n"),
        ('        # "1": TODO   # 108 records; 非', '        "1": 非常满意   # 非'),
        ('        # "5": TODO', '        "5": 非常不满意'),
        ("      # channel:\n", "      channel:\n"),
        ('        # "1": TODO   # 56 records; PC端', '        "1": 大厅平板   # PC端'),
        ('        # "2": TODO   # 70 records; PC端', '        "2": 移动端   # PC端'),
    ],
    "jurisdiction.yaml": [("default_kind: month", "default_kind: month")],
}


if __name__ == "__main__":  # as $EDITOR: its arguments are the files with a TODO
    answer_questions(next(Path(name).parent for name in sys.argv if name.endswith("jurisdiction.yaml")))
