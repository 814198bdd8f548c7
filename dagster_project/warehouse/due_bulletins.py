"""Decides which bulletins, and whether explorer and index, must be made again: those that differ from the published.

It takes the candidate and compares digests over a period's figures, the office's words, and the code that renders. The
digest of a draft lies in `<home>/bulletins/.digests/<period>`. The newest complete period of the usual kind and the
running one are always candidates, every other period only if it has a draft. `reports` does the rendering.
"""

import hashlib
import json
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path

from duckdb import DuckDBPyConnection

from dagster_project.warehouse.backup import hash_file
from dagster_project.warehouse.candidate import relations
from reports.figures.history import DIMENSIONS, FIGURES, read_history_of
from reports.release.folder import list_alterations
from reports.release.freeze import find_last_version
from reports.text.narrative import list_cited
from reports.words.locale import words

_DRAWN_BY = (
    "altair",
    "vl-convert-python",
    "typst",
    "python-docx",
    "xlsxwriter",
    "fonttools",
    "jinja2",
    "markdown-it-py",
)
_SOURCES = {".py", ".j2", ".css", ".js", ".json", ".typ", ".html", ".yaml"}
_FIGURES = """
    select figure, dimension, member, as_of_on, is_complete, numerator, denominator, value, previous_value,
        year_ago_value
    from marts.figures where period = $1 order by figure, dimension, member
"""
# what charts of history print of earlier periods
_HISTORY = """
    select period, figure, dimension, member, is_complete, value
    from marts.figures where list_contains($1, period) and list_contains($2, figure) and list_contains($3, dimension)
    order by period, figure, dimension, member
"""
# how the counties of a province have reported
_REPORTS = "select member, value from marts.figure_parts where period = $1 and dimension = 'report' order by all"
# what the annexes print of the whole warehouse: files, results of checks, and findings that a person accepted
_ANNEXES = {
    "quality.files": "select path, sha256, rows_loaded from quality.files where verdict = 'loaded' order by all",
    "quality.checks": "select asset, check_name, severity, is_passed from quality.checks order by all",
    "quality.accepted": "select check_name, finding, reason, accepted_by from quality.accepted order by all",
}


# the INDEX and EXPLORER of reports/formats/html/index.py, which takes a tenth of a second to load
INDEX, EXPLORER = "index.html", "explore.html"
# what the explorer shows of all periods, with their names
_EXPLORED = (
    "marts.figures",
    "marts.figures_absent",
    "marts.dim_periods",
    "marts.figure_definitions",
    "marts.dimension_definitions",
    "marts.dimension_members",
    "reference.jurisdiction",
)


def due_digests(connection: DuckDBPyConnection, home: Path, jurisdiction: Path, kind: str) -> dict[str, str]:
    """period -> digest of the bulletin that it needs now, for each period whose draft is missing or differs."""
    periods = {p: starts_on for p, starts_on in _periods(connection)}
    usual = _usual_periods(connection, kind)
    drafts = {path.name for path in (home / "bulletins").glob("*") if path.is_dir()}
    due = {}
    for period in sorted((drafts | {*usual}) & periods.keys(), key=lambda p: (periods[p], p)):
        digest = draft_digest(connection, period, home, jurisdiction, with_ledger=period in usual)
        if period not in drafts or _kept(home, period)[0] != digest:
            due[period] = digest
    return due


