"""Tests in a real browser what readers do with the explorer: choose, click, read numbers, save, by mouse and keyboard.

Skipped where no chromium is installed. What the page carries is tested in test_explorer.py.
"""

import csv
import io

import pytest

from reports.figures.load import load
from reports.formats.html import explorer
from reports.formats.html.index import EXPLORER
from tests.reports.conftest import LINGWU, TOWNS
from tests.reports.formats.browser import VIEWS, after, table, violations
from tests.reports.formats.explored import HOSTILE, explored, published

TOWN_VOLUME = "#figure=case_volume&dimension=town&kind=month&period=2022-05"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with explored() as connection:
        folder = tmp_path_factory.mktemp("explorer")
        explorer.write(connection, LINGWU, folder)
        yield folder, connection


@pytest.fixture
def explore(visit, home):
    """Opens the explorer in a view, at an address, and waits until its charts are drawn."""

    def open_page(view: str = "light", address: str = TOWN_VOLUME):
        page = visit(view, (home[0] / EXPLORER).as_uri() + address)
        if view == "phone":
            page.set_viewport_size({"width": 360, "height": 740})
            page.reload()  # so that the charts are drawn in this width, and not drawn again at some moment
        page.wait_for_selector("body[data-shown]")
        return page

    return open_page


def test_a_choice_shows_its_chart_and_its_table(explore):
    page = explore()
    assert table(page, "course")[:3] == [
        ["时期", "东塔镇", "郝家桥镇", "崇兴镇"],
        ["2022年7月（7月1日至7月28日）", "56400", "49800", "46800"],
        ["2022年5月", "47000", "41500", "39000"],
    ]
    assert [row[:2] for row in table(page, "ranking")[:3]] == [
        ["名称", "办件量（件）"],
        ["东塔镇", "47000"],
        ["郝家桥镇", "41500"],
    ]
    assert page.locator("#ranking .mark-rect path").count() == len(TOWNS)
    after(page, lambda: page.get_by_label("指标", exact=True).select_option(label="超期占比"))
    after(page, lambda: page.get_by_label("时期", exact=True).select_option(label="2022年3月"))
    assert page.locator("#ranking h2").inner_text() == "2022年3月超期占比，按乡镇（街道）"
    # 125 overdue of 3,120 on the platform, three times as many in March: 0.12019…
    assert ["郝家桥镇", "12.02%", "375", "3120"] in [row[:4] for row in table(page, "ranking")]
    after(page, lambda: page.get_by_label("分项", exact=True).select_option(label="全部"))
    assert page.locator("#course .mark-symbol path").count() == 4 and not page.locator("#ranking").is_visible()
    page.wait_for_url("**period=2022-03*")
    assert page.complaints == []


def test_an_answer_waits_for_no_work_that_the_reader_does_not_see(explore):
    """Neither for a table outside the window nor for the address: with 104 towns both took a third of the time."""
    page = explore()
    page.set_viewport_size({"width": 1100, "height": 150})  # browsers draw what lies a few windows below beforehand
    cell = page.locator("#ranking tbody th").first
    becomes = """(cell, drawn) => new Promise(done => { let frames = 0; const look = () =>
        cell.checkVisibility({ contentVisibilityAuto: true }) === drawn ? done(true)
        : frames++ > 600 ? done(false) : requestAnimationFrame(look); look() })"""
    assert cell.evaluate(becomes, False)
    cell.scroll_into_view_if_needed()
    assert cell.evaluate(becomes, True)
    assert "2022-05" in page.evaluate("""() => new Promise(done => { choose({ period: "2022-03" });
        new MutationObserver(() => done(location.hash)).observe(document.body, { attributes: true }) })""")


def test_each_number_is_printed_as_the_bulletins_print_it(explore, home):
    """Every value of every row, by the words of reports/words, which are tested by themselves."""
    connection = home[1]
    figures = load(connection, "2022H1")
    shown = explore().evaluate("""() => [...figures].flatMap(([figure, dimensions]) =>
        [...dimensions].flatMap(([dimension, members]) => [...members].flatMap(([member, rows]) =>
            [...rows].map(([period, row]) =>
                [period, figure, dimension, member, printed(row, "value", names.figures[figure])]))))""")
    expected = []
    for period, figure, dimension, member, *_, value, _, _ in published(connection):
        about = figures.definition(figure)
        style = "exact" if about.style == "wan" else about.style
        text = figures.words.printed(value, style, about.decimals)
        expected.append([period, figure, dimension, member, text])
    assert sorted(shown) == sorted(expected)


