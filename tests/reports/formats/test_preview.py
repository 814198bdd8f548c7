"""The page of `tongbao preview` in a browser: both panes, what is wrong with the text, and the next rendering.

The folder holds two small pages in place of a bulletin; the server is the command's own.
"""

import base64
import threading

import pytest

from dagster_project.catalogue.pages import make_server
from reports.formats.html.preview import write_mistake, write_preview
from reports.words.catalogue import load_words
from tests.reports.formats.browser import VIEWS, violations, wait_until

# a picture of one white pixel
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC")


def render(folder, words: str, pages: int) -> None:
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "bulletin.html").write_text(
        f"<!DOCTYPE html><html lang=zh><meta charset=utf-8><title>页</title><main style='height:9000px'>{words}</main>"
    )
    for number in range(pages):
        (folder / "pages" / f"{number:03}.png").write_bytes(PNG)
    write_preview(folder, "预览", ["template.md:3：手工填写的数 12件"], "1 个数", load_words("zh"))


@pytest.fixture
def address(tmp_path):
    server = make_server(tmp_path, 0, {"previews"})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/previews/2022H1"
    server.shutdown()
    server.server_close()


def test_page_and_paper_follow_the_text(browser, tmp_path, address):
    folder = tmp_path / "previews" / "2022H1"
    render(folder, "第一稿", 2)
    page = browser.new_page(**VIEWS["light"])
    page.goto(f"{address}/preview.html")
    text = page.frame_locator("#page").locator("main")
    text.filter(has_text="第一稿").wait_for()
    wait_until(page, "document.querySelectorAll('#paper img').length === 2")
    wait_until(page, "[...document.images].every(image => image.naturalWidth > 0)")
    boxes = [page.locator(name).bounding_box() for name in ("#page", "#paper")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"] + 1 and boxes[0]["y"] == boxes[1]["y"]
    page.locator("#typed summary", has_text="1 个数").wait_for()  # seen, not only there
    assert violations(page) == []

    page.evaluate("document.getElementById('page').contentWindow.scrollTo(0, 700)")
    write_mistake(folder, "2022H1.md:3: 没有名为“x”的指标")
    page.locator("#wrong", has_text="2022H1.md:3").wait_for()
    text.filter(has_text="第一稿").wait_for()  # the last good page stays
    render(folder, "第二稿", 3)
    text.filter(has_text="第二稿").wait_for()
    wait_until(page, "document.querySelectorAll('#paper img').length === 3")
    wait_until(page, "document.getElementById('page').contentWindow.scrollY === 700")
    # a shorter text leaves no old page, and no list of numbers that are typed no more
    (folder / "pages" / "002.png").unlink()
    write_preview(folder, "预览", [], "", load_words("zh"))
    page.locator("#paper img").nth(2).wait_for(state="detached")
    page.locator("#typed").wait_for(state="hidden")
    assert page.locator("#wrong").inner_text() == ""
    page.close()
