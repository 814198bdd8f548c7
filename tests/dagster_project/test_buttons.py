"""Presses the buttons of the Dagster UI in a real browser and looks at what each of them did.

One UI serves one small county, whose first run is started by a button, too. Before each test the home is as that run
left it. A test presses a button where a data engineer finds it, waits for the run, and reads the run's page and the
home. Skipped where no chromium is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.dagster_project.small_county import County, make_county
from tests.ui_server import ENDED, Ui, serve_ui

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install .[dev])")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH (apt-get install chromium)")
LIMIT = 900  # seconds: a machine may be slow, and a test waits for a condition and no longer
GROUP = "/locations/dagster_project.definitions/asset-groups"
JOBS = "/locations/dagster_project.definitions/jobs"
_RUN = """query ($id: ID!) { runOrError(runId: $id) { ... on Run {
  status assetSelection { path } assetCheckSelection { name } tags { key value }
  eventConnection { events { ... on EngineEvent {
    metadataEntries { label ... on IntMetadataEntry { intValue } ... on TextMetadataEntry { text } } }
    ... on MaterializationEvent { assetKey { path } partition } } } } } }"""


class Browser:
    """A page of the UI, and the runs that its buttons start."""

    def __init__(self, page: Any, ui: Ui, county: County) -> None:
        self.page, self.ui, self.county = page, ui, county

    def open(self, path: str) -> None:
        self.page.goto(self.ui.home + path)

    def press(self, name: str | re.Pattern[str], place: Any = None) -> None:
        (place or self.page).get_by_role("button", name=name).first.click()

    def started_by(self, act: Callable[[], None]) -> str:
        """The run that `act` starts."""
        before = {run["id"] for run in self.ui.runs()}
        act()
        (run,) = wait_until(lambda: [run["id"] for run in self.ui.runs() if run["id"] not in before], "a run starts")
        return run

    def read(self, run: str) -> dict[str, Any]:
        return self.ui.ask(_RUN, id=run)["runOrError"]

    def end_of(self, run: str, word: str) -> dict[str, Any]:
        """Wait for the end of `run`, and see that its page says `word`."""
        self.page.goto("about:blank")  # a page that shows a run draws and asks without end
        wait_until(lambda: {each["id"]: each["status"] for each in self.ui.runs()}[run] in ENDED, f"{run} ends")
        ended = self.read(run)
        assert ended["status"] == word.upper(), ended
        self.open(f"/runs/{run}")
        playwright.expect(self.page.get_by_text(word, exact=True).first).to_be_visible()
        return ended

    def assets_of(self, run: dict[str, Any]) -> set[str]:
        return {
            "/".join(event["assetKey"]["path"]) for event in run["eventConnection"]["events"] if "assetKey" in event
        }


def wait_until(find: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + LIMIT
    while not (found := find()):
        assert time.monotonic() < deadline, f"{LIMIT} s are not enough until {what}"
        time.sleep(0.5)
    return found


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    made = make_county(tmp_path_factory.mktemp("buttons") / "county")
    made.deliver()
    return made


@pytest.fixture(scope="module")
def browser(county) -> Iterator[Browser]:
    log = county.path / "ui.log"
    with serve_ui(county.home, county.jurisdiction, log) as ui, playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = opened.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(LIMIT * 1000)
        playwright.expect.set_options(timeout=LIMIT * 1000)
        yield Browser(page, ui, county)
        opened.close()


@pytest.fixture(scope="module")
def first_run(browser, county) -> dict[str, Any]:
    """The run that "Materialize all" starts on exports and an empty home; a copy of what it leaves is kept."""
    browser.open("/asset-groups")
    ended = browser.end_of(browser.started_by(lambda: browser.press("Materialize all")), "Success")
    shutil.copytree(county.home, county.path / "kept", symlinks=True, ignore=lambda *_: {"dagster"})
    return ended


@pytest.fixture(autouse=True)
def home_as_first_published(first_run, county) -> None:
    """Put back all that the first run left but Dagster's history, which the running UI holds open."""
    wait_until(lambda: empty(county.home), "no process of the run before writes into the home")
    shutil.copytree(county.path / "kept", county.home, symlinks=True, dirs_exist_ok=True)


def empty(home: Path) -> bool:
    """Delete what is in `home`; False if a process that is about to end wrote or deleted something meanwhile."""
    with suppress(OSError):
        for path in home.iterdir():
            if path.name not in {"dagster"}:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return {path.name for path in home.iterdir()} <= {"dagster"}


def published(county: County) -> str:
    return os.readlink(county.home / "warehouse.duckdb")


def test_materialise_all_asks_nothing_and_publishes(browser, county, first_run):
    assert browser.assets_of(first_run) >= {"raw/cases", "figures", "worklists", "publication"}
    assert county.ask("select count(*) > 300 from marts.figures", published=True) == [(True,)]


def test_downstream_of_one_asset_ends_in_publication(browser, county):
    before = published(county)
    browser.open("/assets/worklist?view=lineage&lineageScope=downstream&lineageDepth=9")
    playwright.expect(browser.page.get_by_text("worklists", exact=True)).to_be_visible()
    ended = browser.end_of(browser.started_by(lambda: browser.press("Materialize all")), "Success")
    assert browser.assets_of(ended) == {"worklist", "worklists", "publication"}
    assert published(county) != before


