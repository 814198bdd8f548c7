"""Plants sixty kinds of personal values at every place of an export, and searches all that a blocked run leaves.

The places are personal columns, codes, dates, an undeclared column, the header line and names of files. It asserts that
no file of the home, no table of either database and no command's output holds one, in any encoding in use.
"""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.test_privacy import person
from tests.end_to_end.test_runs import monthly, rewrite

ENCODINGS = ("utf-8", "gb18030", "utf-16-le")


def kinds() -> dict[str, str]:
    """Kind -> a value of it that occurs nowhere in the sample."""
    draw = random.Random(60)
    ids = [person(500 + n) for n in range(12)]
    (i, m), (i2, m2), (i3, m3) = ids[:3]
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    bank = "6222" + "".join(str(draw.randrange(10)) for _ in range(15))
    return {
        "two characters": "褚嫱",
        "three characters": "厉婧媛",
        "four characters": "买尔旦江",
        "compound surname": "欧阳婵娟",
        "minority name": "阿依古丽·玉素甫",
        "minority name, other dot": "撒依娜提•买买提",
        "rare surname": "亓官翀",
        "old form of a character": "劉禕璇",
        "Latin name": "Jonathan Smithson",
        "Latin name in capitals": "MARGARET OHARA",
        "pinyin": "zhangxiaolonghao",
        "pinyin with surname last": "Xiaolong Zhanghe",
        "title behind": "褚主任婧",
        "title before": "局长厉婧",
        "madam": "亓女士",
        "mister": "褚先生",
        "relation": "厉婧之子",
        "within a sentence": "经办人褚嫱已电话告知",
        "two names": "褚嫱、厉婧",
        "name and number": f"褚嫱{m}",
        "id": i,
        "id in lower case": i2[:-1] + "x",
        "id, full width": i3.translate(wide),
        "id with blanks": f"{i[:6]} {i[6:14]} {i[14:]}",
        "id with dashes": f"{i2[:6]}-{i2[6:14]}-{i2[14:]}",
        "id of 15 digits": i[:6] + i[8:17],
        "id, cut off": i2[:16],
        "id with a wrong check": i3[:-1] + ("0" if i3[-1] != "0" else "1"),
        "id behind a word": f"身份证{i}",
        "passport": "E87654321",
        "permit of Hong Kong": "H12345678901",
        "permit of Taiwan": "TW8765432109",
        "permanent residence": "ABC110198001011234",
        "officer": "军字第8765432号",
        "mobile": m2,
        "mobile with +86": f"+86{m3}",
        "mobile with 0086": f"0086 {m}",
        "mobile with blanks": f"{m2[:3]} {m2[3:7]} {m2[7:]}",
        "mobile with dashes": f"{m3[:3]}-{m3[3:7]}-{m3[7:]}",
        "mobile, full width": m.translate(wide),
        "mobile, masked half": f"{m2[:3]}****{m2[7:]}",
        "landline": "0951-6987453",
        "landline without area": "69874531",
        "landline with extension": "0951-6987453转802",
        "short number": "664871",
        "e-mail": "chuqiang1980@mail.example",
        "WeChat": "wxid_q7chuqiang22",
        "QQ": "QQ879654321",
        "licence plate": "宁A8K7L9",
        "licence plate, new energy": "宁AD87654",
        "bank card": bank,
        "bank card in groups": " ".join(bank[n : n + 4] for n in range(0, 16, 4)),
        "address": "崇兴镇韩渠村七组41号",
        "address of a flat": "世纪花园17栋2单元901室",
        "birthday": "褚嫱1980年1月1日生",
        "credit code of a trader": f"92{i[:6]}MA76XYZ12Q",
        "medical insurance": "NX640181198765",
        "household book": "户号640181987654",
        "car and phone": f"宁A8K7L9 {m}",
        "hidden blank": "褚\u200b嫱\u200b媛",
    }


KINDS = kinds()


def spoil(text: str) -> str:
    """The export with every value in a code, in a date, in the columns of persons and in an undeclared column."""
    head, *lines = text.splitlines()
    names = head.lstrip("\ufeff").split(",")
    for place, value in enumerate(KINDS.values()):
        for offset, column in enumerate(("办件状态", "受理时间", "申请人", "证件号", "手机号码")):
            line = lines[place * 5 + offset].split(",")
            line[names.index(column)] = value
            lines[place * 5 + offset] = ",".join(line)
    lines = [f"{line},{[*KINDS.values()][place % len(KINDS)]}" for place, line in enumerate(lines)]
    return "\n".join([",".join([head, "经办人"]), *lines, ""])


@pytest.fixture(scope="module")
def left(small, tmp_path_factory) -> tuple[Path, str]:
    """A home after a blocked run over planted exports, and all that its commands said."""
    home = small.copy(tmp_path_factory.mktemp("planted") / "home")
    path = monthly(home, "counters")
    rewrite(path, spoil)
    text = path.read_bytes()
    for number, value in enumerate(KINDS.values()):
        # a file that no mapping claims, and a header line with one name more
        (home.path / "exports" / f"{value.replace('/', '')}.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
        if number < 3:
            head, rest = text.decode("utf-8").split("\n", 1)
            (path.parent / path.name.replace("202203", f"20210{number + 1}")).write_text(
                f"{head},{value}\n{rest}", encoding="utf-8"
            )
    said = home.tongbao("run", expect=1)
    for command in (
        ["status"],
        ["quarantine"],
        ["quarantine", "--rule", "unknown_code", "--limit", "200"],
        ["inspect"],
    ):
        said += home.tongbao(*command)
    return home.path, said


def test_there_are_sixty_kinds():
    assert len(KINDS) == len(set(KINDS.values())) == 60


def test_no_command_says_one(left):
    assert {kind for kind, value in KINDS.items() if value in left[1]} == set()


def test_no_file_holds_one(left):
    home, _ = left
    found = {
        (kind, str(path.relative_to(home)))
        for path in home.rglob("*")
        if path.is_file() and path.relative_to(home).parts[0] != "exports"
        for data in [path.read_bytes()]
        for kind, value in KINDS.items()
        if any(value.encode(encoding) in data for encoding in ENCODINGS)
    }
    assert found == set()


@pytest.mark.parametrize("name", ["warehouse.duckdb", "build/candidate.duckdb"])
def test_no_table_holds_one(left, name):
    with duckdb.connect(str(left[0] / name), read_only=True) as connection:
        connection.execute("create temp table planted (value varchar)")
        connection.executemany("insert into planted values (?)", [[value] for value in KINDS.values()])
        columns = connection.execute("""
            select table_schema, table_name, column_name from information_schema.columns
            where data_type = 'VARCHAR' and table_schema not in ('pg_catalog', 'information_schema', 'main')
        """).fetchall()
        assert len(columns) > 100
        found = [
            (schema, table, column)
            for schema, table, column in columns
            if connection.execute(
                f'select 1 from (select distinct "{column}" as cell from "{schema}"."{table}")'
                " inner join planted on contains(cell, value) limit 1"
            ).fetchone()
        ]
    assert found == []
