"""A bulletin rendered once for all tests of its page, and a browser that opens it.

Tests that ask for the browser are skipped where no chromium, playwright or axe is installed.
"""

import duckdb
import pytest

from reports import render
from tests.reports.conftest import LINGWU, fill
from tests.reports.formats.browser import CHROMIUM, VIEWS


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install .[dev])")
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on the PATH (apt-get install chromium)")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The bulletin of the published half-year, with months and ranks, rendered once for all tests."""
    connection, target = duckdb.connect(), tmp_path_factory.mktemp("bulletin")
    fill(connection)
    for month in range(1, 7):
        connection.execute(
            f"insert into marts.figures select * replace ('2022-0{month}' as period, value / 6 + {month} as value,"
            " year_ago_value / 6 as year_ago_value) from marts.figures"
            " where period = '2022H1' and figure in ('case_volume', 'certificates') and dimension = 'total'"
        )
        connection.execute(
            "insert into marts.dim_periods select * replace (? as period, 'month' as kind, ?::date as starts_on)"
            " from marts.dim_periods where period = '2022H1' and ? < '2022-06'",
            [f"2022-0{month}", f"2022-0{month}-01", f"2022-0{month}"],
        )
    connection.execute(
        "insert into marts.figures (period, figure, dimension, member, value, numerator, previous_value) values"
        " ('2022H1', 'county_rank', 'indicator', '事项覆盖率', 4, 21.41, 5),"
        " ('2022H1', 'county_rank', 'indicator', '超期未办件', 5, 405, 5)"
    )
    connection.execute("insert into marts.figure_parts values ('2022H1', 'county_rank', 'county', '640181', null)")
    render.render(connection, "2022H1", LINGWU, target, "test")
    connection.close()
    return target


@pytest.fixture
def address(folder):
    return (folder / "bulletin.html").as_uri()


@pytest.fixture
def visit(browser, address):
    """Opens the page in a view; what it asks the network for and what its policy stops are kept on the page."""
    contexts = []

    def open_page(view: str, other: str = ""):
        context = browser.new_context(**VIEWS[view])
        contexts.append(context)
        page = context.new_page()
        page.requests, page.complaints = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(other or address)
        return page

    yield open_page
    for context in contexts:
        context.close()
