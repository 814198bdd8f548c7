"""Links from the catalogue to files: pages of the home that a browser can open, and the code that made an asset.

`link_file` takes a file of the home and returns the metadata that open it: a link to the server of `pages.py`, or of
the proxy that TONGBAO_PAGES names. `refer_to_code` and `refer_to_function` return Dagster's code references.
"""

import inspect
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dagster as dg

from dagster_project import settings

# Dagster's UI shows Markdown of less than 1,000 characters where it stands, and longer text as "[Show Markdown]". A
# link to a picture is short; the picture itself would not be, and would be kept in the event log with every run.
_PICTURE = "![{name}]({address})"


def link_file(home: Path, path: Path) -> dg.MetadataValue:
    """A link that opens `path`, a file below `home`, in the browser."""
    return dg.MetadataValue.url(_address(home, path))


def show_picture(home: Path, path: Path) -> dg.MetadataValue:
    """Markdown that shows the picture `path`, a file below `home`, in the catalogue itself."""
    return dg.MetadataValue.md(_PICTURE.format(name=path.stem, address=_address(home, path)))


def refer_to_code(path: Path, line: int = 1) -> dict[str, dg.MetadataValue]:
    """Metadata that lead to a line of a source file, labelled with its path inside the project."""
    is_ours = path.is_relative_to(settings.PROJECT)
    label = path.relative_to(settings.PROJECT).as_posix() if is_ours else path.name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # which a run at a terminal would print
        reference = dg.LocalFileCodeReference(file_path=str(path), line_number=line, label=label)
        return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[reference])}


def refer_to_function(function: Callable[..., Any]) -> dict[str, dg.MetadataValue]:
    """Metadata that lead to the source of a function."""
    return refer_to_code(Path(inspect.getfile(function)), inspect.getsourcelines(function)[1])


def _address(home: Path, path: Path) -> str:
    return f"{settings.pages_address()}/{quote(path.relative_to(home).as_posix())}"
