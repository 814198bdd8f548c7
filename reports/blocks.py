"""Here each block of a document becomes HTML: headings, text, tables, charts, tiles, annexes and number notes.
The page around them, its style and its policy stay out, and so does what the blocks say.
It hands html the mark-up of a block and of a note.
"""

import base64
import re
from collections.abc import Iterable
from html import escape

from reports.document import (
    Annex,
    Block,
    ChartBlock,
    Heading,
    KpiStrip,
    ListBlock,
    Note,
    Paragraph,
    Run,
    Runs,
    Table,
)  # fmt: skip
from reports.expressions import Mark

_RIGHT = ' class="r"'
# vega describes every inner group to screen readers; the picture as a whole has one description
_INNER_ARIA = re.compile(r'\s(?:aria-(?:label|roledescription|hidden)|role)="[^"]*"')
# the page's own style names the typeface
_SAID_BY_PAGE = re.compile(r' (?:font-family|xmlns|role|aria-label)="[^"]*"')
# a button may be parted from what follows it at a line's end, even from a full stop: these stay together
_LEADING = re.compile(r"[（“《]+$")
_PLAIN = re.compile(r"[^\s\"'=<>`&]+")
_TRAILING = re.compile(r"^(?:[件个次项类位天]|个?工作日)?[，。；：、）”》]*")


def block(each: Block) -> str:
    """The mark-up of one block; TypeError for a block HTML has no form for."""
    match each:
        case Heading():
            words = "".join(run.text for run in each.runs)
            link = f'<a class="anchor" href="#{each.anchor}" aria-label="本节链接：{escape(words)}">#</a>'
            return f'<h{each.level} id="{each.anchor}">{_runs(each.runs)}{link}</h{each.level}>'
        case Paragraph():
            return f"<p>{_runs(each.runs)}</p>"
        case ListBlock():
            tag = "ol" if each.is_ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{_runs(item)}</li>" for item in each.items) + f"</{tag}>"
        case Table():
            return _table(each)
        case ChartBlock():
            return _chart(each)
        case KpiStrip():
            return _tiles(each)
        case Annex():
            inside = "\n".join(block(part) for part in each.blocks)
            is_open = "" if each.is_folded else " open"
            return (
                f'<details class="annex" id="{each.anchor}"{is_open}><summary><h2>{escape(each.title)}</h2>'
                f"</summary>\n{inside}\n</details>"
            )
    raise TypeError(f"HTML has no form for the block {type(each).__name__}")


def note(each: Note) -> str:
    """The popover that the buttons of a note's numbers open; natively, without a script."""
    head = "".join(f"<th>{escape(title)}" for title in each.header)
    rows = "".join(
        f"<tr><th>{escape(first)}" + "".join(f"<td>{escape(cell)}" for cell in others) for first, *others in each.rows
    )
    lines = (("口径", each.basis), ("计算", each.formula), ("对比", each.bases))
    said = "".join(f"<p><b>{lead}</b>{escape(words)}</p>" for lead, words in lines if words)
    key, title = _attribute(each.key), escape(each.title)
    return (
        f'<div popover id={key} role=dialog aria-label="{title}"><h2>{title}</h2>'
        f"<button class=close popovertarget={key} aria-label=关闭>×</button>{said}"
        f"<table><thead><tr>{head}<tbody>{rows}</table>"
        f"<p><b>取数</b>在 warehouse.duckdb 上执行：</p><code>{escape(each.sql, quote=False)}</code></div>"
    )


def _attribute(value: str) -> str:
    """A value as it stands after =, quoted only where it must be: a page holds hundreds."""
    return value if _PLAIN.fullmatch(value) else f'"{escape(value)}"'


def _runs(runs: Runs) -> str:
    """The runs in order; a number, its unit and the marks beside it keep to one line."""
    made: list[str] = []
    texts = [run.text for run in runs]
    for place, run in enumerate(runs):
        if run.figure_id is None:
            made.append(_words(texts[place], run))
            continue
        before = after = ""
        if made and runs[place - 1].figure_id is None:
            before = _LEADING.search(texts[place - 1])
            before = before[0] if before else ""
            if before:
                made[-1] = _words(texts[place - 1].removesuffix(before), runs[place - 1])
        if place + 1 < len(runs) and runs[place + 1].figure_id is None:
            after = _TRAILING.match(texts[place + 1])[0]
            texts[place + 1] = texts[place + 1].removeprefix(after)
        number = before + _number(run.text, run.figure_id, run.part, run.value) + after
        whole = f'<span class="whole">{number}</span>' if before or after else number
        made.append(f"<strong>{whole}</strong>" if run.strong else whole)
    return "".join(made)


def _words(text: str, run: Run) -> str:
    text = escape(text, quote=False)
    return f"<strong>{text}</strong>" if run.strong and text else text


