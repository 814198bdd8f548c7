"""What is installed is what pyproject.toml asks for, fixed by hashes, from whatever registry a machine reaches.

It reads requirements.lock, the metadata of the installed packages and a made-up collection of vulnerabilities. It
asserts that the lock is complete and names no host, and what `make audit` answers.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ENTRY = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def read_lock(name: str) -> dict[str, str]:
    """Package -> version; every line of the file belongs to an entry with at least one hash."""
    text = (ROOT / name).read_text("utf-8")
    assert ENTRY.sub("", text) == "", f"{name}: these lines are no entry with hashes:\n{ENTRY.sub('', text)[:500]}"
    return {canonicalize_name(package): version for package, version, _ in ENTRY.findall(text)}


LOCK = read_lock("requirements.lock")


def unsatisfied(requirement: Requirement) -> str | None:
    version = LOCK.get(canonicalize_name(requirement.name))
    if version is None:
        return f"{requirement} is not in requirements.lock"
    return None if requirement.specifier.contains(version, prereleases=True) else f"{requirement}, found {version}"


@pytest.mark.parametrize("asked", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
def test_the_lock_holds_what_the_project_asks_for(asked):
    assert unsatisfied(Requirement(asked)) is None


def test_the_lock_holds_what_its_packages_ask_for():
    extras = {
        canonicalize_name(r.name): r.extras
        for r in map(Requirement, [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]])
    }
    faults = []
    for package in LOCK:
        try:
            asked = [Requirement(line) for line in requires(package) or ()]
        except PackageNotFoundError:
            faults.append(f"{package} is locked and not installed")
            continue
        for requirement in asked:
            wanted = ["", *extras.get(package, ())]
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in wanted):
                faults += filter(None, [unsatisfied(requirement)])
    assert faults == []


def test_no_file_names_the_host_of_a_registry():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    hosts = re.compile(r"(pypi|pythonhosted|npmjs|debian)\.(org|com)|--(extra-)?index-url|--find-links|--trusted-host")
    naming = [
        name
        for name in files
        if name.endswith((".lock", ".toml", ".txt", ".cfg", ".yml", ".yaml", "Makefile", "run", ".sh"))
        and hosts.search((ROOT / name).read_text("utf-8"))
    ]
    assert naming == []


def test_the_tools_of_an_audit_are_locked_too():
    assert {"pip-audit", "cyclonedx-bom"} <= {*read_lock("requirements-audit.lock")}


def test_an_audit_answers_from_a_file(tmp_path):
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    records = [
        {"id": "A-1", "affected": [{"package": {"name": "Duck_DB"}, "versions": ["1.0", "1.1"]}]},
        {"id": "A-2", "affected": [{"package": {"name": "duck-db"}, "versions": ["1.1"]}], "withdrawn": "2026-01-01"},
        {
            "id": "A-4",
            "affected": [
                {
                    "package": {"name": "ranged"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1.2"}, {"fixed": "1.10"}]}],
                }
            ],
        },
        {"id": "A-3", "affected": [{"package": {"name": "other"}, "versions": ["1.1"]}]},
    ]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as database:
        for record in records:
            database.writestr(f"{record['id']}.json", json.dumps(record))
    known = audit.read_database(tmp_path / "all.zip")
    assert [found["id"] for found in audit.find_vulnerabilities(known, "duck.db", "1.1")] == ["A-1"]
    assert audit.find_vulnerabilities(known, "duck-db", "1.2") == []
    found = {v: bool(audit.find_vulnerabilities(known, "ranged", v)) for v in ("1.1", "1.2", "1.9", "1.10", "2.0")}
    assert found == {"1.1": False, "1.2": True, "1.9": True, "1.10": False, "2.0": False}
    assert audit.main(str(ROOT / "README.md")) == 2
