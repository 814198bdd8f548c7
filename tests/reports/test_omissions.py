"""Tests what a bulletin leaves out where a period has no number: clauses, list items, lead-ins, sections.

The rules are those told at the head of the template. ∅ stands for a number that is absent, so that the expected words
can be read off the sentence. Whole bulletins of counties with few exports are tested in test_thin_counties.py.
"""

from pathlib import Path

import pytest

from reports.charts import all_charts
from reports.document.markdown import parse_blocks
from reports.document.model import Heading, ListBlock, Paragraph, Run, Table
from reports.document.omissions import keep_sentences
from reports.figures import load as figures
from reports.text.check_template import list_template_faults
from reports.text.filling import ABSENT
from reports.text.narrative import TemplateError
from reports.text.template import Parts, fill_template

UNWRITTEN = "（本节文字待撰写。）"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("办件3件。办结∅件。", "办件3件。"),
        ("办结∅件。办件3件。", "办件3件。"),
        ("办结∅件，其中即办3件。", ""),
        ("办结∅件", ""),
        ("甲1件；乙∅件；丙3件。", "甲1件；丙3件。"),
        ("甲1件；乙∅件。丙3件。", "甲1件。丙3件。"),
        ("甲∅件；乙2件。", "乙2件。"),
        ("看渠道（有重叠；不相加）：甲∅件；乙2件；丙∅件。", "看渠道（有重叠；不相加）：乙2件。"),
        ("看渠道：甲∅件；乙∅件。丙3件！", "丙3件！"),
        ("称“办结∅件。”的不计。其余3件。", "其余3件。"),
        ("甲1件；乙∅件", "甲1件"),
        ("Cases: 3. Closed: ∅. On time 4.5 days; late ∅.", "Cases: 3. On time 4.5 days."),
        ("Closed: ∅. Cases: 3.", "Cases: 3."),
        ("办件3件。", "办件3件。"),
    ],
)
def test_a_clause_without_its_number_is_left_out(written, kept):
    runs = (Run(written.replace("∅", ABSENT)),)
    assert "".join(run.text for run in keep_sentences(runs)) == kept


def test_numbers_and_bold_words_keep_their_place():
    runs = (Run("甲", strong=True), Run("1", "id/a"), Run(f"件；乙{ABSENT}件。丙"), Run("3", "id/c"), Run("件。"))
    kept = keep_sentences(runs)
    assert [(run.text, run.figure_id, run.strong) for run in kept] == [
        ("甲", None, True),
        ("1", "id/a", False),
        ("件", None, False),
        ("。", None, False),
        ("丙", None, False),
        ("3", "id/c", False),
        ("件。", None, False),
    ]


@pytest.fixture
def parse(connection, tmp_path):
    """A template's blocks, in a period that has no certificates and no rate of evaluation; charts are left out."""
    connection.execute("delete from marts.figures where figure = 'certificates'")
    connection.execute("update marts.figures set value = null, denominator = 0 where figure = 'evaluation_rate'")
    read = figures.load(connection, "2022H1")

    def parsed(template: str):
        (tmp_path / "template.md").write_text(template, "utf-8")
        return parse_blocks(fill_template(tmp_path, read, Parts(all_charts.KEYS)), lambda kind, keys: None)

    return parsed


def words(blocks) -> list[str]:
    lines = []
    for block in blocks:
        rows = block.items if isinstance(block, ListBlock) else (block.runs,)
        lines += ["".join(run.text for run in runs) for runs in rows]
    return lines


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("入库{{ fig('certificates') }}个。", []),
        ("入库{{ fig('certificates').exact() }}个，占{{ fig('evaluation_rate').percent() }}。", []),
        (
            "{{ fig('evaluation_rate').numerator() }}件中{{ fig('evaluation_rate').denominator() }}件。",
            ["24851件中0件。"],
        ),
        ("{% if fig('certificates').value == 0 %}没有入库{% else %}入库{{ fig('certificates') }}个{% endif %}。", []),
        ("{% if fig('certificates').value < 1 or fig('certificates').value > 1 %}有{% endif %}无", ["无"]),
        ("{{ fig('certificates').exists }}{{ fig('certificates').is_measured }}", ["FalseFalse"]),
        ("{{ fig('evaluation_rate').exists }}{{ fig('evaluation_rate').is_measured }}", ["FalseTrue"]),
        ("同比{{ fig('certificates').yoy('，') }}无", ["同比无"]),
        ("超期：{{ fig('overdue_open').by('town').above(9999).names() }}。", []),
        ("超期：{{ fig('overdue_open').by('org').listing() }}。", []),
        ("- 甲\n- 入库{{ fig('certificates') }}个\n- 乙\n", ["甲", "乙"]),
        ("从数据看：\n\n- 入库{{ fig('certificates') }}个\n", []),
        ("从数据看：\n\n- 甲\n", ["从数据看：", "甲"]),
        ("现将情况通报如下：\n\n## 一、甲\n\n乙", ["现将情况通报如下：", "一、甲", "乙"]),
        ("## 入库{{ fig('certificates') }}个\n\n甲", ["入库—个", "甲"]),
    ],
)
def test_what_asks_for_an_absent_number_falls_away(parse, template, expected):
    assert words(parse(template)) == expected


def test_a_cell_keeps_its_place(parse):
    (table,) = parse("| 指标 | 数 |\n|---|--:|\n| 证照 | {{ fig('certificates') }} |\n")
    assert isinstance(table, Table) and table.rows[0][1] == (Run("—"),)


