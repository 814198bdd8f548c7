"""Reads what a bulletin folder records about itself: period, code version, files, and the hashes of a released version.

It takes the path of a folder, a draft or a release, and only reads. freeze.py releases; reports/proof compares with a
fresh rendering.
"""

import hashlib
import json
from pathlib import Path

SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
EVIDENCE = "evidence"
PUBLIC_KEY = "signer.pub"
_OF_RELEASE = (SUMS, SIGNATURE, PUBLIC_KEY, "release.json", "revisions.csv")


def is_of_release(name: str) -> bool:
    """Whether a release adds this file to those of its rendering."""
    return name in _OF_RELEASE or name.startswith(f"{EVIDENCE}/")


def read_identity(folder: Path) -> tuple[str, str]:
    """The period and the code version of a bulletin folder; ValueError where it says neither."""
    path = folder / "provenance.json"
    try:
        record = json.loads(path.read_text("utf-8"))
        return str(record["period"]), str(record["code_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} can't be read as a bulletin's ({type(error).__name__}); render it again: tongbao bulletin PERIOD"
        ) from None


def read_fonts(folder: Path) -> tuple[str, ...] | None:
    """The office's own fonts that the folder's PDF is set in; None where an older release didn't record them."""
    fonts = json.loads((folder / "provenance.json").read_text("utf-8")).get("fonts")
    return None if fonts is None else tuple(map(str, fonts))


def list_files(folder: Path) -> list[str]:
    """The files of a folder, by their paths in it, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def format_sums(folder: Path) -> str:
    """A line a file, as `sha256sum` writes it: digest, two blanks, path."""
    return "".join(f"{digest}  {name}\n" for name, digest in _hash_files(folder).items())


def find_altered_files(folder: Path) -> list[str]:
    """The files of a released version that differ from its SHA256SUMS, were added or are lost; none for a draft."""
    if not (folder / SUMS).is_file():
        return []
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    present = _hash_files(folder)
    return [name for name in sorted(sums.keys() | present.keys()) if sums.get(name) != present.get(name)]


def list_alterations(version: Path) -> list[str]:
    """What of a released version is not as it was released: names of files, or why its records can't be read."""
    try:
        read_identity(version)
        json.loads((version / "release.json").read_text("utf-8"))
        altered = find_altered_files(version)
    except (OSError, ValueError) as error:
        return [str(error)]
    return altered if (version / SUMS).is_file() else [SUMS]


def _hash_files(folder: Path) -> dict[str, str]:
    names = [name for name in list_files(folder) if name not in (SUMS, SIGNATURE)]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
