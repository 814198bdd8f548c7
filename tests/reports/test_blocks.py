"""Tests the optional blocks against the facts: days, items, idle windows, organisations, revisions, the index.

It asserts what each block shows and when it is left out. The looks of charts and the wording of numbers are tested
elsewhere.
"""

import json
import shutil
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner

from reports.charts import all_charts as charts
from reports.document import bulletin, tables
from reports.figures import detail
from reports.formats.html import index
from reports.text.narrative import TemplateError, create_narrative
from reports.words.catalogue import load_words

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"


@pytest.fixture
def facts(connection):
    """What only optional blocks print, made small: five cases on two days in three items, and two idle windows."""
    connection.execute(
        """
        insert into marts.figure_parts values
            ('2022H1', 'case_volume', 'day', '2022-06-30', 4), ('2022H1', 'case_volume', 'day', '2022-01-01', 1),
            ('2022H1', 'case_volume', 'item', '乙事项', 1), ('2022H1', 'case_volume', 'item', '甲事项', 3),
            ('2022H1', 'case_volume', 'item', '丙事项', 1), ('2022H1', 'case_volume', 'window', '水务窗口', 0),
            ('2022H1', 'case_volume', 'window', '公安窗口', 0), ('2022H1', 'county_rank', 'county', '东县', 5),
            ('2022H1', 'county_rank', 'county', '西县', 4), ('2022H1', 'county_rank', 'county', '南县', 5),
            ('2021H2', 'case_volume', 'day', '2021-12-31', 1), ('2021H2', 'case_volume', 'item', '乙事项', 1);
        create table marts.dim_date (date_on date, is_working_day boolean);
        insert into marts.dim_date values ('2022-01-01', false), ('2022-06-30', true);
        update marts.figures set value = 5 where figure = 'case_volume' and dimension = 'total';
        insert into marts.figures (period, figure, dimension, member, value) values
            ('2022H1', 'case_volume', 'org', '税务窗口', 4), ('2022H1', 'case_volume', 'org', '公安窗口', 0),
            ('2022H1', 'case_volume', 'org', '东塔镇民生服务中心', 1),
            ('2022H1', 'early_rate', 'org', '税务窗口', 0.5), ('2022H1', 'case_finished', 'org', '税务窗口', 4);
        """
    )
    return connection


def loaded(connection, *blocks):
    from reports.figures import load as figures

    return detail.add_details(figures.load(connection, "2022H1"), connection, blocks)


def cells(table):
    return [["".join(run.text for run in cell) for cell in row] for row in table.rows]


def test_days_and_items_are_those_of_the_period(facts):
    read = loaded(facts, "calendar", "rankings", "county")
    assert [(row.member, row.value) for row in read.by("case_volume", "day")] == [("2022-01-01", 1), ("2022-06-30", 4)]
    assert [(row.member, row.value) for row in read.by("case_volume", "item")] == [
        ("甲事项", 3),
        ("丙事项", 1),
        ("乙事项", 1),
    ]
    assert read.free_days == {"2022-01-01"} and read.county_count == 3
    assert loaded(facts).by("case_volume", "day") == []


def test_a_windows_idleness_is_told_from_its_absence(facts):
    assert loaded(facts, "rankings").idle_windows == ("公安窗口", "水务窗口")


def test_no_window_is_idle_where_no_export_has_cases(facts):
    facts.execute("insert into marts.figures_absent values ('2022H1', 'case_volume', 'total', null, '没有办件', '')")
    assert loaded(facts, "rankings").idle_windows == ()


def test_an_item_without_a_name_is_ranked_nowhere(facts):
    facts.execute("insert into marts.figure_parts values ('2022H1', 'case_volume', 'item', '未注明', 9)")
    made = tables.rank_members(loaded(facts, "rankings"), "item", 10)
    assert [row[1] for row in cells(made)] == ["甲事项"]


def test_rankings_show_both_ends_and_never_a_member_twice(facts):
    made = tables.rank_members(loaded(facts, "rankings"), "item", 10)
    assert cells(made) == [["1", "甲事项", "3", "乙事项", "1"]]
    assert "未全部列出" in made.note  # 丙事项 has as few
    assert tables.rank_members(loaded(facts), "item", 10) is None


