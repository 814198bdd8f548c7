"""Tests the office's text as a document: published numbers, sentences that follow the data, mistakes named.

It asserts what a template may say and what happens if it is wrong. The looks of a page are tested with the formats.
"""

from pathlib import Path

import pytest

from reports.charts import all_charts
from reports.document import tables
from reports.document.annexes import build_annexes
from reports.document.markdown import DocumentError, parse_blocks
from reports.document.model import Heading, ListBlock, Paragraph, Table
from reports.figures import load as figures
from reports.figures import provenance
from reports.text.narrative import TemplateError, make_skeleton
from reports.text.template import Parts, fill_template
from reports.words.catalogue import load_words

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"
PARTS = Parts(all_charts.KEYS, tables.OPTIONAL, ("daily_average", "evaluation_levels"))


def text_of(blocks) -> str:
    parts = []
    for block in blocks:
        for cell in block.items if isinstance(block, ListBlock) else (getattr(block, "runs", ()),):
            parts.append("".join(run.text for run in cell))
    return "\n".join(parts)


def lingwu(read: figures.Figures) -> str:
    filled_text = fill_template(LINGWU / "bulletin", read, PARTS).point_to_charts({}, read.words)
    return text_of(parse_blocks(filled_text, lambda kind, keys: None))


def filled(tmp_path, read, template: str, words: str | None = None):
    (tmp_path / "template.md").write_text(template, "utf-8")
    if words is not None:
        (tmp_path / "2022H1.md").write_text(words, "utf-8")
    return fill_template(tmp_path, read, PARTS)


@pytest.mark.parametrize(
    "printed",
    [
        "办件34.9万件，同比下降25%",
        "窗口办件30.6万件，占88%",
        "4.32万件，占12%",
        "1.74万件，占5%",
        "4.08万件，占11.7%",
        "1.15万件，占3.3%",
        "事项覆盖率为21.41%，环比提高0.2个百分点",
        "郝家桥镇125件、崇兴镇97件、梧桐树乡86件、白土岗乡35件、东塔镇28件、马家滩镇22件、临河镇9件、街道办3件",
        "45类电子证照6.4万个",
        "25477次",
        "线上2982次、线下22495次",
        "评价率95.58%，群众满意度99.9%，差评整改率100%",
        "审批服务窗口11次、税务窗口4次、人社窗口2次等",
        "均未建立台账",
    ],
)
def test_the_published_figures_are_printed(read, printed):
    assert printed in lingwu(read)


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        ("set year_ago_value = null", "办件34.9万件。", "同比"),
        ("set previous_value = value where figure = 'item_coverage'", "21.41%，与上期持平", "环比提高"),
        ("set value = 0 where figure = 'overdue_open'", "没有“超期未办”件", "郝家桥镇125件"),
        ("set value = null where figure = 'rectified_rate'", "无差评", "差评整改率"),
        ("set value = 1, numerator = 30 where figure = 'ledger_coverage'", "均已建立台账", "均未建立"),
        ("set value = 0 where figure = 'extended_service'", "没有登记延时服务", "审批服务窗口11次"),
        ("set value = 0 where figure = 'certificates'", "没有电子证照入库", "45类"),
        ("set value = 0 where figure = 'case_volume'", "办件0件", "窗口办件"),
        ("set value = null where figure in ('evaluation_rate', 'on_time_rate')", "群众满意度99.9%", "评价率9"),
    ],
)
def test_sentences_follow_the_data(connection, change, said, unsaid):
    connection.execute(f"update marts.figures {change}")
    words = lingwu(figures.load(connection, "2022H1"))
    assert said in words
    assert unsaid not in words


