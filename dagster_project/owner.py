"""Whose home it is: the jurisdiction that a runtime home belongs to, from its first run on.

`find_jurisdiction` takes a home and returns its jurisdiction's folder; `record_owner` writes `<home>/jurisdiction.json`
before a first run or a sample writes anything else. A home of an earlier release has no such file and belongs to the
jurisdiction of its published warehouse. TONGBAO_JURISDICTION chooses for a new home and tells where a folder was moved
to; it never gives a home to another jurisdiction.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dagster_project.disk import replace_file
from dagster_project.settings import PROJECT, Unusable
from ingest.errors import MappingError

if TYPE_CHECKING:
    from ingest.jurisdiction.settings import Jurisdiction

JURISDICTIONS = PROJECT / "jurisdictions"


class Owner(NamedTuple):
    """The jurisdiction of a home; `folder` is a name under `jurisdictions/`, or a path if it lies elsewhere."""

    code: str
    name: str
    folder: str


def find_jurisdiction(home: Path, default: str | None = None) -> Path:
    """The folder of the home's jurisdiction; in a home that has none yet, that of TONGBAO_JURISDICTION or `default`.

    Raises Unusable if there is none, if TONGBAO_JURISDICTION names another's or nothing, or if the folder is gone.
    """
    owner, chosen = check_owner(home, default)
    if chosen:
        return chosen
    recorded = JURISDICTIONS / owner.folder
    if (recorded / "jurisdiction.yaml").exists() and _load(recorded).code == owner.code:
        return recorded
    for folder in _list_folders():  # it may have been renamed
        if _has_code(folder, owner.code):
            return folder
    raise Unusable(
        f"{home} belongs to {owner.name} ({owner.code}), but neither {recorded} nor a folder under {JURISDICTIONS} "
        "has a jurisdiction.yaml with that code; set TONGBAO_JURISDICTION to the folder that has"
    )


def check_owner(home: Path, default: str | None = None) -> tuple[Owner | None, Path | None]:
    """The home's owner and the folder that TONGBAO_JURISDICTION names, or `default` in a new home; one may be None.

    Raises Unusable if both are None, or if they disagree.
    """
    owner = read_owner(home)
    chosen = os.environ.get("TONGBAO_JURISDICTION") or (None if owner else default)
    folder = _find_chosen(chosen) if chosen else None
    if folder and owner:
        _compare(home, owner, folder)
    if not folder and not owner:
        raise Unusable(
            f"{home} belongs to no jurisdiction yet: set TONGBAO_JURISDICTION to a folder, or to one of "
            f"{_list_names()}; or try `tongbao sample`, which takes Lingwu"
        )
    return owner, folder


def read_owner(home: Path) -> Owner | None:
    """The jurisdiction that the home belongs to; None for a new home. Raises Unusable if its record can't be read."""
    record, warehouse = home / "jurisdiction.json", home / "warehouse.duckdb"
    if record.exists():
        try:
            return Owner(**json.loads(record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise Unusable(f"{record}: can't be read: {error}; it holds code, name and folder") from None
    if not warehouse.exists():
        return None
    import duckdb

    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            found = connection.execute("select code, name from reference.jurisdiction").fetchall()
    except duckdb.Error:
        return None  # no warehouse that a run published
    return Owner(*found[0], folder="") if found else None


def record_owner(home: Path, folder: Path) -> None:
    """Record that `home` belongs to the jurisdiction in `folder`; raises Unusable if it belongs to another."""
    owner, about = read_owner(home), _load(folder)
    if owner:
        _compare(home, owner, folder)
    place = folder.name if folder.parent == JURISDICTIONS else str(folder)
    content = json.dumps(Owner(about.code, about.name, place)._asdict(), ensure_ascii=False, indent=1) + "\n"
    record = home / "jurisdiction.json"
    if not record.exists() or record.read_text(encoding="utf-8") != content:
        replace_file(record, content)


def _compare(home: Path, owner: Owner, folder: Path) -> None:
    about = _load(folder)
    if about.code != owner.code:
        raise Unusable(
            f"{folder} is {about.name} ({about.code}), but {home} belongs to {owner.name} ({owner.code}); unset "
            "TONGBAO_JURISDICTION, or set TONGBAO_HOME to a home of its own"
        )


def _find_chosen(chosen: str) -> Path:
    """The folder that TONGBAO_JURISDICTION names, as a name under `jurisdictions/` or as a path."""
    named = JURISDICTIONS / chosen
    folder = (named if named.is_dir() else Path(chosen)).resolve()
    if not folder.is_dir():
        there = _list_names()
        raise Unusable(f"TONGBAO_JURISDICTION={chosen}: no such folder under {JURISDICTIONS}; there are: {there}")
    return folder


def _load(folder: Path) -> Jurisdiction:
    from ingest.jurisdiction.settings import load_jurisdiction

    try:
        return load_jurisdiction(folder)
    except MappingError as error:
        raise Unusable(str(error)) from None


def _has_code(folder: Path, code: str) -> bool:
    try:
        return _load(folder).code == code
    except Unusable:
        return False


def _list_folders() -> list[Path]:
    return sorted(path.parent for path in JURISDICTIONS.glob("*/jurisdiction.yaml"))


def _list_names() -> str:
    return ", ".join(folder.name for folder in _list_folders())
