"""Turns each block of a document into HTML: headings, text, tables, charts, tiles, annexes, and the notes of numbers.

Takes a block or a note of the document model and returns its mark-up. The page around the blocks is put together in
page.py; numbers become buttons in numbers.py, tables are written in tables.py.
"""

import base64
import re
from html import escape

from reports.document.model import (
    Annex,
    Block,
    ChartBlock,
    Heading,
    KpiStrip,
    ListBlock,
    Note,
    Paragraph,
    Table,
)
from reports.formats.html import numbers, tables
from reports.formats.html.numbers import Names
from reports.formats.spreadsheet import disarm_frame

# values that HTML allows without quotes; before /> it needs them
_QUOTED = re.compile(r"""="([^\s"'=<>`&]+)"(?!/)""")
# Vega describes each inner group to screen readers; here one description of the whole picture replaces them
_INNER_ARIA = re.compile(r'\s(?:aria-(?:label|roledescription|hidden)|role)="[^"]*"')
# the page's style names the typeface, and the element around the picture describes it
_WRITTEN_ON_THE_PAGE = re.compile(r' (?:font-family|xmlns|role|aria-label)="[^"]*"')


def block(part: Block, names: Names) -> str:
    """The mark-up of one block, whose numbers open the popovers in `names`; raises TypeError for an unknown block."""
    match part:
        case Heading():
            words = "".join(run.text for run in part.runs)
            label = escape(names.words("page.link", words=words))
            link = f'<a class="anchor" href="#{part.anchor}" aria-label="{label}">#</a>'
            return f'<h{part.level} id="{part.anchor}">{numbers.text(part.runs, names)}{link}</h{part.level}>'
        case Paragraph():
            return f"<p>{numbers.text(part.runs, names)}</p>"
        case ListBlock():
            tag = "ol" if part.is_ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{numbers.text(item, names)}</li>" for item in part.items) + f"</{tag}>"
        case Table():
            return tables.table(part, names)
        case ChartBlock():
            return _chart(part, names)
        case KpiStrip():
            return _tiles(part, names)
        case Annex():
            inside = "\n".join(block(inner, names) for inner in part.blocks)
            is_open = "" if part.is_folded else " open"
            return (
                f'<details class="annex" id="{part.anchor}"{is_open}><summary><h2>{escape(part.title)}</h2>'
                f"</summary>\n{inside}\n</details>"
            )
    raise TypeError(f"HTML has no form for the block {type(part).__name__}; add it to reports/formats/html/blocks.py")


def note(about: Note, names: Names) -> str:
    """The popover that the note's numbers open, by HTML's own popovertarget, without a script."""
    head = "".join(f"<th>{escape(title)}" for title in about.header)
    rows = "".join(
        f"<tr><th>{escape(first)}" + "".join(f"<td>{escape(cell)}" for cell in others) for first, *others in about.rows
    )
    table = f"<table><thead><tr>{head}<tbody>{rows}</table>" if about.rows else ""
    words = names.words
    lines = (
        (words("note.basis"), about.basis),
        (words("note.formula"), about.formula),
        (words("note.bases"), about.bases),
    )
    paragraphs = "".join(f"<p><b>{lead}</b>{escape(words)}</p>" for lead, words in lines if words)
    name, title = names.popovers[about.key], escape(about.title)
    close = numbers.attribute(words("page.close"))
    key = numbers.attribute(about.key)
    return (
        f'<div popover id={name} data-figure={key} role=dialog aria-label="{title}"><h2 id=t{name}>{title}</h2>'
        f"<button popovertarget={name} aria-label={close}>×</button>{paragraphs}{table}"
        f"<code>{escape(about.sql, quote=False)}</code></div>"
    )


def _tiles(strip: KpiStrip, names: Names) -> str:
    tiles = []
    for tile in strip.tiles:
        unit = f'<span class="unit">{escape(tile.unit)}</span>' if tile.unit else ""
        changes = "".join(f'<dd class="change">{numbers.text(change, names)}</dd>' for change in tile.changes)
        value = f'<dd class="value">{numbers.text(tile.runs, names)}{unit}</dd>'
        tiles.append(f"<div><dt>{escape(tile.label)}</dt>{value}{changes}</div>")
    return f'<dl class="kpi" aria-label="{escape(names.words("page.tiles"))}">' + "".join(tiles) + "</dl>"


def _chart(chart_block: ChartBlock, names: Names) -> str:
    chart = chart_block.chart
    anchor = f"fig{chart.number}"
    frame = chart.table.astype(object).where(chart.table.notna(), "/")
    words, number, table = names.words, chart.number, tables.data_table(chart, frame, names)
    # base64, because percent-encoding would triple each Chinese character
    csv = base64.b64encode(
        ("\ufeff" + disarm_frame(frame).to_csv(index=False, lineterminator="\r\n")).encode()
    ).decode()
    return (
        f'<figure class="chart" id="{anchor}">\n'
        f'<div role="img" aria-label="{escape(chart.alt)}">{picture(chart.svg, "wide")}\n'
        f"{picture(chart_block.narrow.svg, 'narrow')}</div>\n"
        f'<figcaption><a class="anchor" href="#{anchor}" aria-label="{words("page.chart_link", number=number)}">#</a>'
        f"<details><summary>{words('page.chart_table', number=number)}</summary>{table}"
        f'<p class="tools"><a download="{words("page.chart_file", number=number)}" '
        f'href="data:text/csv;charset=utf-8;base64,{csv}">'
        f"{words('page.download')}</a></p></details>"
        f'<a class="png" href="charts/{chart.key}.png" aria-label="{words("page.chart_picture", number=number)}">'
        "PNG</a></figcaption>\n</figure>"
    )


def picture(svg: str, name: str) -> str:
    """An SVG as the page holds it, with the class `name`; raises ValueError if it has a style attribute."""
    start = svg.index("<svg")
    end = svg.index(">", start) + 1
    if re.search(r"<[^>]*\sstyle=", svg[start:]):
        raise ValueError("a chart's SVG holds a style attribute, which the page's policy forbids")
    root = _WRITTEN_ON_THE_PAGE.sub("", svg[start:end]).replace("<svg", f'<svg class="{name}" aria-hidden="true"', 1)
    return _QUOTED.sub(r"=\1", root + _WRITTEN_ON_THE_PAGE.sub("", _INNER_ARIA.sub("", svg[end:])).strip())
