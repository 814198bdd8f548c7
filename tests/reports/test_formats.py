"""Tests what a new format must have: `verify` reads it back, and the index of bulletins links it.

It renders one bulletin and passes each file to `reports/proof` and to the index. The looks of a format are tested
beside it.
"""

from pathlib import Path

import pytest

from reports import render
from reports.formats.html import index
from reports.proof.printed import READERS
from reports.release.folder import list_files

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"
PICTURES = {".svg", ".png"}


@pytest.fixture(scope="module")
def bulletins(filled, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "bulletins"
    render.render(filled, "2022H1", LINGWU, folder / "2022H1", "1.0")
    return folder


def test_each_format_is_read_back_by_verify(bulletins):
    suffixes = {Path(name).suffix for name in list_files(bulletins / "2022H1")}
    assert suffixes - PICTURES - READERS.keys() == set(), "add a reader to READERS in reports/proof/printed.py"


def test_each_format_is_linked_by_the_index(bulletins):
    index.write(bulletins)
    page = (bulletins / "index.html").read_text("utf-8")
    names = [path.name for path in (bulletins / "2022H1").glob("bulletin.*")]
    assert len(names) >= 4
    assert [name for name in names if f'href="2022H1/{name}"' not in page] == [], "add it to the formats of index.py"
