"""Measures what a bulletin costs, warm: the whole folder of one period, and each format by itself.

It reads a published warehouse, writes to a scratch folder, and prints the best of several rounds as a table and as
JSON: python -m benchmarks.bulletin WAREHOUSE [--period 2022H1] [--rounds 5]. It asserts nothing.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import vl_convert
from rich.console import Console
from rich.table import Table

from reports.charts import all_charts as charts
from reports.charts.drawing import theme
from reports.document import bulletin, notes
from reports.figures import detail, provenance
from reports.figures import load as figures
from reports.formats.html import page as html
from reports.formats.paper import docx, pdf
from reports.formats.sheets import workbook
from reports.render import render

JURISDICTION = Path(__file__).parents[1] / "jurisdictions" / "lingwu"


def measure(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds on the clock and of processor time, each the least of the rounds; a first round is not counted."""
    work()
    clock, processor = [], []
    for _ in range(rounds):
        started = time.perf_counter(), time.process_time()
        work()
        clock.append(time.perf_counter() - started[0])
        processor.append(time.process_time() - started[1])
    return min(clock), min(processor)


def list_works(connection: duckdb.DuckDBPyConnection, period: str, target: Path) -> dict[str, Callable[[], object]]:
    """What is measured, by name; the last draws the same pictures with vl-convert's own renderer."""
    options = bulletin.read_settings(JURISDICTION)

    def load() -> figures.Figures:
        return detail.add_details(figures.load(connection, period, options.bureau), connection, options.blocks)

    read = load()
    origin = provenance.load(connection, read.starts_on)
    text = bulletin.fill_text(read, JURISDICTION, charts.KEYS)
    chart_keys = text.charts()
    wide, narrow = charts.draw(read, 640, chart_keys), charts.draw(read, 352, chart_keys)
    proofs = notes.read_proofs(connection, period)

    def compose():
        return bulletin.compose(read, origin, wide, narrow, JURISDICTION, text, proofs)

    document = compose()
    pictures = {chart.key: theme.png(chart.svg, docx.PICTURE_SCALE) for chart in wide}
    return {
        "whole folder": lambda: render(connection, period, JURISDICTION, target, "benchmark"),
        "figures and provenance": lambda: (load(), provenance.load(connection, read.starts_on)),
        f"{len(wide)} charts, SVG, 640 px": lambda: charts.draw(read, 640, chart_keys),
        f"{len(wide)} charts, SVG, 352 px": lambda: charts.draw(read, 352, chart_keys),
        "document": compose,
        "HTML": lambda: html.page(document),
        "PDF": lambda: pdf.pages(document),
        "DOCX": lambda: docx.file(document, pictures),
        "XLSX": lambda: workbook.write_workbook(document, read),
        "charts as PNG, 2x": lambda: [theme.png(chart.svg) for chart in wide],
        "charts as PNG, 300 dpi": lambda: [theme.png(chart.svg, docx.PICTURE_SCALE) for chart in wide],
        "the latter by vl-convert": lambda: [vl_convert.svg_to_png(c.svg, scale=docx.PICTURE_SCALE) for c in wide],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--period", default="2022H1")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    table = Table("one period, warm", "seconds", "processor seconds")
    results = {}
    with (
        duckdb.connect(str(arguments.warehouse), read_only=True) as connection,
        tempfile.TemporaryDirectory() as scratch,
    ):
        for name, work in list_works(connection, arguments.period, Path(scratch)).items():
            clock, processor = measure(work, arguments.rounds)
            table.add_row(name, f"{clock:.2f}", f"{processor:.2f}")
            results[name] = {"seconds": round(clock, 3), "processor_seconds": round(processor, 3)}
    Console().print(table)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