def test_numbers_are_rounded_by_their_decimal_digits_and_grouped_as_the_language_does(explore, home):
    words, page = load(home[1], "2022H1").words, explore()
    for style, decimals, values in (
        ("rate", 1, (0.00004, 0.9999, 1.0)),
        ("share", 2, (0.00125, 0.285, 0)),
        ("wan", 0, (0.3, 0, 1234567.5)),
        ("days", 1, (2.25, 1234.05)),
    ):
        for value in values:
            expected = words.printed(value, "exact" if style == "wan" else style, decimals)
            row = {"value": value, "style": style, "decimals": decimals}
            assert page.evaluate("row => printed(row, 'value', row)", row) == expected
    grouped = "row => { texts['numbers.thousands'] = ','; return printed(row, 'value', row) }"
    assert page.evaluate(grouped, {"value": 1234567.5, "style": "wan", "decimals": 0}) == "1,234,568"


def test_a_missing_month_is_a_gap_and_a_running_one_a_hollow_point_apart(explore):
    page = explore(address=f"{TOWN_VOLUME}&member=崇兴镇")
    assert [row[1] for row in table(page, "course")] == ["崇兴镇", "46800", "39000", "—", "23400"]
    notes = page.locator("#course .notes").inner_text()
    assert "“—”表示无此数据，图中为空缺，不是0：崇兴镇（2022年4月），原因：没有文件。" in notes
    assert "空心的为不满期的时段，不与整期相连：2022年7月（7月1日至7月28日）。" in notes
    assert page.locator("#course .mark-symbol path").count() == 3  # March, May, July
    hollow = page.locator('#course .mark-symbol path[fill="#FFFFFF"]')
    assert hollow.count() == 1
    lines = "#course .mark-line path"
    assert page.locator(lines).get_attribute("d").count("M") == 2 and "L" not in page.locator(lines).get_attribute("d")
    whole = explore(address=f"{TOWN_VOLUME}&member=东塔镇").locator(lines).get_attribute("d")
    assert whole.count("M") == 1 and whole.count("L") == 2  # March to April to May, and not on to July
    page = explore(address="#figure=satisfaction&dimension=total&kind=month")
    assert [row[1] for row in table(page, "course")][2] == "/"
    assert "“/”表示该期没有可计算的内容。" in page.locator("#course .notes").inner_text()


