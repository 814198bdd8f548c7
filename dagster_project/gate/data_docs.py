"""Writes the Data Docs of great-expectations for the last judgement: one page a frame of a suite, and their list.

`write_docs` takes the results of validations and fills `<home>/quality/data-docs/`. The pages of great-expectations
load styles and scripts from hosts; here these are taken out, and a policy in each page forbids what might be left. The
office reads the page of the verdict; these pages show each expectation with its arguments and what it observed.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from dagster_project.disk import replace_file

_LOADED = re.compile(
    r"<script\b.*?</script\s*>|<link\b[^>]*>|<img\b[^>]*>|<footer\b.*?</footer>|url\([^)]*\)", re.DOTALL
)
# addresses beyond this page, and what would run a script
_LEADING_AWAY = re.compile(r"""\s(?:href|src)=(["'])(?!#).*?\1|\son\w+=(["']).*?\2""")
_HEAD = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.6 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; max-width: 70rem; margin: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
td, th { border: 1px solid #ccc; padding: .35rem .6rem; text-align: left; vertical-align: top; }
.badge { background: #eef2f6; padding: 0 .3em; }
.fa-times::before { content: "✗"; color: #c2410c; } .fa-check-circle::before { content: "✓"; color: #0f766e; }
.navbar, .modal, .card, button, [data-toggle] { display: none; }
</style>"""
_LIST = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Data Docs</title>{head}</head>
<body><h1>Data Docs</h1><p><a href="../index.html">quality</a></p>
<table><tr><th>Frame</th><th>Expectations</th><th>Failed</th></tr>
{rows}
</table></body></html>
"""


def write_docs(folder: Path, results: Mapping[str, Any]) -> None:
    """One page for each validation result, by the name of its frame, in place of those of the judgement before."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultJinjaPageView

    folder.mkdir(parents=True, exist_ok=True)
    renderer, view = ValidationResultsPageRenderer(), DefaultJinjaPageView()
    pages = {f"{name}.html": make_offline(view.render(renderer.render(result))) for name, result in results.items()}
    rows = [
        f'<tr><td><a href="{escape(name)}.html">{escape(name)}</a></td><td>{len(result.results)}</td>'
        f"<td>{sum(not one.success for one in result.results)}</td></tr>"
        for name, result in results.items()
    ]
    pages["index.html"] = _LIST.format(head=_HEAD, rows="\n".join(rows))
    for path in folder.iterdir():
        if path.name not in pages:
            path.unlink()
    for name, page in pages.items():
        replace_file(folder / name, page)


def make_offline(page: str) -> str:
    """A page of great-expectations without what it would load from a host."""
    bare = _LEADING_AWAY.sub("", _LOADED.sub("", page))
    return bare.replace("<html>", '<html lang="en">', 1).replace("<head>", f"<head>{_HEAD}", 1)
