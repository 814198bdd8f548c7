"""Here a document becomes one self-contained web page: no network, no script, a policy that allows only its own.
What the page says stays out, and so do the other formats.
It hands render the page's text, the same bytes for the same document.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import webfont
from reports.document import (
    Annex,
    Block,
    ChartBlock,
    Document,
    Heading,
    KpiStrip,
    ListBlock,
    Paragraph,
    Run,
    Runs,
    Table,
)  # fmt: skip

_PAGE = Path(__file__).with_name("page")
_TEXT = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)
_RIGHT = ' class="r"'
# vega describes every inner group to screen readers; the picture as a whole has one description
_INNER_ARIA = re.compile(r'\s(?:aria-(?:label|roledescription|hidden)|role)="[^"]*"')

_FAMILY = re.compile(r' font-family="[^"]*"')


def page(document: Document) -> str:
    """The whole page; raises webfont.MissingGlyph where a chart's or figure's character isn't in the fonts."""
    charts = [block for block in document.blocks if isinstance(block, ChartBlock)]
    regular, bold = _characters(document, charts)
    css = (_PAGE / "bulletin.css").read_text("utf-8")
    style = _minified(webfont.face(400, regular) + webfont.face(700, bold) + css)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return (
        environment.get_template("bulletin.html.j2").render(
            document=document,
            policy=(
                f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; base-uri 'none'; form-action 'none'"
            ),
            style=Markup(style),
            contents=[_entry(block) for block in document.blocks if isinstance(block, Heading | Annex)],
            body=Markup("\n".join(_block(block) for block in document.blocks)),
        )
        + "\n"
    )


def _entry(block: Heading | Annex) -> dict:
    if isinstance(block, Annex):
        return {"anchor": block.anchor, "text": block.title, "level": 2}
    return {"anchor": block.anchor, "text": "".join(run.text for run in block.runs), "level": block.level}


def _block(block: Block, level: int = 2) -> str:
    match block:
        case Heading():
            words = "".join(run.text for run in block.runs)
            link = f'<a class="anchor" href="#{block.anchor}" aria-label="本节链接：{escape(words)}">#</a>'
            return f'<h{block.level} id="{block.anchor}">{_runs(block.runs)}{link}</h{block.level}>'
        case Paragraph():
            return f"<p>{_runs(block.runs)}</p>"
        case ListBlock():
            tag = "ol" if block.is_ordered else "ul"
            return f"<{tag}>" + "".join(f"<li>{_runs(item)}</li>" for item in block.items) + f"</{tag}>"
        case Table():
            return _table(block)
        case ChartBlock():
            return _chart(block)
        case KpiStrip():
            return _tiles(block)
        case Annex():
            inside = "\n".join(_block(part) for part in block.blocks)
            is_open = "" if block.is_folded else " open"
            return (
                f'<details class="annex" id="{block.anchor}"{is_open}><summary><h2>{escape(block.title)}</h2>'
                f"</summary>\n{inside}\n</details>"
            )
    raise TypeError(f"HTML has no form for the block {type(block).__name__}")


def _runs(runs: Runs) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = escape(run.text, quote=False)
    if run.figure_id is not None:
        part = "" if run.part == "value" else f' data-part="{run.part}"'
        text = f'<data class="num" value="{run.value:.12g}" data-figure="{escape(run.figure_id)}"{part}>{text}</data>'
    return f"<strong>{text}</strong>" if run.strong else text


def _tiles(strip: KpiStrip) -> str:
    tiles = []
    for tile in strip.tiles:
        unit = f'<span class="unit">{escape(tile.unit)}</span>' if tile.unit else ""
        changes = "".join(f'<dd class="change">{_runs(change)}</dd>' for change in tile.changes)
        value = f'<dd class="value">{_runs(tile.runs)}{unit}</dd>'
        tiles.append(f"<div><dt>{escape(tile.label)}</dt>{value}{changes}</div>")
    return '<dl class="kpi" aria-label="主要指标">' + "".join(tiles) + "</dl>"


