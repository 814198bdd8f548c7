"""Tests in a real browser what readers do with the page and the index: numbers, files, forced colours, old browsers.

Skipped where no chromium is installed.
"""

import re
import shutil

import pytest

from reports.formats.html import index
from reports.proof.page_numbers import read_numbers
from tests.reports.charts.svg_geometry import contrast
from tests.reports.formats.browser import VIEWS, violations


def test_a_number_is_described_by_the_title_of_its_note(visit):
    page = visit("light")
    number = page.locator("main > p button").first
    from playwright.sync_api import expect

    expect(number).to_have_accessible_description("办件量")
    assert page.locator("main button:not([aria-describedby])").count() == 0
    undescribed = """[...document.querySelectorAll('main button')]
        .filter(button => !document.getElementById(button.getAttribute('aria-describedby'))).length"""
    assert page.evaluate(undescribed) == 0


def test_the_script_makes_buttons_of_the_numbers_that_the_proof_reads(visit, folder):
    text = (folder / "bulletin.html").read_text("utf-8")
    keys = dict(re.findall(r"<div popover id=(\S+) data-figure=(\S+) ", text))
    read = [(number.text, "/".join(number.figure_id.split("/")[1:3])) for number in read_numbers(text)]
    page = visit("light")
    shown = page.locator("main button").evaluate_all(
        "all => all.map(button => [button.textContent.trim(), button.getAttribute('popovertarget')])"
    )
    assert [(number, keys[note]) for number, note in shown] == read
    assert page.locator("td button").count() > 100
    page.locator("#a1 td button").first.evaluate("button => button.closest('details').open = true")
    page.locator("#a1 td button").first.click()
    assert page.locator(":popover-open h2").inner_text() == "办件量"


def test_without_scripts_the_page_says_the_same_and_numbers_in_the_text_open(browser, visit, address):
    context = browser.new_context(java_script_enabled=False)
    page, cells = context.new_page(), "cells => cells.map(cell => [cell.textContent, getComputedStyle(cell).textAlign])"
    page.goto(address)
    assert page.locator("td").evaluate_all(cells) == visit("light").locator("td").evaluate_all(cells)
    assert page.locator("td > button").count() < 20
    page.locator("main > p button").first.click()
    assert page.locator(":popover-open").count() == 1
    context.close()


def test_a_long_name_leaves_room_for_numbers_on_a_phone(visit, folder, tmp_path):
    text = (folder / "bulletin.html").read_text("utf-8")
    (tmp_path / "long.html").write_text(text.replace("<th>崇兴镇", "<th>" + "宁东能源化工基地" * 3), "utf-8")
    page = visit("phone", (tmp_path / "long.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    widths = page.locator("#a1 tbody th").evaluate_all("heads => heads.map(head => head.offsetWidth)")
    assert max(widths) < 195, "half of the window"


def test_the_page_tells_that_numbers_open_and_where_its_files_lie(visit, folder):
    page = visit("light")
    assert page.locator(".hint").is_visible()
    addresses = page.locator(".files a, .png").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(addresses) > 8
    for address in addresses:
        assert address.startswith(("../index.html", "../explore.html#")) or (folder / address).is_file(), address


def test_a_browser_without_popovers_keeps_notes_shut(visit, folder, tmp_path):
    """Browsers before Chromium 114 know neither the attribute nor :popover-open: here both have names nobody knows."""
    page = (folder / "bulletin.html").read_text("utf-8")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    old = page.replace(":popover-open", ":unknown-open").replace("<div popover ", "<div nopopover ")
    (tmp_path / "old.html").write_text(old.replace("[popover]", "[nopopover]"), "utf-8")
    opened = visit("light", (tmp_path / "old.html").as_uri())
    assert opened.locator("[nopopover]").count() > 20
    assert opened.locator("[nopopover]:visible").count() == 0
    assert not opened.locator(".hint").is_visible()
    line = "getComputedStyle(document.querySelector('main button')).textDecorationLine"
    assert opened.evaluate(line) == "none" and visit("light").evaluate(line) == "underline"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_charts_their_paper_and_ink(visit, scheme):
    page = visit("light")
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    colours = page.evaluate(
        """() => { const box = document.querySelector('.chart > div'), word = box.querySelector('svg text')
             return [getComputedStyle(box).backgroundColor, getComputedStyle(word).fill].map(
               colour => '#' + colour.match(/\\d+/g).slice(0, 3)
                 .map(part => (+part).toString(16).padStart(2, '0')).join('')) }"""
    )
    assert contrast(*colours) >= 7
    assert violations(page) == []


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_on_the_index_and_its_links_are_large_enough(visit, folder, tmp_path, view):
    home = tmp_path / "bulletins"
    for period in ("2022H1", "2021H2"):
        shutil.copytree(folder, home / period)
    page = visit(view, index.write(home).as_uri())
    assert violations(page) == [] and page.complaints == [] and len(page.requests) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
    heights = page.locator("td a").evaluate_all("links => links.map(link => link.getBoundingClientRect().height)")
    assert len(heights) == 8 and min(heights) >= 24
    broken = page.locator("thead th").evaluate_all("""heads => heads.filter(head => {
        const words = document.createRange(); words.selectNodeContents(head); return words.getClientRects().length > 1
    }).map(head => head.textContent)""")
    assert broken == []


def test_the_index_reads_downwards_on_a_phone_and_stays_a_table_for_screen_readers(visit, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "bulletins" / "2022H1")
    page = visit("phone", index.write(tmp_path / "bulletins").as_uri())
    assert page.locator(".scroll").evaluate_all("each => each.map(e => e.scrollWidth - e.clientWidth)") == [0]
    named = "cells => cells.map(cell => getComputedStyle(cell, '::before').content.slice(1, -1) + cell.textContent)"
    assert page.locator("td.r").evaluate_all(named)[:2] == ["办件量34.9万件", "超期未办405件"]
    # browsers that take a table for text where its cells are blocks go by the roles
    assert page.locator(":is(table, thead, tbody, tr, th, td):not([role])").count() == 0