def test_organisations_end_with_the_jurisdictions_total(facts):
    made = tables.tabulate_organisations(loaded(facts))
    assert made.header[:3] == ("单位", "受理（件）", "办结（件）")
    shown = [row[:3] for row in cells(made)]
    assert shown[:3] == [["税务窗口", "4", "4"], ["东塔镇民生服务中心", "1", "/"], ["公安窗口", "0", "/"]]
    assert shown[-1] == ["合计", "5", "/"]


def test_revisions_show_what_was_published_first_and_what_stands_now(facts):
    assert loaded(facts, "revisions").revisions == ()
    facts.execute(
        """
        create table marts.revisions (period varchar, figure varchar, dimension varchar, member varchar,
            old_value double, new_value double, run_id varchar);
        insert into marts.revisions values ('2022H1', 'case_volume', 'total', 'total', null, 3, 'b7'),
            ('2022H1', 'case_volume', 'total', 'total', 3, 4, 'c2'),
            ('2022H1', 'case_volume', 'total', 'total', 4, 5, 'a9'),
            ('2021H2', 'case_volume', 'total', 'total', 8, 9, 'a9');
        """
    )
    assert cells(tables.tabulate_revisions(loaded(facts, "revisions"))) == [["办件量", "合计", "/", "5", "件"]]
    facts.execute("update marts.revisions set old_value = 6 where run_id = 'b7'")
    assert cells(tables.tabulate_revisions(loaded(facts, "revisions"))) == [["办件量", "合计", "6", "5", "件"]]
    assert "## 数字修订" in bulletin.fill_text(loaded(facts, "revisions"), LINGWU, charts.KEYS).markdown


def test_what_was_revised_there_and_back_or_beyond_what_is_printed_is_no_revision(facts):
    facts.execute(
        """
        create table marts.revisions (period varchar, figure varchar, dimension varchar, member varchar,
            old_value double, new_value double, run_id varchar);
        insert into marts.revisions values ('2022H1', 'case_volume', 'total', 'total', 5, 4, 'r2'),
            ('2022H1', 'case_volume', 'total', 'total', 4, 5, 'r1'),
            ('2022H1', 'on_time_rate', 'total', 'total', 0.98760001, 0.98760002, 'r1');
        """
    )
    read = loaded(facts, "revisions")
    assert tables.tabulate_revisions(read) is None
    assert "数字修订" not in bulletin.fill_text(read, LINGWU, charts.KEYS).markdown


def test_a_block_nobody_knows_is_named(tmp_path):
    shutil.copy(LINGWU / "jurisdiction.yaml", tmp_path)
    path = tmp_path / "jurisdiction.yaml"
    path.write_text(path.read_text("utf-8").replace("county, evaluation", "countty, evaluation"), "utf-8")
    with pytest.raises(TemplateError, match="no block named 'countty'; did you mean county"):
        bulletin.read_settings(tmp_path)
    path.write_text("name: 甲\nbureau: [", "utf-8")
    with pytest.raises(TemplateError, match=r"jurisdiction.yaml:2: .*mend the YAML"):
        bulletin.read_settings(tmp_path)
    path.write_text("name: 甲\n", "utf-8")
    with pytest.raises(TemplateError, match="lacks 'bureau'"):
        bulletin.read_settings(tmp_path)


def test_words_once_begun_are_never_written_to(tmp_path):
    (tmp_path / "template.md").write_text("{{ narrative('opening') }}", "utf-8")
    path = create_narrative(tmp_path, "2022Q1", load_words("zh"))
    assert path.read_text("utf-8").startswith("## opening\n")
    path.write_text("## opening\n\n写好了\n", "utf-8")
    assert create_narrative(tmp_path, "2022Q1", load_words("zh")) is None
    assert "写好了" in path.read_text("utf-8")


def version(folder: Path, **record) -> None:
    folder.mkdir(parents=True)
    (folder / "bulletin.html").write_text("x", "utf-8")
    usual = {
        "jurisdiction": "灵武市",
        "name": "2022年上半年",
        "kind": "half",
        "starts_on": "2022-01-01",
        "as_of_on": "2022-06-30",
        "is_complete": True,
        "is_synthetic": False,
        "headline": {"办件量": "34.9万件"},
    }
    (folder / "provenance.json").write_text(json.dumps(usual | record), "utf-8")


