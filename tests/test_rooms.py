"""The tree keeps its shape: imports run one way, folders hold a charter, files stay short.

It reads the source of `ingest`, `reports` and `dagster_project` with `ast` and runs nothing. Expectations come from
the picture in docs/architecture.md. EXCEPTIONS lists what is not clean yet and must shrink to nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ingest", "reports", "dagster_project")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
# A room may import itself and the rooms before it in its own package's list, and whole packages before its own.
ORDER = {
    "ingest": [
        "errors",
        "sql",
        "persons",
        "masks",
        "privacy",
        "mapping",
        "jurisdiction",
        "landing",
        "reading",
        "rows",
        "ledger",
        "run",
        "drafting",
        "sample",
    ],
    "reports": ["fonts", "words", "figures", "text", "document", "charts", "formats", "render", "release", "proof"],
    "dagster_project": [
        "disk",
        "settings",
        "owner",
        "code_version",
        "helper_process",
        "event_log",
        "history",
        "own_figures",
        "spark",
        "warehouse",
        "analysts",
        "catalogue",
        "gate",
        "alerts",
        "members",
        "recovery",
        "terminal",
        "overview",
        "run_ending",
        "resources",
        "partitions",
        "jobs",
        "schedules",
        "checks",
        "freshness",
        "sensors",
        "assets",
        "definitions",
        "cli",
    ],
}
MAY_IMPORT = {"ingest": set(), "reports": set(), "dagster_project": {"ingest", "reports"}}
MOST_LINES = {".py": 250, ".sql": 100}
# In SQL, a line that only names a column isn't counted.
COLUMN_LINE = re.compile(r"^\s*[\w.]+(\s+as\s+\w+)?,?\s*$")
FORMATTING_OFF = re.compile(r"#\s*fmt:\s*(skip|off)")

# Rule -> files, or the beginnings of their paths.
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "formatting": ("tests/end_to_end/test_rules_of_counting.py",),
}


def list_imports(name: str) -> Iterator[str]:
    """The modules of this tree that a module imports anywhere in it, for type checking too."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{name}: write the import of {node.module} in full"
            for alias in node.names:
                target = f"{node.module}.{alias.name}"
                if target in MODULES or node.module in MODULES:
                    yield target if target in MODULES else node.module


IMPORTS = {name: {target for target in list_imports(name) if target != name} for name in MODULES}


def find_unexcused(rule: str, paths: Iterator[Path]) -> list[str]:
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [name for name in names if not name.startswith(EXCEPTIONS.get(rule, ()))]


def list_tracked(*suffixes: str) -> Iterator[Path]:
    for folder in (*PACKAGES, "dbt", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and not {"target", "dbt_packages", "__pycache__"} & {*path.parts}:
                yield path


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_imports_itself_through_others(package):
    inside = {name: {t for t in targets if t.startswith(package)} for name, targets in IMPORTS.items()}
    graph = {name: targets for name, targets in inside.items() if name.split(".")[0] == package}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_one_way(package):
    wrong = {
        f"{name} imports {target}"
        for name, targets in IMPORTS.items()
        for target in targets
        if name.split(".")[0] == package and target.split(".")[0] not in {package, *MAY_IMPORT[package]}
    }
    assert not wrong


@pytest.mark.parametrize("package", ORDER)
def test_rooms_import_only_rooms_before_them(package):
    order = ORDER[package]
    wrong = set()
    for name, targets in IMPORTS.items():
        for target in targets:
            is_inside = {name.split(".")[0], target.split(".")[0]} == {package} and "." in name and "." in target
            if is_inside and order.index(target.split(".")[1]) > order.index(name.split(".")[1]):
                wrong.add(f"{name} imports {target}")
    assert not wrong


def test_every_room_has_its_place_in_the_order():
    for package, order in ORDER.items():
        assert {name.split(".")[1] for name in MODULES if name.startswith(f"{package}.")} == {*order}


def test_a_folder_opens_with_a_charter_and_holds_no_code_in_its_init():
    def holds_code(path: Path) -> bool:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        return [type(getattr(node, "value", None)) for node in body] != [ast.Constant]

    assert not find_unexcused("charter", (p for p in MODULES.values() if p.name == "__init__.py" and holds_code(p)))


def test_every_module_opens_with_a_charter():
    assert not [name for name, path in MODULES.items() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]


def test_files_are_short():
    def count_lines(path: Path) -> int:
        lines = path.read_text(encoding="utf-8").splitlines()
        return len([line for line in lines if not (path.suffix == ".sql" and COLUMN_LINE.match(line))])

    files = list_tracked(*MOST_LINES)
    assert not find_unexcused("length", (path for path in files if count_lines(path) > MOST_LINES[path.suffix]))


def test_every_file_is_formatted_wholly():
    files = (path for path in list_tracked(".py") if path != Path(__file__))
    assert not find_unexcused(
        "formatting", (path for path in files if FORMATTING_OFF.search(path.read_text(encoding="utf-8")))
    )
