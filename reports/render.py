"""Here one bulletin is rendered into a folder: in each format, its charts, the figures as CSV and where all came from.
Counting stays out, and so does the decision what is published; the folder is the caller's to move into place.
It hands the pipeline the headline figures of what it wrote.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import duckdb

from reports import charts
from reports.charts import theme
from reports.document import bulletin, notes
from reports.figures import detail, provenance
from reports.figures import load as figures
from reports.formats import xlsx
from reports.formats.html import page as html
from reports.formats.html import webfont
from reports.formats.paper import docx, pdf
from reports.release.revised import Revised
from reports.text import markdown, template, wording

_HEADLINES = (
    "case_volume", "case_finished", "via_platform_share", "fully_online_share", "mobile_share", "item_coverage",
    "overdue_open", "certificates", "certificate_types", "evaluations", "evaluation_rate", "satisfaction",
)  # fmt: skip
# what a wrong period, text or name raises: for the one who wrote it, with what to mend
MISTAKES = (
    figures.UnknownPeriod, template.TemplateError, markdown.DocumentError, theme.FontError, webfont.MissingGlyph,
    detail.DetailMismatch, pdf.PrintError,
)  # fmt: skip
_WIDE, _NARROW = 640, 352


def render(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    jurisdiction: Path,
    target: Path,
    code_version: str,
    revised: Revised | None = None,
) -> dict[str, str]:
    """Writes bulletin.html .pdf .docx .xlsx, charts/<key>.svg .png, figures.csv, provenance.json into `target`.

    `revised` is the last released version of the period, if there is one. Gives the period's headline figures as
    printed, by Chinese name. No file holds a clock or depends on locale.
    Raises figures.UnknownPeriod, template.TemplateError, markdown.DocumentError, pdf.PrintError or theme.FontError
    with what to mend; nothing is written before all formats are made.
    """
    said = bulletin.settings(jurisdiction)
    read = detail.added(figures.load(connection, period, said.bureau), connection, said.blocks, revised)
    origin = provenance.load(connection, read.starts_on)
    text = bulletin.filled(read, jurisdiction)
    asked = text.charts()
    wide = charts.draw(read, _WIDE, asked)
    # typst works beside Python: it draws and sets while charts and the other formats are made
    with ThreadPoolExecutor(2) as pool:
        printed = {chart.key: pool.submit(theme.png, chart.svg, docx.PICTURE_SCALE) for chart in wide}
        pictures = {f"charts/{chart.key}.png": pool.submit(theme.png, chart.svg) for chart in wide}
        narrow, proofs = charts.draw(read, _NARROW, asked), notes.proofs(connection, period)
        document = bulletin.compose(read, origin, wide, narrow, jurisdiction, proofs, text)
        paper = pool.submit(pdf.pages, document)
        made = {"bulletin.html": html.page(document).encode(), "bulletin.xlsx": xlsx.workbook(document, read)}
        made["bulletin.docx"] = docx.file(document, {key: picture.result() for key, picture in printed.items()})
        made["bulletin.pdf"] = paper.result()
        made |= {name: picture.result() for name, picture in pictures.items()}
    made |= {f"charts/{chart.key}.svg": chart.svg.encode() for chart in wide}
    # with a byte-order mark, or a spreadsheet takes the Chinese for another encoding
    made["figures.csv"] = read.frame().to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    record = json.dumps(_record(read, origin, code_version), ensure_ascii=False, indent=1, default=str)
    made["provenance.json"] = f"{record}\n".encode()
    (target / "charts").mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (target / name).write_bytes(content)
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
        "name": read.name,
        "kind": read.kind,
        "jurisdiction": read.jurisdiction_name,
        "starts_on": read.starts_on,
        "headline": headline(read),
        "as_of_on": read.as_of_on,
        "is_complete": read.is_complete,
        "is_synthetic": read.is_synthetic,
        "code_version": code_version,
        "revises": read.revised_version or None,
        "why": read.why or None,
        "figure_rows": len(read.table),
        "fact_rows": origin.fact_rows,
        "checks": [asdict(check) for check in origin.checks],
        "files": [asdict(file) for file in origin.files],
        "refused": [{"path": path, "reason": reason} for path, reason in origin.refused],
    }
