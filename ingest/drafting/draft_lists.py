"""Drafts regions.csv and organisations.csv from the names found in exports.

It takes the kinds of exports with their rows and returns the names of the county, its townships and organisations, and
the text of both CSV files. Where an organisation works is guessed from its name. A value that may be a person's name
is left out and counted.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from ingest.drafting.evidence import Loaded
from ingest.drafting.recognise import may_be_personal
from ingest.masks import COMMON
from ingest.persons import names_a_person

UNKNOWN_CODE = "TODO"
"""Begins a region's code that no export told."""
_TOWN = re.compile(r".+(镇|乡|街道|街道办|街道办事处|苏木|农场|林场|管委会|开发区|园区)")
_TOWNSHIP_OFFICE = re.compile(r"镇|(?<!城)乡(?!村振兴)|街道|社区|村(?!部|镇|振兴)|便民服务中心|民生服务中心")
_ORGANISATION = re.compile(
    r".+(局|厅|院|委|办|所|站|队|中心|公司|处|科|室|窗口|镇|乡|街道|社区|村|会|银行|厂|部|馆|校|分局|支行|集团|大厅|联社|政府)"
)
_COUNTY = re.compile(r"([^省区州盟]{1,8}?(?:自治县|自治旗|县|市|区|旗))(?=.*(?:局|厅|院|委|办|中心|政府))")
_BUREAU = re.compile("(审批|政务|数据).*局$")
_OTHER_NAMES = {"其他", "其它", "未注明", "不详", "未知"}


@dataclass(frozen=True)
class Names:
    """`county`, `code` and `bureau` are None where the exports don't tell; `towns`: name -> code, perhaps unknown.

    `organisations`: name -> town it works in, None for the hall; `hidden`: how many values were left out.
    """

    county: str | None
    code: str | None
    bureau: str | None
    towns: dict[str, str | None]
    organisations: dict[str, str | None]
    hidden: int
    keepers: frozenset[str]


def find_names(loaded: list[Loaded]) -> Names:
    """The names in the columns 乡镇街道, 受理部门 and 单位 of all exports, and the region codes beside towns."""
    towns, orgs, codes, keepers = Counter(), Counter(), Counter(), set()
    for one in loaded:
        dataset = one.kind.guess.dataset
        if dataset not in ("cases", "evaluations", "extended_service", "duty_ledger"):
            continue
        rows = one.select("town_name", "org_name", "region_code")
        query = f"select town_name, org_name, region_code, count(*) from ({rows}) group by all"
        for town, org, code, count in one.sample.connection.execute(query).fetchall():
            if town:
                towns[town] += count
                codes[town, code] += count if code else 0
            if org:
                orgs[org, town] += count
                keepers |= {org} if dataset == "duty_ledger" else set()
    counted = Counter()
    for (org, _), count in orgs.items():
        counted[org] += count
    names = sorted(
        (org for org in counted if _is_organisation(org, counted[org])), key=lambda org: (-counted[org], org)
    )
    county = _find_county(names)
    listed = [town for town in towns if _TOWN.fullmatch(town) and town != county]
    by_town = {town: _choose_code(town, codes) for town in listed}
    code = _find_code([value for value in by_town.values() if value])
    by_town = dict(sorted(by_town.items(), key=lambda pair: (pair[1] or "~", -towns[pair[0]], pair[0])))
    return Names(
        county,
        code,
        next((org for org in names if _BUREAU.search(org) and not _TOWNSHIP_OFFICE.search(org)), None),
        by_town,
        {org: _find_town(org, [*by_town]) for org in names},
        len(counted) - len(names),
        frozenset(keepers & {*names}),
    )


def write_regions(names: Names) -> str:
    """The text of regions.csv: the county itself, then its townships; codes that no export tells begin with TODO."""
    code = names.code or UNKNOWN_CODE
    county = names.county or UNKNOWN_CODE
    rows = [[code, county, county, names.code[:4] if names.code else "", "false", "0"]]
    for order, (town, town_code) in enumerate(names.towns.items(), 1):
        rows.append(_make_region(town, town_code, code, order))
    header = ["region_code", "region_name", "printed_name", "parent_code", "is_listed", "list_order"]
    return _write_csv([header, *rows])


def write_organisations(names: Names) -> str:
    """The text of organisations.csv; printed_name is the name itself until a person shortens it."""
    rows = [_make_organisation(org, town, org in names.keepers) for org, town in names.organisations.items()]
    return _write_csv([["org_name", "printed_name", "venue", "town_name", "keeps_ledger"], *rows])


def draft_region(name: str, county_code: str, order: int) -> str | None:
    """A line of regions.csv for a name or code that is missing there; None if it names no township for certain."""
    if re.fullmatch(r"\d{9,12}", name):
        row = _make_region(f"{UNKNOWN_CODE}-{name[:9]}", name[:9], county_code, order)
    else:
        row = _make_region(name, None, county_code, order) if _TOWN.fullmatch(name) else None
    return _write_csv([row]).rstrip("\n") if row else None


def draft_organisation(name: str, towns: list[str]) -> str | None:
    """A line of organisations.csv for a name that is missing there; None if it may be a person's."""
    is_shown = _is_organisation(name, COMMON) and not name.startswith("（已遮蔽")
    return _write_csv([_make_organisation(name, _find_town(name, towns), False)]).rstrip("\n") if is_shown else None


def _make_region(town: str, town_code: str | None, county_code: str, order: int) -> list[str]:
    return [town_code or f"{UNKNOWN_CODE}-{order}", town, town, county_code, "true", str(order)]


def _make_organisation(org: str, town: str | None, keeps_ledger: bool) -> list[str]:
    is_township = town is not None or _TOWNSHIP_OFFICE.search(org) is not None
    return [org, org, "township" if is_township else "hall", town or "", str(keeps_ledger).lower()]


def _is_organisation(name: str, count: int) -> bool:
    """Whether a value of an organisation's column names one for certain: short ones and rare ones may be persons."""
    if name in _OTHER_NAMES or re.search(r"\d{6,}|[@·•．]", name):
        return False
    has_word = _ORGANISATION.fullmatch(name) is not None and len(name) >= 3
    if names_a_person(name):
        return False
    return has_word or (len(name) >= 5 and count >= COMMON and not may_be_personal(name))


def _find_county(organisations: list[str]) -> str | None:
    """The county that most organisations' names begin with."""
    counts = Counter(found[1] for org in organisations if (found := _COUNTY.match(org)) and len(found[1]) >= 3)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def _find_code(codes: list[str]) -> str | None:
    counts = Counter(code[:6] for code in codes if re.fullmatch(r"\d{6,12}", code))
    return min(counts, key=lambda code: (-counts[code], code)) if counts else None


def _choose_code(town: str, codes: Counter[tuple[str, str | None]]) -> str | None:
    found = [(count, code) for (name, code), count in codes.items() if name == town and code and count]
    # A town has nine digits, its villages twelve that begin with them; six are the county's.
    found = [(count, code) for count, code in found if re.fullmatch(r"\d{9,12}", code)]
    return min(found, key=lambda pair: (-pair[0], pair[1]))[1][:9] if found else None


def _find_town(org: str, towns: list[str]) -> str | None:
    """The township that an organisation's name names, if the exports know it."""
    return next((town for town in sorted(towns, key=lambda t: (-len(t), t)) if town in org), None)


def _write_csv(rows: list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
