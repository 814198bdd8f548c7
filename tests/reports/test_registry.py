"""Tests the registry of figures: its schema, that no other module spells its names, that headings fit columns.

It takes the registry as it is, copies of it with a mistake, and every table of a bulletin and of its charts. It asserts
that an error names file, figure, field and the nearest name, that no module of reports spells a registered name, and
that each column's heading is the registry's for the figure whose numbers it shows.
"""

import ast
import shutil
from datetime import date
from pathlib import Path

import pytest

from reports.charts import all_charts
from reports.document import annexes, tables
from reports.document.model import Table
from reports.figures import load as figures
from reports.figures import provenance
from reports.figures.registry import FOLDER, RegistryError, load
from reports.words.catalogue import load_words
from tests.reports import stub_figures

ROOT = Path(__file__).parents[2]
# Words that are a registered name and an everyday word as well, or the name of something else.
_HOMONYMS = {
    "单位": "heads a column of units of measure",
    "指标": "heads a column of figures",
    "日": "a part of a date",
    "全部": "says that nothing is left out",
    "占比": "heads a share of which there is no figure",
}
_NAMES_OF_OTHER_THINGS = {
    ("dataset.extended_service", "延时服务"),  # a dataset
    ("dataset.cases", "办件"),  # a dataset
    ("dataset.case_pauses", "挂起"),  # a dataset
    ("worklist.item", "事项"),  # the item of a case
    ("worklist.total", "合计"),  # all lists
    ("status.sources", "数据来源"),  # a heading of the status
    ("reports/charts/evaluation_levels.py", "不满意"),  # the facts' own words for bad evaluations, which it colours
    ("reports/charts/evaluation_levels.py", "非常不满意"),
    ("places.any", "乡镇（街道）"),  # a noun in a sentence, beside 乡镇
}


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [
        ("accepted", "basis: 本期", "bassis: 本期", r"accepted\.yml: case_volume: bassis: .*did you mean basis\?"),
        ("finished", "style: wan", "style: wann", r"finished\.yml: case_finished: style: .*'wan'.*found 'wann'"),
        ("accepted", "            name: 办件量\n", "", r"accepted\.yml: case_volume: name: this field is missing"),
        ("items", "column: covered", "colunm: covered", r"items\.yml: item_coverage: numerator\.colunm: .*mean column"),
        ("accepted", "[total, venue,", "[total, venu,", r"case_volume: dimensions: .*'venu'; did you mean venue\?"),
        (
            "finished",
            "heading: 提前办结率",
            "heading: 按时办结率",
            r"early_rate: heading: '按时办结率' is that of on_time_rate",
        ),
        ("accepted", "style: wan", "style: [", r"accepted\.yml:\d+: .*mend the YAML"),
        ("finished", "order: 160", "order: 170", r": order: 170 is that of"),
        ("accepted", "measure: count", "measure: ratio", r"case_volume: denominator: a ratio has one"),
        ("dimensions", "name: 单位", "nmae: 单位", r"dimensions\.yml: org: nmae: .*did you mean name\?"),
    ],
)
def test_a_mistake_is_told_by_file_figure_field_and_nearest_name(tmp_path, name, right, wrong, message):
    folder = shutil.copytree(FOLDER, tmp_path / "figures")
    path = folder / f"{name}.yml"
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(RegistryError, match=message):
        load(folder)


def _registered_names() -> set[str]:
    registry = load()
    names = set()
    for figure in registry.figures.values():
        parts = (figure.numerator, figure.denominator)
        names |= {figure.name, figure.heading, *(part.heading for part in parts if part and part.heading)}
    for dimension in registry.dimensions.values():
        names |= {dimension.name, *dimension.labels.values()}
    return names - _HOMONYMS.keys()


