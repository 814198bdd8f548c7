"""Guesses what an unknown export holds, from the contracts and from mappings that people have finished before.

It takes a header and returns the most likely dataset, the column of each header and the code of each label. It also
tells which headers and values may belong to a person, so that a draft never prints them. Nothing is written here.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from ingest.mapping.contract import SOURCE_COLUMN, Contract, Source
from ingest.mapping.load import load_contracts
from ingest.masks import mask_header
from ingest.persons import SURNAMES, names_a_person

_SIMILAR = 0.72
_IS_CODE = re.compile(
    "类型|类别|状态|方式|渠道|级别|等级|是否|标志|标识|种类|性质|来源|指标|形式|type|status|kind|flag|mode|source", re.I
)
_IS_HEADER = re.compile(
    "类型|类别|状态|方式|时间|日期|期限|名称|编号|编码|代码|序号|单位|部门|事项|种类|情况|备注|程序"
)
_NAMES_PEOPLE = re.compile(
    r"姓名|人员|[^类]人$|人姓|法人|群众|电话|手机|联系|证件|身份证|住址|地址|邮箱|账号|卡号|意见|理由|内容|备注|说明|描述"
    r"|person|holder|applyer|contact|phone|mobile|address|mail|comment|remark|explain|opinion",
    re.I,
)
# A short word that begins with a surname may be a person's name; 样例 marks made-up names.
_LOOKS_PERSONAL = re.compile(rf"\d{{6,}}|@|[\d*]{{4,}}\*|^[{SURNAMES}样][一-龥·]{{1,3}}\d*$")
_IS_VALUE = re.compile(r"[\d.]{5,}|\d{4}([-/.年]\d{1,2}){1,2}[月日]?([ T].*)?|[A-Za-z]{0,4}\d{6,}[\dXx]*")


@dataclass
class Guess:
    """`columns`: canonical column -> its headers, all known spellings; `similar`: column -> a header only like one."""

    dataset: str
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    similar: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """How well the dataset fits; its required columns weigh most, whether the header has or lacks them."""
        present, perhaps = self.required & {*self.columns}, self.required & {*self.similar}
        missing = len(self.required) - len(present) - len(perhaps)
        return len(self.columns) + 0.3 * len(self.similar) + 2 * len(present) + len(perhaps) - 1.5 * missing

    @property
    def required(self) -> set[str]:
        """The columns that the dataset can't do without, but for the source."""
        contract = load_contracts()[self.dataset]
        return {n for n, c in contract.columns.items() if (c.required or n in contract.key) and n != SOURCE_COLUMN}

    @property
    def is_likely(self) -> bool:
        """Whether the header has enough of the dataset's columns for a draft that nobody asked for."""
        found = {*self.columns, *self.similar}
        is_known = len(self.columns) >= 2 and len(self.required & {*self.columns}) >= 1
        return is_known or (len(found) >= 4 and len(self.required & found) >= 3)

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """Canonical column -> its headers, those that are only similar included."""
        return self.columns | {name: (header,) for name, header in self.similar.items()}


def guess_dataset(header: Sequence[str], known: list[Source], dataset: str | None = None) -> Guess:
    """The dataset that fits the header best, and its columns; with `dataset`, the columns of that one."""
    names = [dataset] if dataset else [*load_contracts()]
    return max((_guess_columns(header, load_contracts()[name], known) for name in names), key=lambda guess: guess.score)


def merge_guesses(guesses: Sequence[Guess]) -> Guess:
    """One guess for files of one dataset with several headers."""
    merged = Guess(guesses[0].dataset)
    for guess in guesses:
        for name, headers in guess.columns.items():
            merged.columns[name] = tuple(dict.fromkeys((*merged.columns.get(name, ()), *headers)))
    matched = {header for headers in merged.columns.values() for header in headers}
    for guess in guesses:
        for name, header in guess.similar.items():
            if name not in merged.columns and header not in matched:
                merged.similar.setdefault(name, header)
    return merged


def is_data(cells: Sequence[str]) -> bool:
    """Whether a first line looks like a row of data, because one of its cells is a number or a date."""
    return any(_IS_VALUE.fullmatch(unicodedata.normalize("NFKC", cell).strip()) for cell in cells)


