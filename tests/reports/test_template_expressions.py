"""What a template can ask of a figure, each by one expression, on the published figures of Lingwu's 2022H1 bulletin.

The expected words are those numbers under the office's rules of printing. Whole texts are tested in test_document.py.
"""

import re
from pathlib import Path

import pytest

from reports.figures import load as figures
from reports.text.narrative import TemplateError, list_cited
from reports.text.template import Filled, Parts, fill_template
from reports.text.typed import list_typed

TEMPLATE = Path("jurisdictions/lingwu/bulletin/template.md").read_text("utf-8")


def plain(filled: Filled) -> str:
    return re.sub("\ue000\\d+\ue001([^\ue002]*)\ue002", r"\1", filled.markdown)


@pytest.fixture
def read(connection):
    return figures.load(connection, "2022H1", "灵武市审批服务管理局")


@pytest.fixture
def fill(read, tmp_path):
    def filled(expression: str) -> str:
        (tmp_path / "template.md").write_text(f"{{{{ {expression} }}}}", "utf-8")
        return plain(fill_template(tmp_path, read))

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
            "overdue_open has no dimension 'twon'; it is counted by org, total, town, venue; did you mean town",
        ),
        ("fig('case_volume').denominator()", "case_volume is a count and has no denominator"),
        ("fig('qqqqqqqq')", "no figure named 'qqqqqqqq'$"),
    ],
)
def test_a_wrong_expression_is_named_with_its_line(fill, expression, message):
    with pytest.raises(TemplateError, match=rf"template\.md:1: .*{message}"):
        fill(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "fig（‘evaluations’，mode=‘online’）。exact（）",
        "fig(“evaluations”, mode＝“online”).exact()",
        "fig('evaluations’，mode='online’)．exact()",
        "fig(‘evaluations', mode=“online\").exact()",
        "ｆｉｇ（'evaluations'、mode=＇online＇）.exact()",
    ],
)
def test_what_a_chinese_keyboard_writes_is_understood(fill, expression):
    assert fill(expression) == "2982"


def test_braces_of_full_width_are_understood_and_words_in_quotes_stay(tmp_path, read):
    text = "｛％ if block（'county'） ％｝（“评”，｛｛fig('case_volume').yoy（'，“‘', ’”’）｝｝）｛％ endif ％｝"
    text = text.replace("if", "if not", 1) + "{# ｛｛ ＃｝ #}"  # a full-width end of a comment doesn't end it
    (tmp_path / "template.md").write_text(text, "utf-8")
    assert plain(fill_template(tmp_path, read)) == "（“评”，，“‘同比下降25%”）"


def test_a_figure_of_another_period_is_cited_with_its_own_row(tmp_path, connection):
    text = "{# period='2022Q1' #}{{ fig('case_volume', period='2022-06').exact() }}"
    text += "{{ fig('case_volume', period='2022H1').wan() }}{{ fig('via_platform', period='2022-06').share() }}"
    text += "{{ fig('overdue_open_ratio', period='2022-06').by('town').listing(1) }}"
    (tmp_path / "template.md").write_text(text, "utf-8")
    assert list_cited(tmp_path, "2022H1") == ["2022-06"]
    (cursor := connection.cursor()).execute("begin")
    cursor.execute(
        "insert into marts.figures by name select * replace ('2022-06' as period, 61234 as value) from marts.figures"
        " where period = '2022H1' and figure = 'case_volume' and dimension = 'total'"
    )
    cursor.execute(
        "insert into marts.figures by name select * replace ('2022-06' as period, 0.123 as value) from marts.figures"
        " where period = '2022H1' and figure in ('via_platform', 'via_platform_share', 'overdue_open_ratio')"
        " and member in ('total', '街道办')"
    )
    filled = fill_template(tmp_path, figures.load(cursor, "2022H1", cited=["2022-06"]))
    cursor.execute("rollback")
    assert plain(filled) == "6123434.9万12.3%街道办12.30%"
    asked = [("2022-06", "case_volume/total/total"), ("2022H1", "case_volume/total/total")]
    asked += [("2022-06", "via_platform_share/total/total"), ("2022-06", "overdue_open_ratio/town/街道办")]
    assert [mark.figure_id for mark in filled.marks] == [f"{period}/{figure}" for period, figure in asked]


def test_parts_of_another_period_are_cited_without_a_total(tmp_path, connection):
    """Several sources, of which one alone supplies a figure by town, give it parts and no total."""
    text = "{{ fig('overdue_open', period='2022-06').by('town').listing() }}"
    (tmp_path / "template.md").write_text(text, "utf-8")
    connection.execute(
        "insert into marts.figures by name select * replace ('2022-06' as period) from marts.figures"
        " where period = '2022H1' and figure = 'overdue_open' and member in ('郝家桥镇', '崇兴镇')"
    )
    read = figures.load(connection, "2022H1", cited=["2022-06"])
    assert plain(fill_template(tmp_path, read)) == "郝家桥镇125件、崇兴镇97件"
    for asked in ("", ".yoy()", ".numerator()", ".by('venue').listing()"):
        (tmp_path / "template.md").write_text(f"{{{{ fig('overdue_open', period='2022-06'){asked} }}}}", "utf-8")
        with pytest.raises(TemplateError, match="overdue_open in 2022-06 has no value"):
            fill_template(tmp_path, read)