def _number(text: str, figure_id: str, part: str, value: float) -> str:
    """A number as the button that opens its note.

    `value` is the exact amount; the id of its figures row is data-period (else the page's), popovertarget, which
    is figure and dimension, and data-member (else 'total').
    """
    period, figure, dimension, member = figure_id.split("/", 3)
    attributes = {"value": f"{value:.12g}", "popovertarget": f"{figure}/{dimension}"}
    if "-" in period:
        attributes["data-period"] = period
    if member != "total":
        attributes["data-member"] = member
    if part != "value":
        attributes["data-part"] = part
    said = "".join(f" {name}={_attribute(each)}" for name, each in attributes.items())
    return f"<button{said}>{escape(text, quote=False)}</button>"


def _tiles(strip: KpiStrip) -> str:
    tiles = []
    for tile in strip.tiles:
        unit = f'<span class="unit">{escape(tile.unit)}</span>' if tile.unit else ""
        changes = "".join(f'<dd class="change">{_runs(change)}</dd>' for change in tile.changes)
        value = f'<dd class="value">{_runs(tile.runs)}{unit}</dd>'
        tiles.append(f"<div><dt>{escape(tile.label)}</dt>{value}{changes}</div>")
    return '<dl class="kpi" aria-label="主要指标">' + "".join(tiles) + "</dl>"


def _table(table: Table) -> str:
    cells = [[_runs(cell) for cell in row] for row in table.rows]
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return _scrolled(table.caption or "表", caption, table.header, table.alignments, cells) + note


def _scrolled(
    name: str, caption: str, header: Iterable[str], alignments: Iterable[str], rows: Iterable[Iterable[str]]
) -> str:
    """A table whose first cells name their rows, in a box that scrolls sideways where it is too wide."""
    sides = [_RIGHT if side == "right" else "" for side in alignments]
    head = "".join(f"<th scope=col{side}>{escape(t)}" for t, side in zip(header, sides, strict=True))
    body = []
    for first, *others in rows:
        # the style sets a number's cell right by itself
        cells = "".join(
            f"<td{'' if cell.startswith('<button') else side}>{cell}"
            for cell, side in zip(others, sides[1:], strict=True)
        )
        body.append(f"<tr><th scope=row>{first}{cells}")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}"><table>{caption}'
        f"<thead><tr>{head}<tbody>\n" + "\n".join(body) + "\n</table></div>"
    )


def _chart(each: ChartBlock) -> str:
    chart = each.chart
    anchor = f"fig{chart.number}"
    frame = chart.table.astype(object).where(chart.table.notna(), "/")
    rows = [
        [_cell(str(cell), mark) for cell, mark in zip(row, marks, strict=True)]
        for row, marks in zip(frame.itertuples(index=False), chart.marks, strict=True)
    ]
    is_number = [any(marks[place] for marks in chart.marks) for place in range(len(frame.columns))]
    sides = ["right" if number else "left" for number in is_number]
    caption = f"<caption>{escape(f'图{chart.number}　{chart.headline}')}</caption>"
    table = _scrolled(f"图{chart.number}的数据", caption, map(str, frame), sides, rows)
    # base64, since percent signs would triple every Chinese character
    csv = base64.b64encode(("\ufeff" + frame.to_csv(index=False, lineterminator="\r\n")).encode()).decode()
    return (
        f'<figure class="chart" id="{anchor}">\n'
        f'<div role="img" aria-label="{escape(chart.alt)}">{picture(chart.svg, "wide")}\n'
        f"{picture(each.narrow.svg, 'narrow')}</div>\n"
        f'<figcaption><a class="anchor" href="#{anchor}" aria-label="图{chart.number}的链接">#</a>'
        f"<details><summary>图{chart.number}的数据表</summary>{table}"
        f'<p class="tools"><a download="图{chart.number}.csv" href="data:text/csv;charset=utf-8;base64,{csv}">'
        "下载 CSV</a></p></details></figcaption>\n</figure>"
    )


def _cell(text: str, mark: Mark | None) -> str:
    return escape(text) if mark is None else _number(text, mark.figure_id, mark.part, mark.value)


def picture(svg: str, name: str) -> str:
    """An SVG as it stands in the page, `name` its class: described by what holds it, no style attributes."""
    start = svg.index("<svg")
    end = svg.index(">", start) + 1
    if re.search(r"<[^>]*\sstyle=", svg[start:]):
        raise ValueError("a chart's SVG holds a style attribute, which the page's policy forbids")
    root = _SAID_BY_PAGE.sub("", svg[start:end]).replace("<svg", f'<svg class="{name}" aria-hidden="true"', 1)
    return root + _SAID_BY_PAGE.sub("", _INNER_ARIA.sub("", svg[end:])).strip()