def collect_labels(dataset: str, column: str, known: list[Source]) -> dict[str, str]:
    """Label -> code, if all finished mappings agree; never for numbers: each system has its own."""
    codes: dict[str, set[str]] = {}
    for source in known:
        for export in source.exports:
            if export.dataset == dataset:
                for label, code in export.codes.get(column, {}).items():
                    codes.setdefault(label, set()).add(code)
    return {label: min(found) for label, found in codes.items() if len(found) == 1 and not label.isdigit()}


def may_be_personal(text: str) -> bool:
    """Whether a header or a cell may name a person; in doubt, yes."""
    return bool(_LOOKS_PERSONAL.search(text.strip())) or names_a_person(text.strip())


def is_personal_header(header: str) -> bool:
    """Whether a header may be a value that names a person; 程序类型 begins with a surname, but names a column.

    Of headers in Latin letters, those in capitals or with blanks must consist of known words: Case ID, not John Smith.
    """
    if re.search("[A-Z]|[a-z] [a-z]", header) and header.isascii() and mask_header([header], ()) != (header,):
        return True
    return may_be_personal(header) and not _IS_HEADER.search(header)


def is_code_header(header: str) -> bool:
    """Whether a column with this header holds codes for certain, and neither persons nor free text."""
    return bool(_IS_CODE.search(header)) and not _NAMES_PEOPLE.search(header)


def describe_shape(text: str) -> str:
    """A value's form without its content: each digit as 9, Latin words as a, Chinese words as 字."""
    return re.sub("[一-龥]+", "字", re.sub("[A-Za-z]+", "a", re.sub("[0-9]", "9", text)))[:30]


def _guess_columns(header: Sequence[str], contract: Contract, known: list[Source]) -> Guess:
    guess = Guess(contract.dataset)
    spellings = _collect_spellings(contract, known)
    unmatched = dict.fromkeys(header)
    for name in header:
        for column in spellings.get(_normalise(name), []):
            if column not in guess.columns:
                guess.columns[column] = (name,)
                unmatched.pop(name, None)
                break
    _add_hinted(guess, unmatched, contract)
    pairs = sorted(
        (
            (difflib.SequenceMatcher(None, _spell_alike(name), _spell_alike(spelling)).ratio(), name, column)
            for name in unmatched
            for spelling, columns in spellings.items()
            for column in columns
        ),
        key=lambda pair: (-pair[0], header.index(pair[1]), pair[2]),
    )
    for likeness, name, column in pairs:
        if (
            likeness >= _SIMILAR
            and not is_personal_header(name)
            and column not in {*guess.columns, *guess.similar}
            and name in unmatched
        ):
            guess.similar[column] = name
            unmatched.pop(name)
    return guess


def _add_hinted(guess: Guess, unmatched: dict[str, None], contract: Contract) -> None:
    """Match headers by the words in them. Persons' columns that are never stored need nobody's word."""
    for column, hint in _load_hints().get(contract.dataset, {}).items():
        hinted = [name for name in unmatched if re.search(hint, _normalise(name)) and not is_personal_header(name)]
        if column in guess.columns or not hinted:
            continue
        if contract.columns[column].personal == "drop":
            guess.columns[column] = (hinted[0],)
        else:
            guess.similar[column] = hinted[0]
        unmatched.pop(hinted[0])


@cache
def _load_hints() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "hints.yaml").read_text(encoding="utf-8"))


def _collect_spellings(contract: Contract, known: list[Source]) -> dict[str, list[str]]:
    """Every header known for the dataset -> the columns it has meant, the contract's own first."""
    known_headers: dict[str, list[str]] = {}
    for name, column in contract.columns.items():
        if name != SOURCE_COLUMN:
            for spelling in (column.header, name):
                known_headers.setdefault(_normalise(spelling), []).append(name)
    for source in known:
        for export in source.exports:
            if export.dataset == contract.dataset:
                for name, spellings in export.columns.items():
                    for spelling in spellings:
                        columns = known_headers.setdefault(_normalise(spelling), [])
                        if name not in columns:
                            columns.append(name)
    return known_headers


def _spell_alike(text: str) -> str:
    """The header with one word for what systems call by several, so that 受理日期 resembles 受理时间."""
    return re.sub("日期|时刻|日$", "时间", _normalise(text))


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
