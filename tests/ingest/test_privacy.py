"""Tests persons in any column of an export: found, set aside, masked; and what changes with a pseudonym's key.

It asserts against an id check in plain Python. tests/end_to_end/test_privacy.py searches whole runs with their logs and
bulletins.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import privacy
from ingest.rows.conform import define_conform_macros
from tests.ingest.conftest import HEADER, case, read_anew, run, state

ID, PHONE = "11010519491231002X", "13812345678"  # the example of GB 11643-1999, and nobody's number


def is_id(text: str) -> bool:
    """GB 11643-1999 by its formula: the sum of a_i * 2^(18 - i) is 1 modulo 11, X stands for 10."""
    if not re.fullmatch(r"[1-9]\d{5}(19|20)\d{9}[\dX]", text):
        return False
    digits = [10 if c == "X" else int(c) for c in text]
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return sum(d * 2 ** (17 - place) for place, d in enumerate(digits)) % 11 == 1


@pytest.fixture(scope="module")
def macros():
    connection = duckdb.connect()
    define_conform_macros(connection)
    privacy.define_privacy_macros(connection)

    def ask(name: str, value: str, *more: object) -> object:
        places = ", ".join(["$1::varchar", *(f"${place}" for place in range(2, len(more) + 2))])
        return connection.execute(f"select {name}({places})", [value, *more]).fetchone()[0]

    return ask


def born(day: date, serial: int, check: str) -> str:
    return f"640181{day:%Y%m%d}{serial:03d}{check}"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(day=st.dates(date(1900, 1, 1), date(2025, 12, 31)), serial=st.integers(0, 999), data=st.data())
def test_an_id_is_found_in_any_text_by_its_check_character(macros, day, serial, data):
    before = data.draw(st.sampled_from(["", "身份证", "证号：", "ID:", "A", "手续2件，"]))
    found = {check for check in "0123456789X" if macros("is_personal", f"{before}{born(day, serial, check)}。")}
    assert found == {check for check in "0123456789X" if is_id(born(day, serial, check))}
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"电话{PHONE}",
        "138-1234-5678",
        "138 1234 5678",
        "+86 13812345678",
        "８６１３８１２３４５６７８",
        "110105 19491231 002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        f"😀😀😀😀{PHONE}",
        f"由{PHONE}、13900001111代办",
        f"tel{PHONE}x",
    ],
)
def test_numbers_are_found_however_they_are_written(macros, text):
    assert macros("is_personal", text)


@pytest.mark.parametrize(
    "text",
    [
        "2022-03-01 09:00:00至2022-03-02 10:00:00",
        "11640181MB1234567X2000110001001",
        "640181202203010011",
        "12812345678",
        "138123456789",
        "0951-4021234",
        "张三",
        "",
        None,
    ],
)
def test_what_is_no_person_is_left_alone(macros, text):
    assert not macros("is_personal", text)


def test_a_case_number_of_region_date_and_serial_is_no_id(macros):
    dated = next(
        n for n in (f"64018120220301{serial:03d}{c}" for serial in range(99) for c in "0123456789") if is_id(n)
    )
    assert not macros("is_personal_number", dated)
    assert macros("is_personal_number", ID)


def artefacts(landing) -> bytes:
    files = [p for p in landing.home.rglob("*") if p.is_file() and "exports" not in p.parts]
    return b"".join(p.read_bytes() for p in files)


def test_a_number_in_a_declared_text_is_set_aside_and_nowhere_in_clear(landing):
    lines = [case(n) for n in range(300)]
    lines[3] = case(3, item_name=f"经办{PHONE}")
    lines[5] = case(5, org_name=f"局 {ID}")
    lines[7] = case(7).replace("A7", ID)
    lines[9] = case(9, status="马小龙")
    lines[11] = case(11, accepted_at="芈小龙")
    header = HEADER + ",经办人,13700001111,137-0000-3333"
    landing.put("hall/202201.csv", *(line + ",李四光,13600002222," for line in lines), header=header)
    run(landing)
    assert landing.counts("hall/202201.csv") == ("loaded", 300, 295, 0, 0, 5)
    assert landing.ask("select record, column_name, rule, value from quality.quarantine order by 1") == [
        (4, "item_name", "personal", "（已遮蔽，13字）"),
        (6, "org_name", "personal", "（已遮蔽，20字）"),
        (8, "case_no", "personal", "（已遮蔽，18字）"),
        (10, "status", "unknown_code", "（已遮蔽，3字）"),
        (12, "accepted_at", "not_a_timestamp", "（已遮蔽，3字）"),
    ]
    kept = artefacts(landing)
    for planted in (
        PHONE,
        ID,
        "马小龙",
        "李四光",
        "13600002222",
        "13700001111",
        "137-0000-3333",
        "芈小龙",
        "样例甲",
        "10000000000",
    ):
        assert planted.encode() not in kept, planted
    assert "经办人".encode() in kept


def test_a_file_without_a_header_does_not_name_its_first_person(landing):
    landing.put("hall/202201.csv", case(2), header=case(1, applicant_name="马小龙", applicant_key=ID, phone=PHONE))
    ((_, reason),) = run(landing).refused
    for planted in ("马小龙", ID, PHONE):
        assert planted not in reason
        assert planted.encode() not in artefacts(landing)
    assert "业务编号" in reason or "办件编号" in reason


def key_of(person: str, key: str) -> uuid.UUID:
    secret = hmac.digest(key.encode(), b"tongbao pseudonym", "sha256")
    return uuid.UUID(hashlib.sha256(secret + person.encode()).hexdigest()[:32])


def test_a_new_key_gives_everybody_a_new_pseudonym_and_leaves_no_old_one(landing, monkeypatch):
    landing.put("hall/202201.csv", case(1), case(2, applicant_key=ID))
    landing.put(
        "hall/20220203.csv",
        case(3, applicant_key=ID.lower()),
        case(5, applicant_key="１１０１０５１９４９１２３１００２Ｘ"),
    )
    gone = landing.put("hall/20220204.csv", case(4, applicant_key=ID))
    keys = "select case_no, applicant_key from raw.cases where case_no in ('A2', 'A3', 'A5') order by 1"
    for key in ("the first key", "another key"):
        monkeypatch.setenv("TONGBAO_PSEUDONYM_KEY", key)
        report = run(landing)
        assert landing.ask(keys) == [(number, key_of(ID, key)) for number in ("A2", "A3", "A5")]
        gone.unlink(missing_ok=True)
    assert (report.new_files, report.read_again) == (2, 2)
    # what lies in exports/ no more keeps the old pseudonym, and is named
    assert landing.ask("select path from quality.files where reason is not null") == [("hall/20220204.csv",)]
    assert landing.ask("select applicant_key from raw.cases where case_no = 'A4'") == [(key_of(ID, "the first key"),)]
    assert run(landing).new_files == 0
    standing = state(landing)
    assert standing[-1] == [] and standing != read_anew(landing)
    assert landing.ask("select count(*) from raw.cases where case_no = 'A4'") == [(0,)]


def test_another_installation_makes_a_key_of_its_own(tmp_path, monkeypatch):
    monkeypatch.delenv("TONGBAO_PSEUDONYM_KEY", raising=False)
    keys = {privacy.read_key(tmp_path / name) for name in ("one", "one", "two")}
    assert len(keys) == 2
    assert (tmp_path / "one" / "pseudonym.key").stat().st_mode & 0o777 == 0o600