def test_a_check_is_executed_alone(browser):
    browser.open("/assets/figures?view=checks&checkDetail=months_add_up")
    playwright.expect(browser.page.get_by_text("This is a blocking asset check.")).to_be_visible()
    execute = browser.page.get_by_role("button").filter(has_text=re.compile("^Execute$"))
    ended = browser.end_of(browser.started_by(execute.click), "Success")
    assert [check["name"] for check in ended["assetCheckSelection"]] == ["months_add_up"]
    assert browser.assets_of(ended) == set()


def test_periods_are_backfilled(browser, county):
    pages = [county.home / "bulletins" / period / "bulletin.html" for period in ("2022-05", "2022-06")]
    before = {run["id"] for run in browser.ui.runs()}
    for page in pages:
        shutil.rmtree(page.parent, ignore_errors=True)
    browser.open(f"{JOBS}/bulletin_of_period/partitions")
    browser.press(re.compile("Launch backfill"))
    dialog = browser.page.get_by_role("dialog")
    dialog.get_by_text("Select a partition or create one").click()
    for page in pages:
        browser.page.get_by_placeholder("Filter partitions").fill(page.parent.name)  # the list draws what fits into it
        browser.page.get_by_text(page.parent.name, exact=True).filter(visible=True).last.click()
    # Escape would close the list and, unless the next click is quicker than the animation, the dialog with it
    dialog.get_by_text("Launch bulletin_of_period backfill").click()
    playwright.expect(browser.page.get_by_placeholder("Filter partitions")).to_be_hidden()
    browser.press(re.compile("Submit 2"), dialog)

    def started() -> list[str]:
        runs = [run["id"] for run in browser.ui.runs() if run["id"] not in before]
        return len(runs) == 2 and runs

    for run in wait_until(started, "both periods are rendered"):
        assert browser.assets_of(browser.end_of(run, "Success")) == {"bulletin"}
    assert all(page.exists() for page in pages)
    # the catalogue shows the charts of what was rendered, and opens it
    browser.open("/assets/bulletin?view=events&partition=2022-06")
    picture = browser.page.locator("img[src*='/bulletins/2022-06/charts/']").first
    playwright.expect(picture).to_be_visible()
    wait_until(lambda: picture.evaluate("image => image.complete && image.naturalWidth"), "the chart is drawn")
    link = browser.page.locator("a[href$='/bulletins/2022-06/bulletin.html']").first
    browser.page.goto(link.get_attribute("href"))
    playwright.expect(browser.page.get_by_role("heading", name=re.compile("2022年6月")).first).to_be_visible()


def test_a_run_is_terminated_and_one_asset_is_materialised_alone_next(browser, county):
    before = published(county)
    browser.open("/asset-groups")
    run = browser.started_by(lambda: browser.press("Materialize all"))

    def find_process() -> int | None:
        read = browser.read(run)
        if read["status"] != "STARTED":
            return None
        entries = [entry for event in read["eventConnection"]["events"] for entry in event.get("metadataEntries", [])]
        return next((int(e.get("text") or e["intValue"]) for e in entries if e["label"] == "pid"), None)

    process = wait_until(find_process, "the process of the run is known")
    try:
        # so that the run does not end before the button is pressed
        wait_until(lambda: stands_still(process, county.home), "the run writes nothing into Dagster's history")
        browser.open(f"/runs/{run}")
        browser.press("Terminate")
        browser.press(re.compile("Terminate 1 run"), browser.page.get_by_role("dialog"))
        playwright.expect(browser.page.get_by_text("Canceling").first).to_be_visible()
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    browser.end_of(run, "Canceled")
    assert published(county) == before
    browser.open("/assets/dim_date")
    ended = browser.end_of(browser.started_by(lambda: browser.press("Materialize")), "Success")
    assert browser.assets_of(ended) == {"dim_date"}


def stands_still(process: int, home: Path) -> bool:
    """Stop the process; False, and it goes on, if it holds a database of Dagster, which would lock the UI out."""
    os.kill(process, signal.SIGSTOP)
    try:
        for database in (home / "dagster" / "history").rglob("*.db"):
            with closing(sqlite3.connect(database, timeout=0)) as connection:
                connection.execute("begin immediate")
    except sqlite3.OperationalError:
        os.kill(process, signal.SIGCONT)
        return False
    return True


def test_a_group_that_failed_says_why_and_is_executed_again_from_its_failure(browser, county):
    before = published(county)
    bad = county.home / "exports" / "platform_cases_202205.csv"
    bad.write_text("no,such,header\n1,2,3\n", encoding="utf-8")
    browser.open(f"{GROUP}/2_raw/lineage")
    failed = browser.started_by(lambda: browser.press("Materialize all"))
    browser.end_of(failed, "Failure")
    playwright.expect(browser.page.get_by_text(re.compile("platform_cases_202205")).first).to_be_visible()
    bad.unlink()
    again = browser.started_by(lambda: browser.press(re.compile("Re-execute")))
    ended = browser.end_of(again, "Success")
    tags = {tag["key"]: tag["value"] for tag in ended["tags"]}
    assert tags["dagster/parent_run_id"] == failed
    raw = {asset for asset in browser.assets_of(ended) if not asset.startswith("exports/")}
    assert len(raw) == 14 and all(asset.startswith(("raw/", "quality/files", "reference")) for asset in raw)
    assert published(county) == before
