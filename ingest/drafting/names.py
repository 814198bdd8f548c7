"""Reads the names of exports: which system a file seems to come from, and the glob that claims its later files too.

It takes paths inside the landing folder and returns text; no file is opened. A name is only a hint, so a draft asks a
person to confirm what was made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.landing.claim import find_date
from ingest.mapping.contract import Export
from ingest.masks import mask_glob, mask_path

DATES = (
    r"(20\d{2})(0[1-9]|1[0-2])(\d{2})?(?!\d)",
    r"(20\d{2})[-_.年/](0?[1-9]|1[0-2])(?!\d)(?:[-.月/](\d{1,2})(?!\d))?",
)
"""Patterns for `date_in_path`, tried in this order."""
# What changes from one delivery to the next: a date, a part's number, a serial. 12345 is the name of a hotline.
_CHANGING = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2,}|\d{1,2}|0\d+|\d{6,})(?!\d)|[一二三四五六七八九十]+(?=月|季度)|[上下](?=半年)"
)
# What a system is for -> the key of its source, which can't be Chinese.
_ENGLISH = {
    "热线": "hotline",
    "好差评|评价": "rating",
    "证照": "certificate",
    "乡镇|街道|便民|镇村": "township",
    "一网通办|综合服务平台|政务平台": "platform",
    "人社|社保": "hr",
    "税": "tax",
    "公安|户政": "police",
    "医保": "medical",
    "不动产": "property",
    "市场监管|工商": "market",
    "公积金": "fund",
    "延时|台账": "office",
    "事项": "items",
    "指标|反馈": "indicators",
    "大厅|窗口|综窗": "hall",
    "平台": "platform",
}
_PERIOD = re.compile(r"[\d\W_年月日号第一二三四五六七八九十季度上下半]*")
_DATASET_WORDS = re.compile(
    r"(办件|受理|办结|结果|评价|事项|挂起|明细|导出|数据|信息|记录|统计|列表|清单|表)+$"
    r"|[_-]?(cases?|results?|pauses?|evaluations?|items?|certificates?|export|data|list)$",
    re.I,
)


def make_glob(name: str) -> str:
    """The name with * for whatever changes between deliveries and may name people; a folder or file keeps its words."""
    return re.sub(r"\*+", "*", _CHANGING.sub("*", mask_glob(name)))


def name_systems(names: list[str]) -> dict[str, str]:
    """File name -> what its system seems to be called, by its folder below those that all files share, or by itself.

    An empty text stands for a name that tells nothing.
    """
    folders = [name.split("/")[:-1] for name in names]
    shared = 0
    while all(len(parts) > shared for parts in folders) and len({parts[shared] for parts in folders}) == 1:
        shared += 1
    systems = {}
    for name, parts in zip(names, folders, strict=True):
        stem = name.rsplit("/", 1)[-1].split(".")[0]
        # If nothing below the shared folders names a system, the innermost shared folder does.
        candidates = [*parts[shared:], stem, *reversed(parts[:shared])]
        harmless = (part for part in candidates if mask_path(part) == part)
        systems[name] = next((word for part in harmless if (word := _name_system(part))), "")
    return systems


def make_keys(systems: Iterable[str]) -> dict[str, str]:
    """System -> key of its source and name of its file: its Latin words, else an English word for what it is."""
    keys: dict[str, str] = {}
    for system in sorted(systems):
        latin = "_".join(re.findall("[a-z0-9]+", system.lower())).strip("0123456789_")
        word = next((english for chinese, english in _ENGLISH.items() if re.search(chinese, system)), "system")
        key = latin or word
        taken = sum(other == key or re.fullmatch(rf"{key}_\d+", other) is not None for other in keys.values())
        keys[system] = f"{key}_{taken + 1}" if taken else key
    return keys


def find_date_pattern(names: list[str]) -> str | None:
    """The pattern that finds a date in most of the names, if any of them holds one."""
    counts = {pattern: sum(_has_date(name, pattern) for name in names) for pattern in DATES}
    best = max(DATES, key=lambda pattern: counts[pattern])
    return best if counts[best] else None


def _has_date(name: str, pattern: str) -> bool:
    day = find_date(name, Export(dataset="cases", files=["*"], date_in_path=pattern))
    return day is not None and 2000 <= day.year < 2100


def _name_system(part: str) -> str:
    """The words of a folder or file name that name a system: dates and words for what it holds are left out."""
    if _PERIOD.fullmatch(part.split(".")[0]):
        return ""
    words = [word for word in re.split(r"[\s_.()（）\[\]【】—-]+", part.split(".")[0]) if not _PERIOD.fullmatch(word)]
    for word in words:
        if system := _DATASET_WORDS.sub("", _CHANGING.sub("", word).rstrip("年月日")):
            return system
    return ""
