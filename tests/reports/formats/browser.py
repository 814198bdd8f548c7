"""Where chromium is, the windows that pages are tested in, what axe finds, and how the explorer is asked and read."""

import shutil
import time

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
VIEWS = {
    "light": {"viewport": {"width": 1100, "height": 900}},
    "dark": {"viewport": {"width": 1100, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}, "has_touch": True},
}


def violations(page) -> list[str]:
    """Each violation that axe finds, with the mark-up it is about."""
    from axe_playwright_python.sync_playwright import Axe

    # the page's policy forbids scripts; axe is run through the debugging protocol
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ]


def after(page, act):
    """Does what shows other figures, and waits until they are drawn."""
    shown = page.locator("body").get_attribute("data-shown")
    act()
    # the page's policy forbids wait_for_function, which compiles its text
    page.wait_for_selector(f'body:not([data-shown="{shown}"])')


def wait_until(page, expression: str, seconds: float = 30) -> None:
    """Waits until the JavaScript `expression` is true; wait_for_function is forbidden as well, once it has to wait."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(50)


def table(page, name: str) -> list[list[str]]:
    """The texts of each row of a section's table."""
    rows = page.locator(f"#{name} tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]
