"""Alters a rendered draft, one number in one format, and expects the check before publication to name the file.

The alterations are those of test_verify.py. What a run does with a draft that fails is tested in
tests/dagster_project/test_selections.py.
"""

import re

import pytest

from reports.proof import presentation
from reports.proof.presentation import find_misprints
from reports.proof.printed import Piece, Printed, read_printed
from reports.render import render
from tests.reports.altered_pdf import first_number
from tests.reports.conftest import LINGWU, TOWNS
from tests.reports.test_verify import altered, in_part, once


def test_a_draft_as_rendered_prints_its_figures(draft, filled):
    assert find_misprints(filled, draft, "2022H1") == []


def test_a_draft_of_a_year_prints_its_figures(connection, tmp_path):
    """The mart compares a year with the period before too; the bulletin does so only once."""
    connection.execute(
        "insert into marts.dim_periods values ('2022', 'year', '2022年', '2022-01-01', '2022-12-31',"
        " '2022-06-30', null, false, '2021', '2021');"
        "insert into marts.figures select * replace ('2022' as period, value * 0.8 as previous_value,"
        " value * 0.8 as year_ago_value)"
        " from marts.figures where figure in ('case_volume', 'certificates')"
    )
    render(connection, "2022", LINGWU, tmp_path, "1.0")
    assert find_misprints(connection, tmp_path, "2022") == []


def test_a_name_that_ends_in_a_digit_is_no_part_of_its_number(connection, tmp_path):
    """A line of the PDF may end between them, where the other formats would print one number."""
    for number, town in enumerate(TOWNS, start=1):
        # so long that lines end between names and numbers
        name = "东河新区" * (number % 3) + f"镇{number}"
        connection.execute("update marts.figures set member = $1 where member = $2", [name, town])
        connection.execute("update marts.dimension_members set member = $1, label = $1 where member = $2", [name, town])
    render(connection, "2022H1", LINGWU, tmp_path, "1.0")
    assert find_misprints(connection, tmp_path, "2022H1") == []
    for name in ("bulletin.html", "bulletin.docx"):
        text = "\n".join(piece.text for piece in read_printed(name, (tmp_path / name).read_bytes()).pieces)
        assert "镇2 125件" in text


def test_a_line_of_a_pdf_may_end_before_or_in_a_unit(draft, filled, monkeypatch):
    def narrow(name, content):
        if name != "bulletin.pdf":
            return read_printed(name, content)
        text = "\n".join(piece.text for piece in read_printed(name, content).pieces)
        broken = re.sub(r"(?<=\d)万", "\n万", text.replace("个百分点", "\n个百\n分点"))
        broken = re.sub(r"([一二三四五六七八九])(成|分之)", r"\1\n\2", broken)
        assert broken.count("\n") > text.count("\n") + 10
        return Printed([Piece("a page", line) for line in broken.splitlines()])

    monkeypatch.setattr(presentation, "read_printed", narrow)
    assert find_misprints(filled, draft, "2022H1") == []


@pytest.mark.parametrize(
    ("name", "change", "printed"),
    [
        ("bulletin.html", once(">34.9万</button>件，", ">34.8万</button>件，"), "34.8万"),
        ("bulletin.html", once("value=349200", "value=350200"), "34.9万"),
        ("bulletin.html", once("value=-0.25 data-part=yoy", "value=-0.35 data-part=yoy"), "25%"),
        ("bulletin.html", once("data-member=郝家桥镇", "data-member=崇兴镇"), ""),
        ("bulletin.html", once("<th>郝家桥镇<td>8300", "<th>郝家桥镇<td>8301"), "8301"),
        ("bulletin.html", once("<td>4.01%", "<td>4.02%"), "4.02%"),
        # a count that happens to be the hundredfold is no rate
        ("bulletin.html", once("<th>郝家桥镇<td>8300", "<th>郝家桥镇<td>830000"), "830000"),
        ("bulletin.docx", in_part("word/document.xml", once("34.9万", "34.8万")), "34.9万"),
        ("bulletin.docx", in_part("word/document.xml", once("405", "305")), "405"),
        ("bulletin.docx", in_part("word/document.xml", once("总体运行情况", "总体运行情况777")), "777"),
        ("bulletin.xlsx", in_part("xl/worksheets/sheet1.xml", once(">349200<", ">349300<")), "349300"),
        ("bulletin.pdf", first_number, "34.9万"),
        ("figures.csv", once("True,349200.0,", "True,349209.0,"), "349209.0"),
        ("figures.csv", once("2022H1,overdue_open,total,", "2022H1,overdue_open,whole,"), "overdue_open"),
        ("bulletin.pdf", lambda content: content[:2000], "can't be read"),
    ],
)
def test_a_number_that_is_not_its_figure_is_found(draft, filled, name, change, printed):
    altered(draft / name, change)
    found = find_misprints(filled, draft, "2022H1")
    named = [str(finding) for finding in found if finding.file == name]
    assert any(printed in finding for finding in named), found


def test_a_row_that_changed_since_is_found_wherever_it_is_printed(draft, filled):
    filled.execute("begin; update marts.figures set value = 406 where figure = 'overdue_open' and dimension = 'total'")
    found = find_misprints(filled, draft, "2022H1")
    filled.execute("rollback")
    assert {finding.file for finding in found} == {"bulletin.html", "bulletin.xlsx", "figures.csv"}


@pytest.mark.parametrize(("printed", "is_found"), [("4988471.4%", False), ("4988472.4%", True)])
def test_a_change_may_print_more_digits_than_the_page_keeps(draft, filled, printed, is_found):
    """A county whose exports began last year: 349,200 cases after 7, which is a change of 49,884.714…"""
    altered(draft / "bulletin.html", once("value=-0.25 data-part=yoy>25%", f"value=49884.7 data-part=yoy>{printed}"))
    filled.execute("begin; update marts.figures set year_ago_value = 7 where figure = 'case_volume'")
    found = find_misprints(filled, draft, "2022H1")
    filled.execute("rollback")
    assert any(printed in str(finding) for finding in found if finding.file == "bulletin.html") == is_found