def draft_digest(
    connection: DuckDBPyConnection, period: str, home: Path, jurisdiction: Path, *, with_ledger: bool
) -> str:
    """A sha256 over what the bulletin of `period` is made of; `with_ledger`, also what its annexes list.

    An old draft isn't rendered again because a file of another period arrived, so its digest leaves the ledger out.
    """
    digest = hashlib.sha256(_code_digest().encode())
    words = [jurisdiction / "jurisdiction.yaml", jurisdiction / "bulletin" / "template.md"]
    for path in (*words, jurisdiction / "bulletin" / f"{period}.md"):
        digest.update(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
    if last := find_last_version(home / "releases" / period):
        figures = last / "figures.csv"
        is_read = figures.is_file() and not list_alterations(last)
        digest.update(last.name.encode() + (figures.read_bytes() if is_read else b""))
    there = relations(connection)
    annexes = [(query, []) for table, query in _ANNEXES.items() if with_ledger and table in there]
    history = [[span.period for span in read_history_of(connection, period)], list(FIGURES), list(DIMENSIONS)]
    cited = [(_FIGURES, [other]) for other in list_cited(jurisdiction / "bulletin", period)]
    reports = [(_REPORTS, [period])] if "marts.dim_members" in there else []
    for query, parameters in ((_FIGURES, [period]), (_HISTORY, history), *cited, *annexes, *reports):
        for row in connection.execute(query, parameters).fetchall():
            digest.update(json.dumps(row, default=str).encode())
    return digest.hexdigest()


def due_explorer(connection: DuckDBPyConnection, home: Path, jurisdiction: Path) -> str | None:
    """The digest of the explorer that is needed now; None where the published page is made of the same, unaltered."""
    digest = hashlib.sha256(_code_digest().encode() + (jurisdiction / "jurisdiction.yaml").read_bytes())
    synthetic = "select bool_or(is_synthetic) from quality.files where verdict = 'loaded'"
    contents = [f"select count(*), sum(hash(each)::hugeint) from {table} as each" for table in _EXPLORED]
    for query in (synthetic, *contents):
        digest.update(str(connection.execute(query).fetchone()).encode())
    return None if _is_as_made(home, EXPLORER, digest.hexdigest()) else digest.hexdigest()


def due_index(home: Path, aside: Path) -> str | None:
    """The digest of the index that is needed once `aside` is published; None where the published page says the same."""
    from reports.formats.html import index

    outline = index.page(home / "bulletins", aside, carries_glyphs=False)
    digest = hashlib.sha256(_code_digest().encode() + outline.encode()).hexdigest()
    return None if _is_as_made(home, INDEX, digest) else digest


def keep_digest(bulletins: Path, name: str, digest: str) -> None:
    """Record in the folder `bulletins` what its draft of a period, its explorer or its index is made of.

    Beside it, the hash of the DOCX, or of the page, as it was made.
    """
    path, made = bulletins / ".digests" / name, bulletins / name
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = made if made.is_file() else made / "bulletin.docx"
    path.write_text(f"{digest} {hash_file(whole)}", encoding="utf-8")


def keep_edited(home: Path, period: str) -> str | None:
    """Copy the draft's DOCX to `edited/` if an official has edited it, as the next draft replaces it; a warning."""
    path = home / "bulletins" / period / "bulletin.docx"
    rendered = _kept(home, period)[1]
    if not path.is_file() or not rendered or hash_file(path) == rendered:
        return None
    kept = copy_edited(home, period, path)
    return kept and words("adopt.kept", period=period, path=kept)


def copy_edited(home: Path, period: str, path: Path) -> Path | None:
    """Copy an edited DOCX to `edited/`, named by period and content; None where the copy is there already."""
    kept = home / "edited" / f"{period}-{hash_file(path)[:8]}.docx"
    if kept.exists():
        return None
    kept.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, kept)
    return kept


def newest_complete(connection: DuckDBPyConnection, kind: str) -> str | None:
    """The newest complete period of `kind` (month, quarter, half, year) that has figures; None if there is none."""
    return next(iter(_usual_periods(connection, kind, "is_complete")), None)


def periods_with_figures(connection: DuckDBPyConnection) -> list[str]:
    """Every period that a bulletin can be rendered for, oldest first."""
    return [period for period, _ in _periods(connection)]


def is_usual(connection: DuckDBPyConnection, period: str, kind: str) -> bool:
    """Whether the daily job looks after this period without being asked."""
    return period in _usual_periods(connection, kind)


def _periods(connection: DuckDBPyConnection) -> list[tuple]:
    return connection.execute("""
        select period, starts_on from marts.dim_periods
        where period in (select figures.period from marts.figures as figures) order by starts_on, period
    """).fetchall()


def _usual_periods(connection: DuckDBPyConnection, kind: str, condition: str = "true") -> list[str]:
    """The newest complete period of `kind`, and the running one if data reach into it."""
    found = connection.execute(
        f"""
        select period from marts.dim_periods
        where kind = $1 and {condition} and period in (select figures.period from marts.figures as figures)
        -- a period without its beginning is not complete, but not running either if a later one is complete
        qualify row_number() over (partition by is_complete order by starts_on desc) = 1
            and starts_on >= coalesce(max(case when is_complete then starts_on end) over (), starts_on)
        order by starts_on
        """,
        [kind],
    )
    return [period for (period,) in found.fetchall()]


def _is_as_made(home: Path, name: str, digest: str) -> bool:
    """Whether the published page is made of what has this digest, and nobody has altered it."""
    page = home / "bulletins" / name
    return page.is_file() and _kept(home, name) == (digest, hash_file(page))


def _kept(home: Path, period: str) -> tuple[str, str]:
    """What `keep_digest` recorded; '' for what was not."""
    path = home / "bulletins" / ".digests" / period
    digest, _, docx = (path.read_text(encoding="utf-8") if path.is_file() else "").partition(" ")
    return digest, docx


@cache
def _code_digest() -> str:
    """A sha256 over the code of `reports`, the sizes of its typefaces and the versions of the libraries that draw."""
    import reports

    folder = Path(reports.__file__).parent
    digest = hashlib.sha256(" ".join(version(name) for name in _DRAWN_BY).encode())
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SOURCES):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for path in sorted((folder / "fonts").glob("*.ttf")):  # 19 MB, and no two cuts of a typeface are of one size
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    return digest.hexdigest()
