"""Tests runs as a user has them: repeated, with one row edited, with a bad export, with identical bytes.

The small sample is enough, because no published figure is asserted here. It asserts what is published, what is not, and
what the command prints.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path


def fingerprints(home) -> dict[str, str]:
    """sha256 of the published warehouse and of every file of the bulletin."""
    files = [home.path / "warehouse.duckdb", *(home.path / "bulletins").rglob("*")]
    return {str(f.relative_to(home.path)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.is_file()}


def newest(home, pattern: str) -> Path:
    return sorted((home.path / "exports").glob(pattern))[-1]


def monthly(home, source: str) -> Path:
    return next(path for path in (home.path / "exports" / source).rglob("*_202203.*"))


def rewrite(path: Path, change) -> None:
    """Apply `change` to the text of an export, whatever its encoding and packing."""
    packed = path.read_bytes()
    data = gzip.decompress(packed) if path.suffix == ".gz" else packed
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    data = change(text).encode(encoding)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def test_a_second_run_finds_nothing_new_and_renders_the_same_bytes(changeable):
    home = changeable()
    before = fingerprints(home)
    said = home.tongbao("run")
    assert " 0 new of " in said
    after = fingerprints(home)
    assert {k: v for k, v in after.items() if k.endswith((".html", ".svg", ".csv"))} == {
        k: v for k, v in before.items() if k.endswith((".html", ".svg", ".csv"))
    }


def test_editing_one_row_changes_the_figure_and_the_bulletin(changeable):
    home = changeable()
    before = home.figure("case_volume")
    page = home.bulletin()
    path = monthly(home, "counters")

    def void_one_case(text: str) -> str:
        head, *lines = text.splitlines(keepends=True)
        place = next(i for i, line in enumerate(lines) if ",办结," in line and line.count('"') == 0)
        lines[place] = lines[place].replace(",办结,", ",作废,", 1)
        return "".join([head, *lines])

    rewrite(path, void_one_case)
    assert " 1 new of " in home.tongbao("run")
    assert home.figure("case_volume") == before - 1
    assert home.bulletin() != page


def test_an_export_with_too_many_bad_rows_changes_nothing_and_says_why(changeable):
    home = changeable()
    before = fingerprints(home)
    path = monthly(home, "counters")
    rewrite(path, lambda text: text.replace(",办结,", ",不知道,"))
    said = home.tongbao("run", expect=1)
    assert "条不合规范" in said and path.name in said
    assert "nothing was published" in said
    assert fingerprints(home) == before
    (found,) = (home.path / "runs").iterdir()
    assert path.name in (found / "files.csv").read_text(encoding="utf-8-sig")
    assert "files_are_taken" in (found / "checks.csv").read_text(encoding="utf-8-sig")


def test_evaluations_of_cases_that_do_not_exist_warn_and_are_listed(changeable):
    home = changeable()
    path = monthly(home, "evaluation")
    head, first, *_ = path.read_text(encoding="utf-8-sig").splitlines()
    place = head.split(",").index("办件编号")
    rewrite(path, lambda text: text.replace(first.split(",")[place], "YL-20229999"))
    home.tongbao("run")
    warned = home.ask("select severity, is_passed from quality.checks where check_name = 'evaluations_find_their_case'")
    assert warned == [("warning", False)]
    assert ("YL-20229999",) in home.ask("select case_no from marts.fct_orphan_evaluations")


def test_no_personal_value_of_the_exports_is_in_any_artefact(small):
    # the counters write UTF-8 since 2022
    text = monthly(small, "counters").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    columns = head.lstrip("\ufeff").split(",")
    person, phone = columns.index("证件号"), columns.index("手机号码")
    planted = {
        cell for line in lines[:200] for cell in (line.split(",")[person], line.split(",")[phone]) if len(cell) > 8
    }
    assert len(planted) > 100
    for artefact in small.path.rglob("*"):
        if artefact.is_file() and "exports" not in artefact.parts:
            data = artefact.read_bytes()
            assert not [value for value in planted if value.encode() in data], artefact


def test_a_period_without_data_is_named_as_such(small):
    said = small.tongbao("bulletin", "2019H1", expect=1)
    assert "2019H1" in said and "2022H1" in said
