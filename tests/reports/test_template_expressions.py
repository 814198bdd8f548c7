"""What a template can ask of a figure, each by one expression, on the published figures of Lingwu's 2022H1 bulletin.

The expected words are those numbers under the office's rules of printing. Whole texts are tested in test_document.py.
"""

import re

import pytest

from reports.figures import load as figures
from reports.text.narrative import TemplateError
from reports.text.template import fill_template


@pytest.fixture
def fill(connection, tmp_path):
    read = figures.load(connection, "2022H1", "灵武市审批服务管理局")

    def filled(expression: str) -> str:
        (tmp_path / "template.md").write_text(f"{{{{ {expression} }}}}", "utf-8")
        marked = fill_template(tmp_path, read).markdown
        return re.sub("\ue000\\d+\ue001([^\ue002]*)\ue002", r"\1", marked)

    return filled


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("fig('case_volume')", "34.9万"),
        ("fig('case_volume').exact()", "349200"),
        ("fig('evaluations').wan()", "2.55万"),
        ("fig('case_volume').name", "办件量"),
        ("fig('case_volume').unit", "件"),
        ("fig('item_coverage').unit", ""),
        ("fig('case_volume').base", "401000.0"),
        ("fig('evaluations').base", "None"),
        ("fig('item_coverage').numerator()", "428"),
        ("fig('item_coverage').denominator()", "1999"),
        ("fig('item_coverage').percent()", "21.4%"),
        ("fig('case_volume').yoy('，', '。')", "，同比下降25%。"),
        ("fig('evaluations').yoy('，', '。')", ""),
        ("fig('overdue_open').by('town').above(90).names()", "郝家桥镇、崇兴镇"),
        ("fig('overdue_open').by('town').ranked().names(2)", "郝家桥镇、崇兴镇等"),
    ],
)
def test_an_expression_prints_these_words(fill, expression, words):
    assert fill(expression) == words


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (
            "fig('overdue_open').by('twon')",
            "overdue_open has no dimension 'twon'; it is counted by org, total, town; did you mean town",
        ),
        ("fig('case_volume').denominator()", "case_volume is a count and has no denominator"),
        ("fig('qqqqqqqq')", "no figure named 'qqqqqqqq'$"),
    ],
)
def test_a_wrong_expression_is_named_with_its_line(fill, expression, message):
    with pytest.raises(TemplateError, match=rf"template\.md:1: .*{message}"):
        fill(expression)
