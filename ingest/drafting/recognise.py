"""What an unknown export looks like, judged by the contracts and by mappings that people have finished before.

Nothing is written or loaded, and no value that may belong to a person is handed on. It hands on guesses: the dataset,
the column of each header, the code of each label.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field

from ingest.mapping.contract import Contract, Source, load_contracts
from ingest.privacy import SURNAMES

_ALIKE = 0.72
_IS_CODE = re.compile(
    "类型|类别|状态|方式|渠道|级别|等级|是否|标志|标识|种类|性质|来源|指标|形式|type|status|kind|flag|mode|source", re.I
)
_NAMES_PEOPLE = re.compile(
    r"姓名|人员|[^类]人$|人姓|法人|群众|电话|手机|联系|证件|身份证|住址|地址|邮箱|账号|卡号|意见|理由|内容|备注|说明|描述"
    r"|person|holder|applyer|contact|phone|mobile|address|mail|comment|remark|explain|opinion",
    re.I,
)
# a short word that begins with a surname may be a person's name; 样例 marks made-up ones
_LOOKS_PERSONAL = re.compile(rf"\d{{6,}}|@|[\d*]{{4,}}\*|^[{SURNAMES}样][一-龥·]{{1,3}}\d*$")


@dataclass
class Guess:
    """`columns`: canonical column -> header of a known spelling; `alike`: the same for headers that are only alike."""

    dataset: str
    columns: dict[str, str] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """How well the dataset fits: its required columns weigh most, found or missing."""
        contract = load_contracts()[self.dataset]
        needed = {n for n, c in contract.columns.items() if (c.required or n in contract.key) and n != "source_system"}
        found = needed & {*self.columns}
        return len(self.columns) + 0.3 * len(self.alike) + 2 * len(found) - 1.5 * len(needed - found)


def recognise(header: list[str], known: list[Source], dataset: str | None = None) -> Guess:
    """The dataset that fits the header best, and its columns; `dataset` settles the first."""
    names = [dataset] if dataset else [*load_contracts()]
    return max((_guess(header, load_contracts()[name], known) for name in names), key=lambda guess: guess.score)


def labels(dataset: str, column: str, known: list[Source]) -> dict[str, str]:
    """Label -> code as the finished mappings agree on it; never for bare numbers, which every system uses anew."""
    found: dict[str, set[str]] = {}
    for source in known:
        for export in source.exports:
            if export.dataset == dataset:
                for label, code in export.codes.get(column, {}).items():
                    found.setdefault(label, set()).add(code)
    return {label: min(codes) for label, codes in found.items() if len(codes) == 1 and not label.isdigit()}


def may_be_personal(text: str) -> bool:
    """Whether a header or a cell may itself name a person; rather too often than too seldom."""
    return bool(_LOOKS_PERSONAL.search(text.strip()))


def is_code_header(header: str) -> bool:
    """Whether a column of this header plainly holds codes: no persons and no free text."""
    return bool(_IS_CODE.search(header)) and not _NAMES_PEOPLE.search(header)


def shape(text: str) -> str:
    """A value's form without its content: digits as 9, Latin letters as a, Chinese characters as 字."""
    return re.sub("[一-龥]+", "字", re.sub("[A-Za-z]+", "a", re.sub("[0-9]", "9", text)))[:30]


def _guess(header: list[str], contract: Contract, known: list[Source]) -> Guess:
    guess = Guess(contract.dataset)
    spellings = _spellings(contract, known)
    free = dict.fromkeys(header)
    for name in header:
        for column in spellings.get(_normal(name), []):
            if column not in guess.columns:
                guess.columns[column] = name
                free.pop(name, None)
                break
    pairs = sorted(
        ((difflib.SequenceMatcher(None, _normal(name), spelling).ratio(), name, column)
         for name in free for spelling, columns in spellings.items() for column in columns),
        key=lambda pair: (-pair[0], header.index(pair[1]), pair[2]),
    )  # fmt: skip
    for likeness, name, column in pairs:
        if (
            likeness >= _ALIKE
            and not may_be_personal(name)
            and column not in {*guess.columns, *guess.alike}
            and name in free
        ):
            guess.alike[column] = name
            free.pop(name)
    return guess


def _spellings(contract: Contract, known: list[Source]) -> dict[str, list[str]]:
    """Every header known for the dataset -> the columns it has stood for, the contract's own first."""
    found: dict[str, list[str]] = {}
    for name, column in contract.columns.items():
        if name != "source_system":
            for spelling in (column.header, name):
                found.setdefault(_normal(spelling), []).append(name)
    for source in known:
        for export in source.exports:
            if export.dataset == contract.dataset:
                for name, spellings in export.columns.items():
                    for spelling in spellings:
                        columns = found.setdefault(_normal(spelling), [])
                        if name not in columns:
                            columns.append(name)
    return found


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
