"""Where chromium is, the windows that pages are tested in, and what axe finds wrong with a page."""

import shutil

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