def test_every_number_knows_its_row(tmp_path, read):
    made = filled(tmp_path, read, "办件{{ fig('case_volume') }}件{{ fig('case_volume').yoy('，') }}。")
    (paragraph,) = parse_blocks(made, lambda kind, keys: None)
    assert [(r.text, r.figure_id, r.part, r.value) for r in paragraph.runs] == [
        ("办件", None, "value", None),
        ("34.9万", "2022H1/case_volume/total/total", "value", 349_200),
        ("件，同比下降", None, "value", None),
        ("25%", "2022H1/case_volume/total/total", "yoy", -0.25),
        ("。", None, "value", None),
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("{{ fig('case_volum') }}", "template.md:2: no figure named 'case_volum'; did you mean case_volume"),
        ("{{ fig('case_volume', venue='hal') }}", "template.md:2: .*named 'hal'; did you mean hall"),
        ("{{ fig('case_volume').yoyo() }}", "template.md:2: .*'yoyo'; did you mean yoy"),
        ("{{ figg('case_volume') }}", "template.md:2: 'figg' is undefined; did you mean fig"),
        ("{{ chart('composition_') }}", "template.md:2: no chart named.*did you mean composition"),
        (
            "{{ fig('via_platform', venue='hall') }}",
            "template.md:2: via_platform has no dimension 'venue'; it is counted by total, town$",
        ),
        ("{{ fig('case_volume' }}", "template.md:2: "),
        ("{{ narrative('opening') }}", "template.md:2: no section in 2022H1.md named 'opening'; did you mean openin"),
        ("{{ fig('x', a='b', c='d') }}", "one dimension at a time, found a, c"),
        ("\ue000", "private-use character U\\+E000"),
        ("{{ ''.__class__.__mro__ }}", "template.md:2: "),
    ],
)
def test_a_mistake_is_named_with_file_line_and_the_nearest_name(tmp_path, read, wrong, message):
    words = None if "narrative" not in wrong else "## openin\n\n文字\n"
    template = f"第一行\n{wrong}\n" + ("{{ narrative('openin') }}" if words else "")
    with pytest.raises(TemplateError, match=message):
        filled(tmp_path, read, template, words)


def test_a_section_nobody_asks_for_is_an_error(tmp_path, read):
    with pytest.raises(TemplateError, match=r"2022H1\.md:1: .*'## openign' is not asked for .*did you mean opening"):
        filled(tmp_path, read, "{{ narrative('opening') }}", "## openign\n\n文字\n")