def _table(table: Table) -> str:
    def cells(row: Iterable[Runs]) -> str:
        made = []
        for place, (cell, side) in enumerate(zip(row, table.alignments, strict=True)):
            end = _RIGHT if side == "right" else ""
            made.append(f'<th scope="row">{_runs(cell)}</th>' if place == 0 else f"<td{end}>{_runs(cell)}</td>")
        return "<tr>" + "".join(made) + "</tr>"

    head = "".join(
        f'<th scope="col"{_RIGHT if side == "right" else ""}>{escape(title)}</th>'
        for title, side in zip(table.header, table.alignments, strict=True)
    )
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    name = escape(table.caption or "表")
    body = "\n".join(cells(row) for row in table.rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{name}"><table>{caption}'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _chart(block: ChartBlock) -> str:
    chart = block.chart
    anchor = f"fig{chart.number}"
    frame = chart.table.astype(object).where(chart.table.notna(), "/")
    columns = [f'<th scope="col"{_RIGHT if place else ""}>{escape(str(n))}</th>' for place, n in enumerate(frame)]
    header = "".join(columns)
    rows = "\n".join("<tr>" + "".join(_data_cells(row)) + "</tr>" for row in frame.itertuples(index=False))
    name = f"图{chart.number}　{chart.headline}"
    csv = quote("\ufeff" + frame.to_csv(index=False, lineterminator="\r\n"), safe=",/ ")
    return (
        f'<figure class="chart" id="{anchor}" data-figures="{escape(" ".join(chart.figure_ids))}">\n'
        f'<div class="wide">{picture(chart.svg)}</div>\n<div class="narrow">{picture(block.narrow.svg)}</div>\n'
        f'<figcaption><a class="anchor" href="#{anchor}" aria-label="图{chart.number}的链接">#</a>'
        f'<details><summary>图{chart.number}的数据表</summary><div class="scroll" tabindex="0" role="region"'
        f' aria-label="图{chart.number}的数据"><table><caption>{escape(name)}</caption>'
        f"<thead><tr>{header}</tr></thead><tbody>\n{rows}\n</tbody></table></div>"
        f'<p class="tools"><a download="图{chart.number}.csv" href="data:text/csv;charset=utf-8,{csv}">下载 CSV</a></p>'
        "</details></figcaption>\n</figure>"
    )


def _data_cells(row: tuple) -> Iterable[str]:
    first, *others = (escape(str(cell)) for cell in row)
    yield f'<th scope="row">{first}</th>'
    yield from (f"<td{_RIGHT}>{cell}</td>" for cell in others)


def picture(svg: str) -> str:
    """An SVG as it stands in the page: one description on its root, none inside, no style attributes."""
    start = svg.index("<svg")
    end = svg.index(">", start) + 1
    # the page's own style names the typeface
    inner = _FAMILY.sub("", _INNER_ARIA.sub("", svg[end:]))
    if re.search(r"<[^>]*\sstyle=", svg[start:]):
        raise ValueError("a chart's SVG holds a style attribute, which the page's policy forbids")
    return svg[start:end] + inner.strip()


def _characters(document: Document, charts: list[ChartBlock]) -> tuple[set[str], set[str]]:
    regular: set[str] = set("0123456789")
    bold: set[str] = set()
    for block in charts:
        for drawn in (block.chart, block.narrow):
            for attributes, text in _TEXT.findall(drawn.svg):
                weight = bold if re.search(r'font-weight="(?:bold|[6-9]00)"', attributes) else regular
                weight.update(_plain(text))
    for block in document.blocks:
        if isinstance(block, KpiStrip):
            for tile in block.tiles:
                bold.update("".join(run.text for run in tile.runs) + tile.unit)
    return regular, bold


def _plain(text: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", text))


def _minified(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()
