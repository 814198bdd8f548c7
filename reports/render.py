"""Here one bulletin is rendered into a folder: the page, its charts, the figures as CSV and where all came from.
Counting stays out, and so does the decision what is published; the folder is the caller's to move into place.
It hands the pipeline the headline figures of what it wrote.
"""

import json
from dataclasses import asdict
from pathlib import Path

import duckdb

from reports import bulletin, charts, detail, figures, html, notes, provenance, wording

_HEADLINES = (
    "case_volume", "case_finished", "via_platform_share", "fully_online_share", "mobile_share", "item_coverage",
    "overdue_open", "certificates", "certificate_types", "evaluations", "evaluation_rate", "satisfaction",
)  # fmt: skip
_WIDE, _NARROW = 640, 352


def render(
    connection: duckdb.DuckDBPyConnection, period: str, jurisdiction: Path, target: Path, code_version: str
) -> dict[str, str]:
    """Writes bulletin.html, charts/<key>.svg, figures.csv and provenance.json into `target`; no clock in any.

    Gives the period's headline figures as printed, by Chinese name.
    Raises figures.UnknownPeriod, template.TemplateError or markdown.DocumentError with what to mend; nothing is
    written before the whole page is made.
    """
    said = bulletin.settings(jurisdiction)
    read = detail.added(figures.load(connection, period, said.bureau), connection, said.blocks)
    origin = provenance.load(connection, read.starts_on)
    asked = bulletin.charts_asked(read, jurisdiction)
    wide, narrow = charts.draw(read, _WIDE, asked), charts.draw(read, _NARROW, asked)
    page = html.page(bulletin.compose(read, origin, wide, narrow, jurisdiction, notes.proofs(connection, period)))

    (target / "charts").mkdir(parents=True, exist_ok=True)
    (target / "bulletin.html").write_text(page, "utf-8", newline="\n")
    for chart in wide:
        (target / "charts" / f"{chart.key}.svg").write_text(chart.svg, "utf-8", newline="\n")
    # with a byte-order mark, or a spreadsheet takes the Chinese for another encoding
    read.frame().to_csv(target / "figures.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    record = _record(read, origin, code_version)
    (target / "provenance.json").write_text(
        json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8", newline="\n"
    )
    return headline(read)


def headline(read: figures.Figures) -> dict[str, str]:
    """The period's headline figures as they are printed, by Chinese name: {'办件量': '34.9万件', …}."""
    printed = {}
    for key in _HEADLINES:
        definition, row = read.definition(key), read.get(key)
        if row is not None and row.value is not None:
            unit = "" if definition.style in ("share", "rate") else definition.unit
            printed[definition.name] = wording.printed(row.value, definition.style, definition.decimals) + unit
    return printed


def _record(read: figures.Figures, origin: provenance.Provenance, code_version: str) -> dict:
    return {
        "period": read.period,
        "as_of_on": read.as_of_on,
        "is_complete": read.is_complete,
        "is_synthetic": read.is_synthetic,
        "code_version": code_version,
        "figure_rows": len(read.table),
        "fact_rows": origin.fact_rows,
        "checks": [asdict(check) for check in origin.checks],
        "files": [asdict(file) for file in origin.files],
        "refused": [{"path": path, "reason": reason} for path, reason in origin.refused],
    }