def test_a_section_without_content_goes_and_the_numbers_run_on(parse):
    blocks = parse(
        "## 一、甲\n\n### （一）子\n\n{{ chart('certificates') }}\n\n### （二）丑\n\n文字\n\n"
        f"## 二、乙\n\n### （一）寅\n\n入库{{{{ fig('certificates') }}}}个。\n\n{UNWRITTEN}\n\n"
        f"## 三、丙\n\n{UNWRITTEN}\n\n## 附注\n\n文字\n\n## 四、丁\n\n文字\n\n## 5. 戊\n\n文字"
    )
    headings = [block for block in blocks if isinstance(block, Heading)]
    assert words(headings) == ["一、甲", "（一）丑", "二、丙", "附注", "三、丁", "4. 戊"]
    assert [heading.anchor for heading in headings] == ["s1", "s1-1", "s2", "s3", "s4", "s5"]
    assert words(block for block in blocks if isinstance(block, Paragraph)) == [
        "文字",
        UNWRITTEN,
        "文字",
        "文字",
        "文字",
    ]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (
            "甲\n{% if fig('certificates').value %}{% endif %}",
            r"template.md:2: certificates in 2022H1 has no value, and that is not 0; ask for a measured nothing with"
            r" {% if fig\('certificates'\).value == 0 %}, for any number with {% if fig\('certificates'\).exists %}",
        ),
        ("{{ fig('certificates').value / 2 }}", "template.md:1: calculating with / can't be used"),
        ("{{ fig('certificates', town='东塔镇') }}", "certificates has no dimension 'town'; it is counted by total$"),
        (
            "{{ fig('case_volume_share') }}",
            "case_volume_share has no dimension 'total'; it is counted by channel, town",
        ),
        ("{{ fig('evaluations', mode='onlin') }}", "no mode of evaluations named 'onlin'; did you mean online"),
    ],
)
def test_a_condition_that_takes_absent_for_nothing_is_named(parse, template, message):
    with pytest.raises(TemplateError, match=message):
        parse(template)


def test_a_member_that_nothing_supplies_is_no_misspelling(connection, tmp_path):
    connection.execute("delete from marts.figures where figure = 'case_volume' and member = 'township'")
    (tmp_path / "template.md").write_text("{{ fig('case_volume', venue='township') }}", "utf-8")
    assert fill_template(tmp_path, figures.load(connection, "2022H1")).markdown == ABSENT


def test_what_names_no_member_is_in_a_loop_and_in_no_list(connection, tmp_path):
    connection.execute(
        "insert into marts.figures select * replace ('未注明' as member, 900 as value) from marts.figures"
        " where figure = 'overdue_open' and member = '东塔镇'"
    )
    template = (
        "{% set towns = fig('overdue_open').by('town') %}{{ towns | length }} {{ towns.ranked().names(1) }}"
        " {{ towns.above(100).names() }} {{ towns.names(1) }}"
    )
    (tmp_path / "template.md").write_text(template, "utf-8")
    made = fill_template(tmp_path, figures.load(connection, "2022H1"))
    assert made.markdown == "9 郝家桥镇等 郝家桥镇 东塔镇等"


def test_a_text_gives_a_chart_its_title(connection, tmp_path):
    template = "{{ chart('town_share', title='办件' ~ fig('case_volume') ~ '件', subtitle='各乡镇') }}"
    (tmp_path / "template.md").write_text(template, "utf-8")
    made = fill_template(tmp_path, figures.load(connection, "2022H1"), Parts(all_charts.KEYS))
    title = made.chart_titles["town_share"]
    assert (title.headline, title.subtitle) == ("办件34.9万件", "各乡镇")
    assert made.charts() == ["town_share"]


@pytest.mark.parametrize(
    ("condition", "is_fault"),
    [
        ("fig('certificates').value", True),
        ("not fig('certificates').value", True),
        ("block('county') and (fig('certificates').value or true)", True),
        ("fig('certificates').value > 0 and fig('certificates').exists", False),
        ("fig('certificates').by('town')", False),
    ],
)
def test_a_check_of_the_folder_finds_a_condition_that_takes_absent_for_0(tmp_path, condition, is_fault):
    path = tmp_path / "template.md"
    for template in (f"甲\n{{% if {condition} %}}乙{{% endif %}}", f"甲\n{{{{ '乙' if {condition} else '丙' }}}}"):
        path.write_text(template, "utf-8")
        faults = list_template_faults(path, {"fig": ["certificates"]})
        assert [fault.startswith(f"{path}:2: a figure without data is not 0") for fault in faults] == [True] * is_fault


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("jurisdictions/*/bulletin/template.md")), ids=lambda path: path.parts[-3]
)
def test_no_text_that_ships_takes_an_absent_figure_for_0(path):
    assert list_template_faults(path, {}) == []


@pytest.mark.parametrize("has_platform", [True, False])
def test_lingwus_own_text_names_the_platform_only_where_there_is_one(connection, has_platform):
    if not has_platform:
        connection.execute("delete from marts.figures where figure = 'via_platform'")
    filled = fill_template(
        ROOT / "jurisdictions" / "lingwu" / "bulletin", figures.load(connection, "2022H1"), Parts(all_charts.KEYS)
    )
    text = "".join(words(parse_blocks(filled, lambda kind, keys: None)))
    assert "“超期未办”件405件" in text
    assert [phrase in text for phrase in ("综合服务平台“超期未办”件", "平台数据分析", "平台“超期未办”405件")] == [
        has_platform
    ] * 3