def test_words_not_yet_written_say_so(tmp_path, read):
    assert "待撰写" in filled(tmp_path, read, "{{ narrative('opening') }}").markdown
    assert make_skeleton(tmp_path, load_words("zh")).startswith("## opening\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_texts_that_windows_editors_saved_are_read(tmp_path, read, encoding, end):
    usual = filled(tmp_path, read, "甲{{ fig('case_volume') }}件\n\n{{ narrative('opening') }}\n", "## opening\n\n乙\n")
    for path in tmp_path.glob("*.md"):
        path.write_bytes(path.read_text("utf-8").replace("\n", end).encode(encoding))
    assert fill_template(tmp_path, read).markdown == usual.markdown


def test_a_text_in_another_encoding_is_refused_in_words(tmp_path, read):
    (tmp_path / "template.md").write_bytes(b"\xff\xff\xff\xff")
    with pytest.raises(TemplateError, match=r"template\.md: is neither UTF-8 nor GBK; save it as UTF-8"):
        fill_template(tmp_path, read)


def test_a_ranking_keeps_equals_together(tmp_path, read):
    made = filled(tmp_path, read, "{{ fig('extended_service').by('org').listing(4) }}")
    assert text_of(parse_blocks(made, lambda kind, keys: None)).endswith("公安窗口1次、医保窗口1次")


def test_markdown_becomes_blocks(tmp_path, read):
    template = "## 一、甲\n\n**乙。** 丙\n丁\n\n### （一）戊\n\n1. 己\n2. 庚\n\n| 辛 | 壬 |\n|---|--:|\n| 癸 | 1 |\n"
    first, paragraph, second, items, table = parse_blocks(filled(tmp_path, read, template), lambda kind, keys: None)
    assert (first.anchor, second.anchor) == ("s1", "s1-1")
    assert isinstance(first, Heading) and isinstance(paragraph, Paragraph) and isinstance(table, Table)
    assert [(run.text, run.strong) for run in paragraph.runs] == [("乙。", True), ("丙", False), ("丁", False)]
    assert items.is_ordered and len(items.items) == 2
    assert table.header == ("辛", "壬") and table.alignments == ("left", "right")


@pytest.mark.parametrize("text", ["# 标题", "![](a.png)", "```\ncode\n```", "> 引文"])
def test_markdown_without_a_form_is_refused(tmp_path, read, text):
    with pytest.raises(DocumentError):
        parse_blocks(filled(tmp_path, read, text), lambda kind, keys: None)


def test_html_in_the_text_stays_text(tmp_path, read):
    (paragraph,) = parse_blocks(filled(tmp_path, read, "甲<script>乙"), lambda kind, keys: None)
    assert "".join(run.text for run in paragraph.runs) == "甲<script>乙"


def test_an_unknown_period_names_those_present(connection):
    with pytest.raises(figures.UnknownPeriod, match="no figures for period '2020H1'; periods with figures: 2022H1"):
        figures.load(connection, "2020H1")


def test_what_cases_leave_open_stands_with_the_quality_of_the_data(connection):
    for figure, dimension, member, count in (
        ("finish_unknown", "total", "total", 1088),
        ("finish_unknown", "source", "hall", 1088),
        ("finish_unknown", "source", "other", 0),
    ):
        connection.execute(
            "insert into marts.figures select * replace ($1 as figure, $2 as dimension, $3 as member, $4 as value, "
            "$4 as numerator) from marts.figures where figure = 'limit_unknown'",
            [figure, dimension, member, count],
        )
    read = figures.load(connection, "2022H1", "灵武市审批服务管理局")
    tables, _, quality, _ = build_annexes(read, provenance.load(connection, read.starts_on))
    assert "办件数据：时限不明0件；办结时间不明1088件（综合窗口系统1088件）。" in text_of(quality.blocks)
    marked = [run.figure_id for block in quality.blocks for run in getattr(block, "runs", ()) if run.figure_id]
    assert marked == [
        f"2022H1/{key}"
        for key in ("limit_unknown/total/total", "finish_unknown/total/total", "finish_unknown/source/hall")
    ]
    parts = next(block for block in tables.blocks if isinstance(block, Table) and block.caption.startswith("表4"))
    assert all(row[0][0].text != "办结时间不明" for row in parts.rows)


def test_what_a_person_accepted_and_what_a_county_changed_stand_with_the_quality_of_the_data(connection):
    read = figures.load(connection, "2022H1", "灵武市审批服务管理局")
    connection.execute("""
        create table quality.accepted (check_name varchar, finding varchar, reason varchar, accepted_by varchar);
        insert into quality.accepted values ('closed_periods_stand', '2022Q1办件量变动+6%', '补报', '审批局');
        create table reference.check_tunings (check_name varchar, change varchar, reason varchar);
        insert into reference.check_tunings values ('months_add_up', 'severity warning', '试运行')
    """)
    _, _, quality, _ = build_annexes(read, provenance.load(connection, read.starts_on))
    told = {
        block.caption.split()[-1]: ["".join(run.text for run in cell) for row in block.rows for cell in row]
        for block in quality.blocks
        if isinstance(block, Table)
    }
    assert told["经人确认的发现"] == ["closed_periods_stand", "2022Q1办件量变动+6%", "补报", "审批局"]
    assert told["本地调整的检查"] == ["months_add_up", "severity warning", "试运行"]


def test_townships_stand_in_the_offices_order_whatever_the_order_of_rows(connection):
    in_order = "select member from marts.dimension_members where dimension = 'town' order by list_order"
    towns = [name for (name,) in connection.execute(in_order).fetchall()]
    connection.execute("create or replace table marts.dimension_members as from marts.dimension_members order by label")
    assert figures.load(connection, "2022H1").members("town")[: len(towns)] == towns


def test_organisations_show_the_median_beside_the_mean(connection):
    for figure, days in (("avg_working_days", 4.75), ("median_working_days", 2)):
        connection.execute(
            "insert into marts.figures by name select '2022H1' as period, ? as figure, 'org' as dimension,"
            " '税务' as member, ? as value",
            [figure, days],
        )
    made = tables.tabulate_organisations(figures.load(connection, "2022H1"))
    place = made.header.index("平均用时（工作日）")
    assert made.header[place + 1] == "用时中位数（工作日）"
    shown = [cell[0].text for cell in next(row for row in made.rows if row[0][0].text == "税务")]
    assert shown[place : place + 2] == ["4.8", "2"]