def test_the_index_lists_drafts_and_released_versions_newest_first(tmp_path):
    home, tmp_path = tmp_path, tmp_path / "bulletins"
    version(tmp_path / "2022H1")
    for number, revised in ((1, 0), (2, 3), (10, 0)):
        released = home / "releases" / "2022H1" / f"v{number}"
        version(released)
        about = {"revises": f"v{number - 1}", "revised_figures": revised}
        (released / "release.json").write_text(json.dumps(about), "utf-8")
    version(tmp_path / "2021H2", name="2021年下半年", starts_on="2021-07-01", as_of_on="2021-12-31", is_synthetic=True)
    version(tmp_path / "2022-07", name="2022年7月", kind="month", starts_on="2022-07-01", is_complete=False)
    version(tmp_path / "2021", name="2021年", kind="year", is_complete=False, data_from="2021-07-01")
    (tmp_path / "2020H1").mkdir()
    (tmp_path / "2020H1" / "provenance.json").write_text("{", "utf-8")
    made = index.write(tmp_path).read_text("utf-8")
    newest, _, listed = made.partition("</section>")
    places = [
        listed.index(each)
        for each in (
            "<h2>半年</h2>",
            '<tr role="row" id="p2022H1"><th role="rowheader" scope="row"><a href="2022H1/bulletin.html"',
            'href="../releases/2022H1/v10/bulletin.html"',
            'href="../releases/2022H1/v2/bulletin.html"',
            'href="../releases/2022H1/v1/bulletin.html"',
            'href="2021H2/bulletin.html"',
            "<h2>月度</h2>",
            'href="2022-07/bulletin.html"',
        )
    ]
    assert places == sorted(places)
    # the newest complete half-year stands first, in its last release
    assert '<h2><a href="../releases/2022H1/v10/bulletin.html">2022年上半年</a></h2>' in newest
    assert '<dd class="value">34.9万件</dd>' in newest
    assert [f'id="p{period}"' in listed for period in ("2022H1", "2021H2", "2022-07", "2021")] == [True] * 4
    assert listed.count(' id="p') == 4
    assert (
        made.count('<th role="rowheader" scope="row">') == 7
        and "已发布（v1）" in made
        and "草稿，样例（合成数据）" in made
    )
    assert made.count("较v1修订3项") == 2 and made.count(">HTML&nbsp;1\u00a0KB</a>") == 7  # said beside each file too
    assert made.count("（未满期）") == 1 and made.count("（数据自2021年7月1日起）") == 1
    assert "34.9万件" in made
    assert index.page(tmp_path) == made


def test_an_index_over_nothing_says_so(tmp_path):
    assert "还没有通报" in index.page(tmp_path)


def test_preview_says_plainly_what_to_mend(tmp_path, connection, monkeypatch):
    from dagster_project.cli.bulletin import preview as cli_preview

    warehouse, home, mine = tmp_path / "home" / "warehouse.duckdb", tmp_path / "home", tmp_path / "lingwu"
    home.mkdir()
    shutil.copytree(LINGWU, mine)
    settings = (mine / "jurisdiction.yaml").read_text("utf-8")
    settings = settings.replace("[daily_average, county, evaluation_levels, revisions]", "[]")
    (mine / "jurisdiction.yaml").write_text(settings, "utf-8")
    connection.execute(f"attach '{warehouse}' as copied; copy from database memory to copied; detach copied")
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(mine))
    run = CliRunner().invoke
    assert run(cli_preview.preview, ["2022H1", "--once"]).exit_code == 0
    page = home / "previews" / "2022H1" / "bulletin.html"
    good = page.read_text("utf-8")
    words = mine / "bulletin" / "2022H1.md"
    words.write_text(words.read_text("utf-8") + "{{ fig('overdue') }}\n", "utf-8")
    state = json.loads((page.parent / "state.json").read_text("utf-8"))
    assert state["mistake"] == "" and state["typed"] == []
    assert len(state["pages"]) == len(pypdf.PdfReader(page.parent / "bulletin.pdf").pages)
    assert all((page.parent / name).read_bytes().startswith(b"\x89PNG") for name in state["pages"])
    failed = run(cli_preview.preview, ["2022H1", "--once"])
    assert failed.exit_code == 1
    told = json.loads((page.parent / "state.json").read_text("utf-8"))
    assert "2022H1.md:" in told["mistake"] and "overdue" in told["mistake"] and told["version"] == state["version"]
    assert page.read_text("utf-8") == good  # the last good page stays
    assert run(cli_preview.preview, ["2020H1", "--once"]).exit_code == 1
    assert not (mine / "bulletin" / "2020H1.md").exists()
