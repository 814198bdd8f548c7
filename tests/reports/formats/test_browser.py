"""Tests the page in a real browser: accessibility, keyboard, network, policy, print.

Skipped where no chromium is installed. What the page says is tested in test_html.py; the contrast of words in charts,
which axe can't see, is tested with the charts; what readers do with the page, in test_browser_readers.py.
"""

import re
import subprocess

import pytest

from dagster_project.gate.verdict_page import write_pages
from tests.gate.verdicts import COUNTY, blocked, clean, history, warned
from tests.reports.formats.browser import CHROMIUM, VIEWS, violations


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """The pages of a clean run, one with warnings, and a blocked one, with the list of runs."""
    home = tmp_path_factory.mktemp("verdicts")
    (home / "quality").mkdir()
    for run in (clean(40), warned(41), blocked(42)):
        write_pages(home, run, history(40), COUNTY)
    return home / "quality"


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_with_all_open_and_all_shut(visit, view):
    page = visit(view)
    assert violations(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert violations(page) == []
    page.locator("main li button").first.click()
    assert page.locator(":popover-open").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["run-40", "run-41", "run-42", "index"])
def test_axe_finds_nothing_on_the_page_of_a_verdict(visit, verdicts, view, name):
    page = visit(view, (verdicts / f"{name}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert violations(page) == []
    assert page.complaints == [] and len(page.requests) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]


def test_a_verdict_in_print_shows_the_checks_that_passed(visit, verdicts):
    page = visit("light", (verdicts / "run-42.html").as_uri())
    page.emulate_media(media="print")
    assert violations(page) == []
    assert page.get_by_text("办件的办件标识不重复").is_visible()


def test_axe_finds_nothing_in_print_and_print_shows_all_but_the_tools(visit):
    page = visit("light")
    page.emulate_media(media="print")
    assert violations(page) == []
    assert page.locator("#a1 table").first.is_visible()
    assert not page.locator("nav").is_visible() and not page.locator("figcaption").first.is_visible()


def test_nothing_is_asked_of_the_network_and_the_policy_stops_nothing(visit, address):
    page = visit("light")
    page.evaluate("document.fonts.ready")
    assert [url for url in page.requests if url != address and not url.startswith("data:font/woff2")] == []
    assert page.complaints == []
    assert page.evaluate("[...document.fonts].filter(font => font.status == 'loaded').length") == 2


def test_a_number_in_a_paragraph_begins_without_the_indent_of_its_first_line(visit):
    page = visit("light")
    indented = """[...document.querySelectorAll('main > p .whole')].filter(whole => {
        const { display, textIndent } = getComputedStyle(whole)
        return display != 'inline' && parseFloat(textIndent) }).length"""
    assert page.locator("main > p .whole button").count() > 5
    assert page.evaluate(indented) == 0


def test_every_note_opens_and_shuts_by_keyboard(visit):
    page = visit("light")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    notes = page.locator("[popover]").count()
    assert notes > 20
    opened = set()
    numbers = page.locator("main button")
    for place in range(numbers.count()):
        name = numbers.nth(place).get_attribute("popovertarget")
        if name in opened:
            continue
        numbers.nth(place).focus()
        page.keyboard.press("Enter")
        note = page.locator(":popover-open")
        assert note.get_attribute("id") == name
        page.keyboard.press("Tab")  # into the note
        assert page.evaluate("document.activeElement.closest('[popover]')?.id") == name
        page.keyboard.press("Escape")
        assert page.locator(":popover-open").count() == 0
        assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == name
        opened.add(name)
    assert len(opened) == notes


@pytest.mark.parametrize("view", VIEWS)
def test_a_note_lies_within_the_window(visit, view):
    page = visit(view)
    for place in (0, 3, 12):
        button = page.locator("main button").nth(place)
        button.click()
        box, size = page.locator(":popover-open").bounding_box(), VIEWS[view]["viewport"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
        page.keyboard.press("Escape")


def test_tab_reaches_every_table_and_the_page_never_scrolls_sideways(visit):
    page = visit("phone")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(box => box.tabIndex == 0)")


def test_no_line_begins_with_a_mark_that_closes(visit):
    """A number's button may not be parted from the comma or bracket after it."""
    for view in ("light", "phone"):
        page = visit(view)
        wrong = page.evaluate(
            """() => [...document.querySelectorAll('main > p .whole, main li .whole')].filter(span => {
                 const lines = new Set([...span.getClientRects()].map(box => Math.round(box.bottom / 8)));
                 return lines.size > 1 })
                 .map(span => span.textContent)"""
        )
        assert wrong == []


def test_the_language_is_chinese_and_pictures_are_told_in_words(visit):
    page = visit("light")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    for picture in page.locator('figure [role="img"]').all():
        words = picture.get_attribute("aria-label")
        assert re.search(r"图，.*\d", words) and len(words) > 40


def test_print_makes_pages_without_loss(address, tmp_path):
    target = tmp_path / "print.pdf"
    subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--print-to-pdf={target}",
            address,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert 5 <= len(re.findall(rb"/Type\s*/Page\b", target.read_bytes())) <= 40
