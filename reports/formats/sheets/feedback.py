"""Writes what a province feeds back to its counties: each county's value and rank in the indicators that are compared.

It takes a period's figures and returns the name and the bytes of a workbook in the layout of the dataset
`county_indicators`, which the counties' mappings read as it is. Its headings are those of that contract, in Chinese in
every language. How the bulletin shows ranks is in document/counties.py.
"""

from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from reports.figures.model import Figures
from reports.words.catalogue import load_words

_COLUMNS = ("period", "county_code", "county_name", "indicator", "value", "unit", "rank", "batch")


def write_feedback(figures: Figures) -> dict[str, bytes]:
    """The file by its name, `county_indicators_<period>_<last day>.xlsx`; {} where no counties are compared.

    A period's file keeps its name, so that a later one replaces it in a county's exports.
    """
    if not figures.compared:
        return {}
    words, batch, buffer = load_words("zh"), figures.as_of_on, BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.combine(batch, time())})
    sheet = book.add_worksheet(words("feedback.sheet"))
    headings = [words(f"feedback.{name}") for name in _COLUMNS]
    if figures.is_synthetic:  # ingest knows generated files by this heading
        headings.append(words("synthetic"))
    sheet.write_row(0, 0, headings)
    for place, (code, county, indicator, value, unit, rank) in enumerate(figures.compared, start=1):
        sheet.write_row(place, 0, [figures.period, code, county, indicator])
        sheet.write_number(place, 4, round(value, 2))
        sheet.write_row(place, 5, [unit, rank, batch.isoformat()])
    book.close()
    return {f"county_indicators_{figures.period}_{batch:%Y%m%d}.xlsx": buffer.getvalue()}
