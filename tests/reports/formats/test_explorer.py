"""Tests what the explorer's page carries: each published figure and nothing else, in the same bytes, within its limit.

What it shows to a reader is tested in test_browser_explorer.py.
"""

import json

import pytest

from reports.formats.html import explorer, explorer_parts, index
from reports.proof.verify_lists import verify_explorer
from tests.reports.conftest import LINGWU
from tests.reports.formats.explored import HOSTILE, explored, published, read_page


@pytest.fixture(scope="module")
def connection():
    with explored() as made:
        yield made


@pytest.fixture(scope="module")
def page(connection) -> str:
    return explorer.page(connection, LINGWU)


def test_the_page_holds_every_published_figure_row_for_row(connection, page):
    names, rows = read_page(page)
    assert rows == published(connection) and len(rows) > 140
    held = {period for period, *_ in rows}
    as_of = dict(connection.execute("select period, as_of_on::varchar from marts.dim_periods").fetchall())
    assert {period["key"]: period["as_of"] for period in names["periods"]} == {p: as_of[p] for p in held}
    units = dict(connection.execute("select figure, unit from marts.figure_definitions").fetchall())
    for figure, about in names["figures"].items():
        assert about["unit"] == ("" if about["is_fraction"] else units[figure] or ""), figure


def test_figures_have_the_names_and_the_basis_of_the_registry(connection, page):
    names, _ = read_page(page)
    registered = connection.execute("select figure, name, basis from marts.figure_definitions").fetchall()
    assert {(key, each["name"], each["basis"]) for key, each in names["figures"].items()} <= {*registered}
    towns = connection.execute(
        "select member from marts.dimension_members where dimension = 'town' order by list_order"
    )
    assert [[member, member] for (member,) in towns.fetchall()] == names["members"]["town"]


def test_the_same_figures_give_the_same_bytes_in_whatever_order_they_lie(page):
    with explored("hash(member), value") as shuffled:
        assert explorer.page(shuffled, LINGWU) == page


def test_a_name_can_t_end_the_element_it_stands_in(page):
    names, _ = read_page(page)
    assert [HOSTILE, HOSTILE] in names["members"]["org"]
    assert "<img src=x" not in page and page.count("</script>") == 6


def test_the_policy_names_each_script_and_allows_no_other(page):
    policy = page.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    assert policy.startswith("default-src &#39;none&#39;;") and policy.count("sha256-") == 4
    assert "unsafe" not in policy and "http" not in policy


def test_charts_and_program_are_those_that_the_libraries_make_now():
    """`python -m reports.formats.html.explorer_parts` makes them again."""
    charts = json.loads(explorer_parts.CHARTS.read_text("utf-8"))
    assert charts == json.loads(json.dumps(explorer_parts.draw_charts()))
    assert explorer_parts.PROGRAM.read_text("utf-8") == explorer_parts.bundle_program()


def test_a_county_of_many_towns_and_units_has_a_page_within_the_limit():
    """104 towns with 11 figures and 80 units with 7 in 32 periods: 54,000 rows."""
    with explored() as large:
        for dimension, members, figures in (("town", 104, 11), ("org", 80, 7)):
            large.execute(f"""
                insert into marts.figures
                select strftime('2020-01-01'::date + to_months(p::int), '%Y-%m'), figure, '{dimension}', '某某' || n,
                    '2022-06-30', true, top, below, top / coalesce(below, 1) as value, '件',
                    lag(value) over course as previous_value, lag(value, 12) over course as year_ago_value
                from (
                    select p, n, figure, (hash(n, p, list_order) % 900)::double as top,
                        case when list_order % 2 = 0 then (hash(n, p) % 990 + 900)::double end as below
                    from range(32) as periods (p), range({members}) as members (n),
                        (from marts.figure_definitions order by list_order limit {figures}) as figures
                )
                window course as (partition by n, figure order by p)
            """)
        large.execute(
            "insert into marts.dim_periods select strftime(day, '%Y-%m'), 'month', '', day, day, day, null, true, null,"
            " null from (select '2020-01-01'::date + to_months(p::int) as day from range(25) as periods (p))"
        )
        assert large.execute("select count(*) from marts.figures").fetchone()[0] > 54_000
        assert len(explorer.page(large, LINGWU).encode()) <= explorer.USUAL_LIMIT


def test_an_altered_or_missing_page_is_found(connection, page, tmp_path):
    path = explorer.write(connection, LINGWU, tmp_path)
    assert path == tmp_path / "explore.html" and path.read_text("utf-8") == page
    assert verify_explorer(connection, LINGWU, tmp_path) == []
    for old, new in (("办件量", "收件量"), ('id="rows">H', 'id="rows">I'), ("const figure = ()", "const figure = () ")):
        assert old in page
        path.write_text(page.replace(old, new, 1), "utf-8")
        assert verify_explorer(connection, LINGWU, tmp_path), old
    path.unlink()
    assert [finding.printed for finding in verify_explorer(connection, LINGWU, tmp_path)] == ["missing"]


def test_the_index_leads_to_the_explorer_that_lies_beside_it_or_comes_with_it(connection, tmp_path):
    folder, staged = tmp_path / "bulletins", tmp_path / "staged"
    folder.mkdir()
    staged.mkdir()
    assert "explore.html" not in index.page(folder, staged)
    explorer.write(connection, LINGWU, staged)
    assert '<a href="explore.html">' in index.page(folder, staged)
    assert "explore.html" not in index.page(folder)


def test_a_page_above_the_limit_is_written_whole_with_a_warning(connection, page, tmp_path, monkeypatch, caplog):
    explorer.write(connection, LINGWU, tmp_path)
    assert not caplog.messages
    monkeypatch.setattr(explorer, "USUAL_LIMIT", 100_000)
    assert explorer.write(connection, LINGWU, tmp_path).read_text("utf-8") == page
    assert caplog.messages == [f"explore.html has {len(page.encode()) // 1000} KB, more than the usual 100 KB"]


def test_without_figures_there_is_no_page(tmp_path):
    with explored() as empty:
        empty.execute("delete from marts.figures")
        assert explorer.write(empty, LINGWU, tmp_path) is None
        assert verify_explorer(empty, LINGWU, tmp_path) == []
    assert not [*tmp_path.iterdir()]