@pytest.mark.parametrize("asked", ["fig('mobile', {})", "fig('mobile', {}).share()", "fig('case_volume', {}).mom()"])
def test_a_text_that_cites_its_own_period_says_what_it_says_without(tmp_path, connection, asked):
    """A number that the period lacks is left out with its sentence, and is no mistake of who named the period."""
    connection.execute("delete from marts.figures where figure in ('mobile', 'mobile_share')")
    own, bare = asked.format("period='2022H1'"), asked.replace(", {}", "")
    (tmp_path / "template.md").write_text(f"{{{{ {own} }}}}{{{{ {bare} }}}}", "utf-8")
    said = plain(fill_template(tmp_path, figures.load(connection, "2022H1", cited=list_cited(tmp_path, "2022H1"))))
    assert said and said[: len(said) // 2] == said[len(said) // 2 :]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "一\n{{ fig('overdue_open', twon='崇兴镇') }}",
            r"template.md:2: overdue_open 没有分项“twon”；可用的有.*是不是 town？",
        ),
        ("{{ fig('case_volum') }}", "template.md:1: 没有名为“case_volum”的指标；是不是 case_volume"),
        ("{{ fig('overdue_open', town='崇新镇') }}", "没有名为“崇新镇”的overdue_open 的 town 分项；是不是 崇兴镇？"),
        ("{{ fig('case_volume', period='2022H2') }}", "没有名为“2022H2”的时期；是不是 2022H1"),
        ("{{ fig('satisfaction', period='2022-06') }}", "2022-06 的 satisfaction 没有数；引用其他时期的数"),
        ("{{ fig('case_volume').yoyo() }}", "这里没有“.yoyo”的写法；是不是 yoy"),
        ("{{ figg('case_volume') }}", "没有名为“figg”的写法；是不是 fig"),
        ("一\n{{ fig('case_volume' }}", "template.md:2: 写法有误：此处应为"),
        ("{{ fig【'case_volume'】 }}", "有不认识的符号“【”；{{ }} 里的括号、引号、逗号请用英文半角"),
        ("{% if block('county') %}", "{% if %} 没有结束；请在后面写 {% endif %}"),
        ("{{ chart('calendar') }}\n\n{{ chart('calendar') }}", r"template.md:3: chart\('calendar'\) 出现两次"),
    ],
)
def test_a_mistake_is_told_in_the_language_of_the_locale(tmp_path, connection, monkeypatch, text, message):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "template.md").write_text(text, "utf-8")
    read = figures.load(connection, "2022H1", cited=list_cited(tmp_path, "2022H1"))
    with pytest.raises(TemplateError) as raised:
        fill_template(tmp_path, read, Parts(charts=["calendar"]))
    assert re.search(message.replace("{", r"\{"), str(raised.value)), raised.value


def test_typed_numbers_are_listed_with_file_line_and_words(tmp_path):
    (tmp_path / "template.md").write_text(
        "{# 3件 #}\n## 1、标题2\n\n1. 共{{ fig('x', 1) }}件、12件，占3.5%。\n", "utf-8"
    )
    words = "## a\r\n\r\n2022年6月30日印发灵审发〔2022〕5号，第3条、GB/T 9704、http://a/7。\r\n近九成、1,200万元。7月起，8月1日至15日—"
    (tmp_path / "2022H1.md").write_bytes(words.encode("gbk"))
    found = [(typed.path.name, typed.line, typed.number) for typed in list_typed(tmp_path, "2022H1")]
    assert found == [
        ("template.md", 4, "12件"),
        ("template.md", 4, "3.5%"),
        ("2022H1.md", 4, "九成"),
        ("2022H1.md", 4, "1,200万元"),
    ]


def test_the_template_of_lingwu_types_no_number():
    assert list(list_typed(Path("jurisdictions/lingwu/bulletin"), "2022H1")) == []


def test_the_list_of_overdue_cases_adds_up_with_those_of_the_hall(tmp_path, connection):
    """405 cases of Lingwu's towns, as published; with 62 of the hall the list names them, and the total is 467."""
    line = next(line for line in TEMPLATE.splitlines() if line.startswith("- {{ '平台'") and "超期未办" in line)
    text = "{% set on_platform, towns = true, fig('overdue_open').by('town').ranked() %}" + line
    (tmp_path / "template.md").write_text(text, "utf-8")
    published = "- 平台“超期未办”405件，分别为郝家桥镇125件、崇兴镇97件、梧桐树乡86件、白土岗乡35件、东塔镇28件"
    assert plain(fill_template(tmp_path, figures.load(connection, "2022H1"))).startswith(published)
    (cursor := connection.cursor()).execute("begin")
    for venue, count in (("hall", 62), ("township", 405)):
        cursor.execute(
            "insert into marts.figures by name select * replace ('venue' as dimension, ? as member, ? as value)"
            " from marts.figures where period = '2022H1' and figure = 'overdue_open' and dimension = 'total'",
            [venue, count],
        )
    cursor.execute("update marts.figures set value = 467 where figure = 'overdue_open' and dimension = 'total'")
    filled = plain(fill_template(tmp_path, figures.load(cursor, "2022H1")))
    cursor.execute("rollback")
    assert filled.startswith(
        "- 平台“超期未办”467件，其中政务大厅及其他窗口62件、乡镇（街道）405件（郝家桥镇125件、崇兴镇97件"
    )
