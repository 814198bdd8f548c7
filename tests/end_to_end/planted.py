"""Sixty kinds of values that name or reach a person, a fresh one for each place where a test plants them.

`plant(place)` gives kind -> value; no two places share a value, so that a value that is found tells where it came from.
`search` looks for all of them in files of any kind, in any encoding in use. What must be found nowhere is asserted in
test_planted_persons.py.
"""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import subprocess
import zipfile
from pathlib import Path

import duckdb
import pypdf

from tests.end_to_end.test_privacy import person

ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
_RARE = [chr(code) for code in range(0x5A00, 0x5AF0)]  # characters that no name of the sample holds
_SYLLABLES = ("xiao", "ming", "wei", "jing", "tao", "hua", "jun", "lei", "qiang", "long", "yan", "ping", "fang", "hong")
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


class Planted:
    """The values planted so far: value -> (kind, place)."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[str, str]] = {}
        self._draw = random.Random(60)
        self._seed = 1000

    def plant(self, place: str, *, but: tuple[str, ...] = ()) -> dict[str, str]:
        """Kind -> a value that was never given before; without the kinds that begin with one of `but`."""
        made = {kind: value for kind, value in self._make().items() if not kind.startswith(but or ("-",))}
        self.values |= {value: (kind, place) for kind, value in made.items()}
        return made

    def _given(self, count: int = 1) -> str:
        return "".join(self._draw.choice(_RARE) for _ in range(count))

    def _digits(self, count: int) -> str:
        return "".join(str(self._draw.randrange(1, 10)) for _ in range(count))

    def _letters(self, syllables: int) -> str:
        return "".join(self._draw.choice("bdfgklmnrstvz") + self._draw.choice("aiou") for _ in range(syllables))

    def _person(self) -> tuple[str, str]:
        self._seed += 1
        return person(self._seed)

    def _person_with_x(self) -> str:
        while not (number := self._person()[0]).endswith("X"):
            pass
        return number.lower()

    def _make(self) -> dict[str, str]:
        ids, mobiles = zip(*(self._person() for _ in range(12)), strict=True)
        given, digits, letters = self._given, self._digits, self._letters
        sure = self._draw.choice("褚厉亓闵仇")
        bank = "6222" + digits(12)
        i, m = ids[0], mobiles[0]
        return {
            "two characters": sure + given(),
            "three characters": sure + given(2),
            "common surname": "张" + given(2),
            "four characters": "买尔" + "".join(self._draw.sample("旦江依娜提丽吐逊合木沙热", 3)),
            "compound surname": "欧阳" + given(2),
            "minority name": f"阿依{given(2)}·玉{given(2)}",
            "minority name, other dot": f"阿依{given(2)}•玉{given(2)}",
            "old form of a character": "劉" + given(2),
            "Latin name": f"{letters(4).title()} {letters(4).title()}",
            "Latin name in capitals": f"{letters(4)} {letters(4)}".upper(),
            "Latin name in one word": letters(4).title() + letters(4).title(),
            "pinyin": "zhang" + "".join(self._draw.choices(_SYLLABLES, k=3)),
            "title behind": f"{sure}{given()}主任",
            "title within": f"{sure}主任{given()}",
            "title before": f"局长{sure}{given()}",
            "madam": f"{sure}{given()}女士",
            "mister": f"{sure}{given()}先生",
            "relation": f"{sure}{given()}之子",
            "within a sentence": f"经办人{sure}{given(2)}已电话告知",
            "two names": f"{sure}{given(2)}、{sure}{given(2)}",
            "name at a window": f"{sure}{given(2)}的窗口",
            "name and short number": f"{sure}{given(2)}{digits(4)}",
            "hidden blank": f"{sure}\u200b{given()}\u200b{given()}",
            "birthday": f"{sure}{given(2)}1980年1月1日生",
            "mobile behind a name": f"{sure}{given()}{mobiles[1]}",
            "id": i,
            "id in lower case": self._person_with_x(),
            "id, full width": ids[2].translate(_WIDE),
            "id with blanks": f"{ids[3][:6]} {ids[3][6:14]} {ids[3][14:]}",
            "id with dashes": f"{ids[4][:6]}-{ids[4][6:14]}-{ids[4][14:]}",
            "old id of 15 digits": ids[5][:6] + ids[5][8:17],
            "cut-off id": ids[6][:16],
            "wrong id": ids[7][:-1] + ("0" if ids[7][-1] != "0" else "1"),
            "id behind a word": f"身份证{ids[8]}",
            "passport": f"E{digits(8)}",
            "permit of Hong Kong": f"H{digits(10)}",
            "permit of Taiwan": f"TW{digits(10)}",
            "permanent residence": f"ABC{digits(12)}",
            "officer": f"军字第{digits(7)}号",
            "mobile": m,
            "mobile with +86": f"+86{mobiles[2]}",
            "mobile with 0086": f"0086 {mobiles[3]}",
            "mobile with blanks": f"{mobiles[4][:3]} {mobiles[4][3:7]} {mobiles[4][7:]}",
            "mobile with dashes": f"{mobiles[5][:3]}-{mobiles[5][3:7]}-{mobiles[5][7:]}",
            "number with dots": f"{mobiles[6][:3]}.{mobiles[6][3:7]}.{mobiles[6][7:]}",
            "mobile, full width": mobiles[7].translate(_WIDE),
            "number masked half": f"{mobiles[8][:3]}****{mobiles[8][7:]}",
            "landline": f"0951-{digits(7)}",
            "landline without area": digits(8),
            "landline with extension": f"0951-{digits(7)}转802",
            "e-mail": f"{letters(4)}@mail.example",
            "WeChat": f"wxid_{letters(4)}",
            "QQ": f"QQ{digits(9)}",
            "licence plate": f"宁A{digits(2)}K{digits(2)}",
            "licence plate, new energy": f"宁AD{digits(5)}",
            "bank card in groups": " ".join(bank[n : n + 4] for n in range(0, 16, 4)),
            "address": f"崇兴镇{given(2)}村七组41号",
            "address of a flat": f"{given(2)}花园17栋2单元901室",
            "credit code of a trader": f"92{ids[9][:6]}MA76{digits(5)}Q",
            "household book": f"户号{digits(12)}",
        }


def search(planted: Planted, places: dict[str, Path], scratch: Path) -> dict[tuple[str, str], set[str]]:
    """(where it was planted, kind) -> the places that hold the value; `places`: name -> file or folder."""
    found: dict[tuple[str, str], set[str]] = {}
    written = {value: value for value in planted.values} | {json.dumps(v)[1:-1]: v for v in planted.values}
    by_bytes = {
        text.encode(encoding): value
        for text, value in written.items()
        for encoding in ENCODINGS
        # UTF-16 of ASCII holds zeros, by which grep ends a pattern; such texts are searched for without them
        if not (encoding == "utf-16-le" and (text.isascii() or b"\n" in text.encode(encoding)))
        # four bytes occur by chance in a file of ten million
        and len(text.encode(encoding)) > 4
    }
    patterns = scratch / "patterns"
    patterns.write_bytes(b"\n".join(by_bytes) + b"\n")
    for name, place in places.items():
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and not path.is_symlink():
                for data in _open(path):
                    for match in _grep(patterns, data) & by_bytes.keys():
                        kind, planted_at = planted.values[by_bytes[match]]
                        found.setdefault((planted_at, kind), set()).add(name)
    return found


def _grep(patterns: Path, data: bytes) -> set[bytes]:
    command = ["grep", "-aoFf", str(patterns)]
    return {*subprocess.run(command, input=data, capture_output=True, env={"LC_ALL": "C"}).stdout.split(b"\n")}


def _open(path: Path) -> list[bytes]:
    """The file's bytes and name, without zeros too, and the members of an archive."""
    data = path.read_bytes()
    if path.suffix in (".xlsx", ".docx", ".zip"):
        with zipfile.ZipFile(path) as archive:
            return [data, *(archive.read(member) for member in archive.namelist())]
    if path.suffix == ".parquet":
        rows = duckdb.read_parquet(str(path)).fetchall()
        return [path.name.encode() + b"\n", "\n".join(str(cell) for row in rows for cell in row).encode()]
    if path.suffix == ".pdf":
        return [data, "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages).encode()]
    if path.suffix == ".gz":
        return [gzip.decompress(data)]
    return [path.name.encode() + b"\n" + data + (data.replace(b"\0", b"") if b"\0" in data else b"")]


def dump_tables(database: Path, folder: Path) -> None:
    """Write every text of every table, which DuckDB may have compressed, into a file a table."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        columns: dict[tuple[str, str], list[str]] = {}
        for schema, table, column in connection.execute("""
            select columns.schema_name, columns.table_name, column_name from duckdb_columns() as columns
            inner join duckdb_tables() as tables using (schema_name, table_name)
            where data_type like 'VARCHAR%' and not tables.temporary
        """).fetchall():
            columns.setdefault((schema, table), []).append(f'"{column}"::varchar')
        for (schema, table), texts in columns.items():
            rows = connection.execute(
                f'select distinct unnest([{", ".join(texts)}]) from "{schema}"."{table}"'
            ).fetchall()
            (folder / f"{schema}.{table}").write_text("\n".join(str(row[0]) for row in rows), encoding="utf-8")


def dump_event_log(database: Path, target: Path) -> None:
    """Write the rows of an SQLite file, whose long texts are split over pages, as SQL."""
    connection = sqlite3.connect(database)
    target.write_text("\n".join(connection.iterdump()), encoding="utf-8")
    connection.close()
