"""Drafts the whole folder of a county from a folder of its exports.

It takes the exports and finished mappings to learn spellings from, and returns the text of every file, with what it
could not know in plain sentences. `write_folder` writes them into a folder that must not exist yet. Exports are
decoded into a scratch folder that is deleted; no warehouse is opened.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.drafting.draft_lists import UNKNOWN_CODE, Names, find_names, write_organisations, write_regions
from ingest.drafting.draft_source import ABOUT_OTHERS, draft_source
from ingest.drafting.evidence import CaseNumbers, Loaded
from ingest.drafting.group import group_exports
from ingest.drafting.sniff import OpenFile, connect_scratch, load_sample, read_exports
from ingest.errors import Refused
from ingest.mapping.contract import Source
from ingest.mapping.load import load_contracts
from ingest.masks import mask_path

_TEMPLATES = Path(__file__).parent / "templates"
_LIMITS = ("promised_limit", "due_at", "legal_limit")


@dataclass(frozen=True)
class Draft:
    """`files`: path in the county's folder -> text; `kinds`: (source, dataset, files, records) of what was understood.

    `unknown`: sentences on what no export told; `unread`: (file, reason) of exports that no mapping claims.
    """

    files: dict[str, str]
    kinds: list[tuple[str, str, int, int]]
    unknown: list[str]
    unread: list[tuple[str, str]]


def draft_county(exports: Path, known: list[Source], template: str, root: str) -> Draft:
    """The draft of a county's folder, from the files under `exports`.

    `template`: a text for its bulletin that names no county; `root`: the way to the project from that folder.

    Raises Refused if none of the files can be understood.
    """
    with tempfile.TemporaryDirectory() as scratch:
        files, unread = read_exports(exports, Path(scratch))
        kinds, unlikely = group_exports(files, known)
        unread += [(mask_path(file.name), _explain_unlikely(file)) for file in unlikely]
        if not kinds:
            reason = f"{unread[0][0]}: {unread[0][1]}" if unread else "it holds no file"
            raise Refused(f"{exports}: none of its {len(unread)} files can be understood; {reason}")
        with connect_scratch(Path(scratch)) as connection:
            loaded = [
                Loaded(kind, load_sample(connection, f"rows_{place}", [*kind.files]))
                for place, kind in enumerate(kinds)
            ]
            numbers = CaseNumbers(loaded)
            loaded = [_move_to_owner(one, numbers) for one in loaded]
            names = find_names(loaded)
            sources = sorted({one.kind.source for one in loaded})
            mappings = {
                f"sources/{source}.yaml": draft_source(
                    source, [one for one in loaded if one.kind.source == source], numbers, known, f"../{root}"
                )
                for source in sources
            }
            texts = {
                "jurisdiction.yaml": _draft_jurisdiction(names, loaded, root),
                **mappings,
                "regions.csv": write_regions(names),
                "organisations.csv": write_organisations(names),
                "holidays.csv": "date,name,kind,source\n",
                "bulletin/template.md": template,
            }
            counts = [(o.kind.source, o.kind.guess.dataset, len(o.kind.files), o.sample.records) for o in loaded]
            return Draft(texts, counts, [*_list_unknown(names, loaded)], unread)


def write_folder(folder: Path, draft: Draft) -> None:
    """Write the draft into `folder`, which must not exist."""
    folder.mkdir(parents=True)
    for name, text in draft.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _explain_unlikely(file: OpenFile) -> str:
    if sum(bool(cell) for cell in file.header) == 1:
        return "its first line holds a single cell; delete the lines above the header, here and in later exports"
    return "nobody can tell from its first line what it holds: tongbao scaffold FILE --dataset …"


def _move_to_owner(one: Loaded, numbers: CaseNumbers) -> Loaded:
    """Results and pauses belong to the mapping of the system whose cases they are about, wherever their files lie."""
    if one.kind.guess.dataset not in ABOUT_OTHERS or not (owner := numbers.find_owner(one)):
        return one
    system = next(o.kind.system for o in numbers.loaded if o.kind.source == owner[0])
    return replace(one, kind=replace(one.kind, source=owner[0], system=system))


def _draft_jurisdiction(names: Names, loaded: list[Loaded], root: str) -> str:
    county = names.county or UNKNOWN_CODE
    word = f"全{county[-1]}" if names.county else "全县"
    kinds = load_contracts()["case_pauses"].columns["kind"].codes or {}
    pauses = [f"  {kind}: {'true' if kind == '特别程序' else 'false'}   # TODO" for kind in kinds.values()]
    text = (_TEMPLATES / "jurisdiction.yaml").read_text(encoding="utf-8")
    values = {
        "ROOT": root,
        "NAME": county,
        "CODE": names.code or UNKNOWN_CODE,
        "CITY_WORD": word,
        "BUREAU": names.bureau or UNKNOWN_CODE,
        "PAUSE_KINDS": "\n".join(pauses),
    }
    for key, value in values.items():
        text = text.replace(f"<{key}>", value)
    return text


def _list_unknown(names: Names, loaded: list[Loaded]) -> Iterator[str]:
    yield "which system is the integrated platform, which are enrolled in 好差评, whose case numbers are shared"
    yield "which kinds of pauses stop the clock"
    if not names.county or not names.code:
        yield "the county's name or its region code: write them into jurisdiction.yaml and regions.csv"
    if not names.bureau:
        yield "the bureau that publishes"
    if missing := sum(code is None for code in names.towns.values()):
        yield f"the region codes of {missing} townships: they begin with {UNKNOWN_CODE} in regions.csv"
    if not names.towns:
        yield "the townships: no header is known to hold them; look under ignored, and fill regions.csv"
    if names.hidden:
        yield f"{names.hidden} values of an organisation's column: they may be persons, so they are in no file"
    yield "the region's own holidays: holidays.csv has a header only, so the national calendar holds"
    if not any(one.has(limit) for one in loaded for limit in _LIMITS):
        yield "any time limit: no export has 承诺时限, 承诺办结时间 or 法定时限, so nobody can say what is on time"
    if not any(one.kind.guess.dataset == "items" for one in loaded):
        yield "the catalogue of items (事项清单): no export holds it"
