"""Tests the page: it is self-contained, its numbers are marked, its mark-up is accessible, it is small.

The wording of sentences and the drawing of charts are tested elsewhere; test_browser.py opens the page in a browser.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from reports.charts import all_charts as charts
from reports.charts.drawing import theme
from reports.document import bulletin, notes
from reports.figures import load as figures
from reports.figures import provenance
from reports.formats.html import blocks
from reports.formats.html import page as html
from reports.proof.page_numbers import Number, read_numbers
from reports.text.filling import Mark

LINGWU = Path(__file__).parents[3] / "jurisdictions" / "lingwu"


@dataclass
class Drawn:
    svg: str
    number: int = 1
    key: str = "monthly_volume"
    headline: str = "各月均低于上年同月"
    alt: str = "月度办件量"
    table: object = None
    marks: tuple = ((None, Mark("2022-06/case_volume/total/total", "value", 61_000)),)


@pytest.fixture(autouse=True)
def june(connection):
    """The row of the month that the stub of a chart prints."""
    connection.execute(
        "insert into marts.figures select * replace ('2022-06' as period, 61000 as value, null as year_ago_value)"
        " from marts.figures where figure = 'case_volume' and dimension = 'total'"
    )


def drawn(width: int, text: str = "6月 6.1万件") -> Drawn:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" role="img" aria-label="月度办件量">'
        f'<g aria-roledescription="mark"><text font-weight="bold">{text}</text></g></svg>'
    )
    return Drawn(svg, table=pd.DataFrame({"月份": ["6月"], "办件量": [61_000]}))


def page(connection, text: str = "6月 6.1万件") -> str:
    read = figures.load(connection, "2022H1", "灵武市审批服务管理局")
    origin = provenance.load(connection, read.starts_on)
    filled, proofs = bulletin.fill_text(read, LINGWU, charts.KEYS), notes.read_proofs(connection, "2022H1")
    document = bulletin.compose(read, origin, [drawn(640, text)], [drawn(352)], LINGWU, filled, proofs)
    return html.page(document)


class _Tags(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        while (last := self.open.pop()) != tag:
            assert last in ("tr", "th", "td", "thead", "tbody")  # HTML lets these end by themselves


def numbers(made: str) -> list[tuple[str, str, float]]:
    """Row, part and amount of each number; the amount as printed where it stands nowhere to the last digit."""
    return [(number.figure_id, number.part, amount(number)) for number in read_numbers(made)]


def amount(number: Number) -> float:
    return number.amount if number.amount is not None else float(number.text.replace(",", "").removesuffix("%"))


def test_numbers_carry_their_value_and_row(connection):
    made = page(connection)
    button = "<button popovertarget=n0 aria-describedby=tn0 value=349200>34.9万</button>"
    assert f'<span class="whole">{button}件，</span>' in made
    assert "<h2 id=tn0>办件量</h2>" in made  # a screen reader says what 34.9万 is of
    marked = numbers(made)
    assert ("2022H1/case_volume/total/total", "yoy", -0.25) in marked
    assert ("2022H1/overdue_open/town/郝家桥镇", "value", 125) in marked
    assert ("2022-06/case_volume/total/total", "value", 61_000) in marked  # in the chart's table


def test_every_number_opens_a_note_whose_sql_yields_it(connection):
    made = page(connection)
    notes = dict(re.findall(r"<div popover id=\S+ data-figure=(\S+) .*?<code>(.*?)</code>", made, re.DOTALL))
    yielded = {}
    for key, sql in notes.items():
        for period, member, value, *_ in connection.execute(unescape(sql)).fetchall():
            yielded[f"{period}/{key}/{member}"] = value
    marked = [number for number in read_numbers(made) if number.part == "value"]
    assert len(marked) > 80
    for number in marked:
        value, digits = yielded[number.figure_id], number.text.removesuffix("%")
        if number.amount is not None:
            assert value == pytest.approx(number.amount, rel=5e-6), number
        else:  # tables print a number rounded, a rate in %
            half = 0.5 * 10 ** -len(digits.partition(".")[2])
            assert any(abs(value * scale - float(digits)) <= half + 1e-9 for scale in (1, 100)), number


def test_the_registrys_proof_stands_in_the_note(connection):
    proof = "select count(*) from marts.fct_cases"
    connection.execute(
        "create table marts.figure_proofs as select period, figure, dimension, member,"
        f" '{proof} -- ' || figure as proof_sql from marts.figures"
    )
    made = page(connection)
    assert f"<code>{proof} -- item_coverage</code>" in made
    towns = re.search(r"data-figure=overdue_open/town .*?<code>(.*?)</code>", made, re.DOTALL)[1]
    assert towns == f"-- 2022H1 东塔镇；其余见 marts.figure_proofs\n{proof} -- overdue_open"


def test_the_page_reaches_for_nothing_outside_itself(connection):
    made = page(connection)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)[1]
    assert "default-src &#39;none&#39;" in policy and "unsafe" not in policy
    tags = _Tags(made).tags
    assert not [tag for tag, _ in tags if tag in ("link", "img", "iframe")]
    (script,) = re.findall(r"<script>(.*?)</script>", made, re.DOTALL)
    assert script == (Path(html.__file__).parent / "page_parts" / "bulletin.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src &#39;sha256-{digest}&#39;;" in policy
    assert not [attributes for _, attributes in tags if "style" in attributes]
    addresses = [a[key] for _, a in tags for key in ("href", "src") if key in a]
    # of the period before this warehouse has nothing, so nothing leads there
    beside = {f"bulletin.{kind}" for kind in ("pdf", "docx", "xlsx")} | {"figures.csv", "card.png"}
    beside |= {"charts/monthly_volume.png", "../index.html", "../index.html#p2022H2"}
    beside.add("../explore.html#period=2022H1")
    assert {address for address in addresses if not address.startswith(("#", "data:text/csv"))} == beside
    assert "url(http" not in made


def test_links_lead_somewhere_and_ids_are_unique(connection):
    tags = _Tags(page(connection)).tags
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in tags if tag == "a" and a["href"].startswith("#")} <= set(ids)


def test_headings_descend_and_tables_are_named(connection):
    made = page(connection)
    tags = _Tags(made).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    text, small_notes = made.split("<div popover", 1)
    assert text.count("<table>") == len(re.findall(r'role="region" aria-label="[^"]+"><table>', text)) > 0
    assert 0 < small_notes.count("<table>") <= len(re.findall(r'role=dialog aria-label="[^"]+"', made))
    # a head with headings only, and one heading at the start of each row: HTML then knows what each heading is for
    for table in re.findall(r"<table>.*?</table>", made, re.DOTALL):
        head, body = table.split("<tbody>")
        assert "<th" in head and "<td" not in head
        rows = re.findall(r"<tr[^>]*>(.*)", body.replace("<tr", "\n<tr"))
        assert rows and all(row.startswith("<th>") and row.count("<th") == 1 for row in rows), table[:200]
    assert tags[1] == ("html", {"lang": "zh-CN"}) or ("html", {"lang": "zh-CN"}) in tags


def test_synthetic_data_cannot_pass_for_an_issued_document(connection):
    made = page(connection)
    assert 'class="watermark"' in made and "样例（合成数据）" in made
    assert 'class="masthead"' not in made and "索引号" not in made and "责任部门" not in made


def test_real_data_stand_under_the_bureau(connection):
    connection.execute("update quality.files set is_synthetic = false")
    made = page(connection)
    assert "样例" not in made.replace("本稿用样例数据", "")
    assert '<p class="masthead">灵武市审批服务管理局</p>' in made and "<dt>责任部门</dt>" in made


def test_the_page_is_small_and_the_same_twice(connection):
    first = page(connection)
    assert len(first.encode()) < 250_000
    assert page(connection) == first


def test_every_colour_of_a_chart_has_one_for_dark_paper():
    css = (Path(html.__file__).parent / "page_parts" / "bulletin.css").read_text("utf-8")
    colours = {value for value in vars(theme).values() if re.fullmatch("#[0-9A-F]{6}", str(value))}
    assert colours
    assert {colour for colour in colours if f'[fill="{colour}"]' not in css} == set()


def test_a_style_attribute_in_a_chart_is_refused():
    with pytest.raises(ValueError, match="style attribute"):
        blocks.picture('<svg><g style="color:red"></g></svg>', "wide")


def test_names_from_the_data_are_escaped(connection):
    connection.execute("update marts.figures set member = '<i>\"窗口' where member = '税务窗口'")
    made = page(connection)
    assert "&lt;i&gt;" in made and "<i>" not in made


def test_a_count_does_not_prove_itself_by_a_numerator_that_is_the_count(connection):
    notes = dict(re.findall(r"<div popover id=\S+ data-figure=(\S+) (.*?)</div>", page(connection), re.DOTALL))
    assert "<th>数值" in notes["overdue_open/total"] and "<th>分" not in notes["overdue_open/total"]
    assert "<th>分子<th>分母" in notes["overdue_open_ratio/total"]
