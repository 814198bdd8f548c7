"""Renders the bulletin of one period into a folder: HTML, PDF, DOCX, XLSX, charts, card, figures.csv, provenance.json.

Takes a connection to the published warehouse, the jurisdiction's folder and a target folder. Returns the period's
headline figures as printed. dagster_project decides what is published, and when; dbt counts the figures.
"""

import json
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import duckdb
import pandas as pd

from reports.charts import all_charts as charts
from reports.charts.drawing import theme, typeface
from reports.document import bulletin, markdown, notes
from reports.figures import detail, owner, provenance
from reports.figures.labels import UnknownWords
from reports.figures.load import UnknownPeriod, load
from reports.figures.model import Figures
from reports.figures.revised import Revised
from reports.formats import card
from reports.formats.html import page as html
from reports.formats.html import webfont
from reports.formats.paper import docx, pdf
from reports.formats.sheets import workbook
from reports.formats.sheets.feedback import write_feedback
from reports.formats.spreadsheet import disarm_frame
from reports.text.headline import headline_figures, headline_names
from reports.text.narrative import TemplateError, list_cited
from reports.text.template import Filled

# What a wrong period, text or name raises; each message tells its author what to mend.
MISTAKES = (
    UnknownPeriod,
    owner.OtherJurisdiction,
    UnknownWords,
    TemplateError,
    markdown.DocumentError,
    typeface.FontError,
    webfont.MissingGlyph,
    pdf.PrintError,
)
_WIDE, _NARROW = 640, 352  # px
_log = logging.getLogger(__name__)


def render(
    connection: duckdb.DuckDBPyConnection,
    period: str,
    jurisdiction: Path,
    target: Path,
    code_version: str,
    revised: Revised | None = None,
    office_fonts: Collection[str] | None = None,
    page_pictures: bool = False,
) -> dict[str, str]:
    """Writes bulletin.html .pdf .docx .xlsx, charts/<key>.svg .png, card.png, figures.csv, provenance.json to `target`;
    of a province also what it feeds back to its counties.

    `revised` is the last released version of the period, if there is one. `office_fonts` are the office's own fonts
    that the PDF is set in, all that are installed where left out; provenance.json names them. With `page_pictures` the
    pages of the PDF are written as pages/<number>.png, too. Returns the period's
    headline figures as printed, by Chinese name. The files are the same bytes at any time and under any locale. Logs a
    warning where the page is larger than html.USUAL_LIMIT. Raises one of MISTAKES before anything is written.
    """
    figures, text = fill_text(connection, period, jurisdiction, revised)
    origins = provenance.load(connection, figures.starts_on)
    chart_keys = text.charts()
    wide = charts.draw(figures, _WIDE, chart_keys)
    # typst works outside Python's lock: it draws and typesets while Python makes charts and the other formats
    with ThreadPoolExecutor(2) as pool:
        print_pictures = {
            chart.key: [pool.submit(theme.png, svg, docx.PICTURE_SCALE) for svg in chart.sheets or (chart.svg,)]
            for chart in wide
        }
        screen_pictures = {chart.key: pool.submit(theme.png, chart.svg) for chart in wide}
        narrow, proofs = charts.draw(figures, _NARROW, chart_keys), notes.read_proofs(connection, period)
        document = bulletin.compose(figures, origins, wide, narrow, jurisdiction, text, proofs)
        cover = pool.submit(card.picture, document)
        fonts = pdf.list_office_fonts(document.words, document.faces) if office_fonts is None else office_fonts
        pages = pool.submit(pdf.pages, document, fonts)
        files = {
            "bulletin.html": html.page(document).encode(),
            "bulletin.xlsx": workbook.write_workbook(document, figures),
        }
        pictures = {key: [sheet.result() for sheet in sheets] for key, sheets in print_pictures.items()}
        files["bulletin.pdf"], flow = pages.result()
        files["bulletin.docx"] = docx.file(document, pictures, flow)
        for number, picture in enumerate(pdf.pictures(document) if page_pictures else (), start=1):
            files[f"pages/{number:03}.png"] = picture
        if picture := cover.result():
            files["card.png"] = picture
        files |= {f"charts/{key}.png": picture.result() for key, picture in screen_pictures.items()}
    files |= {f"charts/{chart.key}.svg": chart.svg.encode() for chart in wide}
    files |= write_feedback(figures)
    # without the byte-order mark Excel reads the Chinese in another encoding
    files["figures.csv"] = (
        disarm_frame(_list_figures(figures)).to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    )
    record = json.dumps(
        _provenance_record(figures, origins, code_version, fonts), ensure_ascii=False, indent=1, default=str
    )
    files["provenance.json"] = f"{record}\n".encode()
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    _warn_of_a_large_page(period, len(files["bulletin.html"]))
    return headline_figures(figures)


def fill_text(
    connection: duckdb.DuckDBPyConnection, period: str, jurisdiction: Path, revised: Revised | None = None
) -> tuple[Figures, Filled]:
    """The figures of a period, and the office's text filled with them. Raises MISTAKES."""
    options = bulletin.read_settings(jurisdiction)
    owner.check_owner(connection, jurisdiction)
    cited = list_cited(jurisdiction / "bulletin", period)
    figures = load(connection, period, options.bureau, options.words, options.labels, cited)
    figures = detail.add_details(figures, connection, options.blocks, revised)
    text = bulletin.fill_text(figures, jurisdiction, charts.KEYS)
    return replace(figures, chart_titles=text.chart_titles), text


def _list_figures(figures: Figures) -> pd.DataFrame:
    """The rows of the mart, each with the unit of its value: a share is a fraction of 1 here, and printed in %."""
    frame = figures.frame()
    fractions = {key for key, definition in figures.definitions.items() if definition.is_fraction}
    return frame.assign(unit=frame["unit"].mask(frame["figure"].isin(fractions), "1"))


def _warn_of_a_large_page(period: str, size: int) -> None:
    if size > html.USUAL_LIMIT:
        _log.warning(
            "bulletin.html of %s has %d KB, more than the usual %d KB. It is complete and carries a glyph of each "
            "hanzi it prints. To make it smaller, shorten the text or leave out a chart.",
            period,
            size // 1000,
            html.USUAL_LIMIT // 1000,
        )


def _provenance_record(
    figures: Figures, origins: provenance.Provenance, code_version: str, fonts: Collection[str]
) -> dict:
    return {
        "period": figures.period,
        "name": figures.name,
        "kind": figures.kind,
        "jurisdiction": figures.jurisdiction_name,
        "language": figures.words.code,
        "starts_on": figures.starts_on,
        "headline": headline_figures(figures),
        "headline_names": headline_names(figures),
        "as_of_on": figures.as_of_on,
        "data_from": figures.covered_from,
        "is_complete": figures.is_complete,
        "is_synthetic": figures.is_synthetic,
        "code_version": code_version,
        "fonts": [*fonts],
        "revises": figures.revised_version or None,
        "why": figures.why or None,
        "figure_rows": len(figures.table),
        "fact_rows": origins.fact_rows,
        "checks": [asdict(check) for check in origins.checks],
        "files": [asdict(file) for file in origins.files],
        "refused": [{"path": path, "reason": reason} for path, reason in origins.refused],
    }