def _literals(path: Path) -> set[str]:
    """The texts that the module spells, without docstrings; the parts of an f-string are wording around a name."""
    tree = ast.parse(path.read_text("utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    glue = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    return {
        node.value.removesuffix("（%）").strip()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (docstrings | glue)
    }


def test_no_module_spells_a_name_of_the_registry():
    names = _registered_names()
    assert len(names) > 60
    spelt = {
        (path.relative_to(ROOT).as_posix(), literal)
        for path in (ROOT / "reports").rglob("*.py")
        for literal in _literals(path) & names
    }
    texts = load_words("zh").texts.items()
    spelt |= {(key, text) for key, text in texts if text in names}
    assert spelt - _NAMES_OF_OTHER_THINGS == set(), "take these from Figures: definition, dimension_name or label"
    assert _NAMES_OF_OTHER_THINGS - spelt == set(), "take these out of the exceptions"


def test_no_template_spells_a_name_of_the_registry():
    names = {name for name in _registered_names() if len(name) > 2}
    paths = [path for path in (ROOT / "reports").rglob("*") if path.suffix in (".j2", ".typ")]
    assert len(paths) > 2
    assert [(path.name, name) for path in paths for name in names if name in path.read_text("utf-8")] == []


# How the heading of a column begins or ends that shows what a figure is compared with, or what a chart makes of it.
_BASES = {
    "year_ago_value": "上年",
    "previous_value": "上期",
    "published_value": "此前公布",
    "yoy": "同比",
    "mom": "环比",
}
# ... and of a column in a table whose rows are figures
_PARTS = {"value": "数值", "numerator": "分子", "denominator": "分母"} | _BASES
_MADE_OF_IT = {"cumulative": "累计", "share": "占比"}


def _is_headed(heading: str, figure: str, part: str) -> bool:
    """Whether the registry heads this part of the figure so; `（%）` and 本期 may be added."""
    if word := (_BASES | _MADE_OF_IT).get(part):
        return word in heading
    definition = stub_figures.definition(figure)
    titled = load_words("zh").titled(definition.name, definition.printed_unit)
    own = {definition.column_heading(part)} | ({titled, definition.name} if part == "value" else set())
    return heading.removesuffix("（%）").removeprefix("本期") in own


def _every_table(read: figures.Figures) -> list[Table]:
    made = [tables.tabulate_totals(read), tables.tabulate_towns(read), tables.tabulate_breakdowns(read)]
    made += [make(read) for key, make in tables.OPTIONAL.items() if not key.startswith("county_")]  # a province's
    made += [tables.rank_members(read, "org", 2)]
    assert all(table is not None and table.rows for table in made)
    return made


@pytest.fixture
def read(connection) -> figures.Figures:
    """The figures of 2022H1 with a row of every figure along every dimension that has a table."""
    registry = load()
    listed = {
        "total": ["total"],
        "town": ["东塔镇"],
        "org": ["税务窗口", "公安窗口"],
        "indicator": ["事项覆盖率"],
        "level": ["满意"],
    }
    connection.execute("delete from marts.figures")
    number = 0
    for figure, entry in registry.figures.items():
        for dimension in entry.dimensions:
            for member in listed.get(dimension, []):
                # each number comes once in the whole mart, so that a table can't show another's by chance
                number += 1
                connection.execute(
                    "insert into marts.figures values ('2022H1', ?, ?, ?, ?, true, ?, ?, ?, ?, ?, ?)",
                    [
                        figure,
                        dimension,
                        member,
                        date(2022, 6, 30),
                        number,
                        7 * number if entry.denominator else None,
                        number / 1000 if entry.denominator else number,
                        entry.unit,
                        number + 0.25,
                        number + 0.5,
                    ],
                )
    with_revisions = figures.load(connection, "2022H1", "灵武市审批服务管理局")
    object.__setattr__(with_revisions, "revisions", (("case_volume", "total", "total", 5, 1),))
    return with_revisions


def test_each_column_of_a_table_is_headed_by_the_figure_it_shows(read):
    checked = set()
    for table in _every_table(read):
        for row in table.rows:
            named = row[0][0].text
            for heading, cell in zip(table.header, row, strict=True):
                for run in cell:
                    if run.figure_id is None:
                        continue
                    _, figure, dimension, member = run.figure_id.split("/")
                    if named == stub_figures.definition(figure).name:
                        expected = {_PARTS[run.part]} | ({"现为"} if table.caption == "修订的指标" else set())
                        assert heading in expected, (table.caption, heading, run)
                    else:
                        assert _is_headed(heading, figure, run.part), (table.caption, heading, figure)
                    if run.part in ("value", "numerator", "denominator"):
                        assert run.value == getattr(read.get(figure, dimension, member), run.part), run
                    checked.add((table.caption, heading))
    assert len(checked) > 25


def test_each_row_named_after_a_figure_shows_that_figure(read):
    names = {definition.name for definition in read.definitions.values()}
    for table in _every_table(read):
        for row in table.rows:
            shown = [run.figure_id.split("/") for cell in row for run in cell if run.figure_id]
            for _, figure, dimension, member in shown:
                # a member may be called like a figure: 事项覆盖率 is also an indicator of the region's
                if row[0][0].text in names - {read.label(dimension, member)}:
                    assert stub_figures.definition(figure).name == row[0][0].text, table.caption


def test_each_column_of_a_chart_is_headed_by_the_figure_it_shows():
    checked = set()
    for chart in all_charts.draw(stub_figures.figures(), 640, all_charts.KEYS):
        for marks in chart.marks:
            for heading, mark in ((h, mark) for h, mark in zip(chart.table.columns, marks, strict=True) if mark):
                period, figure, dimension, member = mark.figure_id.split("/")
                if chart.key.endswith("_history"):  # its columns are periods
                    assert heading == load_words("zh").period_name(period)
                elif dimension == "day":  # a calendar: columns are weekdays
                    assert heading == f"周{'一二三四五六日'[date.fromisoformat(member).weekday()]}"
                elif chart.key == "composition":  # its rows are figures of several names
                    assert ("（件）" in heading) == (mark.part == "numerator")
                else:
                    assert _is_headed(heading, figure, mark.part), (chart.key, heading, figure, mark.part)
                checked.add((chart.key, heading))
    assert len(checked) > 25


def test_annex_tables_are_those_tested(read, connection):
    """A table that an annex adds is tested above too, or holds no figure."""
    tested = {table.caption for table in _every_table(read)}
    for annex in annexes.build_annexes(read, provenance.load(connection, read.starts_on)):
        for block in annex.blocks:
            # an annex numbers its tables: 表1 总体指标
            if isinstance(block, Table) and block.caption.partition(" ")[2] not in tested:
                assert not any(run.figure_id for row in block.rows for cell in row for run in cell), block.caption
