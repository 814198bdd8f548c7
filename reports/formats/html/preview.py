"""Writes the page of `tongbao preview`: the bulletin's page and the pages of its PDF side by side, and what is wrong.

`write_preview` takes the folder of a preview; the page in it looks at state.json twice a second and shows what changed,
at the place that the reader had scrolled to. Serving the folder belongs to the command.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from reports.formats.html.template import fill_template
from reports.words.catalogue import Words

PAGE = "preview.html"
_STATE = "state.json"


def write_preview(folder: Path, title: str, typed: Iterable[str], typed_count: str, words: Words) -> None:
    """Write the page and the state of a rendering that went well; `typed` are lines on numbers typed by hand."""
    pages = sorted((folder / "pages").glob("*.png"))
    content = b"".join(path.read_bytes() for path in [folder / "bulletin.html", *pages])
    state = {
        "version": hashlib.sha256(content).hexdigest()[:12],
        "pages": [f"pages/{path.name}" for path in pages],
        "typed": [*typed],
        "typed_count": typed_count,
        "mistake": "",
    }
    _replace(folder / _STATE, json.dumps(state, ensure_ascii=False))
    looks = {"styles": ("preview.css",), "scripts": ("preview.js",), "carries_glyphs": False}
    _replace(folder / PAGE, fill_template("preview.html.j2", **looks, words=words, title=title))


def write_mistake(folder: Path, mistake: str) -> None:
    """Write what is wrong with the text beside the last rendering that went well; nothing if there is none."""
    path = folder / _STATE
    if path.is_file():
        state = json.loads(path.read_text("utf-8")) | {"mistake": mistake}
        _replace(path, json.dumps(state, ensure_ascii=False))


def _replace(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