def test_a_click_on_a_point_chooses_its_period_and_one_on_a_bar_its_member(explore):
    page = explore()
    box = page.locator("#course .mark-symbol path").first.bounding_box()
    after(page, lambda: page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    assert page.get_by_label("时期", exact=True).input_value() == "2022-03"
    assert page.locator("#ranking h2").inner_text().startswith("2022年3月")
    last = page.locator("#ranking .mark-rect path").last
    name = table(page, "ranking")[-1][0]
    after(page, last.click)
    assert name in table(page, "course")[0] and page.get_by_label(name).is_checked()
    after(page, page.locator("#ranking .mark-rect path").last.click)
    assert name not in table(page, "course")[0]
    page.locator("#ranking .mark-rect path").first.hover()
    assert page.locator("#told").inner_text() == "东塔镇，2022年3月：28200件"
    assert page.complaints == []


def test_six_lines_are_drawn_at_most_and_one_stays(explore):
    page = explore(address=TOWN_VOLUME + "".join(f"&member={town}" for town in TOWNS))
    assert page.locator("#members :checked").count() == 6 and page.locator("#members :disabled").count() == 2
    assert page.locator("#course .mark-line path").count() == 6
    colours = page.locator("#course .legend path").evaluate_all(
        "paths => paths.map(p => [p.getAttribute('fill'), p.getAttribute('d')])"
    )
    assert len({colour for colour, _ in colours}) == len({shape for _, shape in colours}) == 6
    page = explore(address=f"{TOWN_VOLUME}&member=街道办")
    assert page.locator("#members :checked:disabled").count() == 1


@pytest.mark.parametrize(("section", "name"), [("course", "办件量-月度"), ("ranking", "办件量-2022年4月")])
def test_the_file_holds_what_the_chart_shows_unrounded_and_says_what_is_missing(explore, section, name):
    page = explore(address=TOWN_VOLUME.replace("2022-05", "2022-04") + "&member=东塔镇&member=崇兴镇")
    with page.expect_download() as download:
        page.locator(f"#{section} .tools button").click()
    assert download.value.suggested_filename == f"样例（合成数据）-{name}.csv"
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n")
    rows = [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    volume = {town: amount for town, (amount, _, _) in TOWNS.items()}
    if section == "course":
        assert len(rows) == 8
    else:
        assert {row["名称"]: row["数值"] for row in rows} == {
            town: "" if town == "崇兴镇" else str(amount * 4) for town, amount in volume.items()
        }
    (missing,) = [row for row in rows if not row["数值"]]
    assert (missing["名称"], missing["时期"], missing["说明"]) == ("崇兴镇", "2022年4月", "无此数据 没有文件")
    after(page, lambda: page.get_by_label("指标", exact=True).select_option(label="超期占比"))
    with page.expect_download() as download:
        page.locator(f"#{section} .tools button").click()
    rates = [*csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig")))]
    assert {row["单位"] for row in rates} == {"1"} and str(28 * 4 / 3540) in {row["数值"] for row in rates}
    assert {row["来源"] for row in rows} == {"样例（合成数据）"} and {row["单位"] for row in rows} == {"件"}


def test_a_name_from_an_export_runs_nothing_in_page_or_spreadsheet(explore):
    page = explore(address="#figure=extended_service&dimension=org&period=2022H1")  # its kind is that of the period
    assert any(HOSTILE in row for row in table(page, "ranking"))
    with page.expect_download() as download:
        page.locator("#ranking .tools button").click()
    names = [row["名称"] for row in csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig")))]
    assert f"'{HOSTILE}" in names and HOSTILE not in names
    assert page.complaints == [] and page.locator("img").count() == 0


def test_all_can_be_done_by_keyboard(explore):
    page = explore()
    seen = []
    while not seen or (seen[-1] != "BUTTON" and len(seen) < 40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if seen[-1] == "figure":
            after(page, lambda: page.keyboard.press("ArrowDown"))
            assert page.evaluate("document.activeElement.id") == "figure"
        elif seen[-1] == "INPUT" and seen.count("INPUT") == 1:
            boxes = page.locator("#members :checked").count()
            after(page, lambda: page.keyboard.press("Space"))
            assert page.locator("#members :checked").count() == boxes - 1
            assert page.evaluate("document.activeElement.tagName") == "INPUT"
    choices = ("figure", "dimension", "kind", "period")
    assert [key for key in seen if key in choices] == [*choices]
    with page.expect_download():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_and_nothing_is_asked_of_the_network(explore, view):
    page = explore(view)
    assert violations(page) == []
    after(page, lambda: page.get_by_label("指标", exact=True).select_option(label="超期占比"))
    assert violations(page) == []
    page.evaluate("document.fonts.ready")
    outside = [url for url in page.requests if not url.startswith(("data:font/woff2", "blob:"))]
    assert [url.partition("#")[0].rpartition("/")[2] for url in outside] == [EXPLORER] * (2 if view == "phone" else 1)
    assert page.complaints == []


def test_a_phone_of_360_px_shows_all_within_its_width_and_large_enough_to_touch(explore):
    page = explore("phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    targets = "select, fieldset label, .tools button, .files a"
    heights = page.locator(targets).evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) > 12 and min(heights) >= 24
    page.locator("#ranking .mark-rect path").last.tap()
    page.wait_for_selector('body[data-shown="2"]')
    assert page.locator("#members :checked").count() == 4


def test_a_browser_without_scripts_says_where_the_numbers_are(browser, home):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((home[0] / EXPLORER).as_uri())
    assert "figures.csv" in page.locator("noscript").inner_text()
    context.close()
