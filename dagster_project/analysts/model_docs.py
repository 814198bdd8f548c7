"""dbt's documentation of all models as one page: descriptions, columns, SQL, tests and the graph, readable offline.

`make_model_docs` takes the published warehouse, from a copy of which dbt reads columns and types, and returns HTML.
It leaves out what dbt adds about the moment and the machine, so the same project and warehouse give the same bytes.
The data dictionary, which lists what analysts may rely on, is `dictionary.py`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dagster_project.settings import DBT_PROJECT
from dagster_project.warehouse.dbt_project import DbtError

_OF_THE_MOMENT = ("generated_at", "invocation_id", "invocation_started_at", "run_started_at", "env", "user_id")
_OF_THE_MACHINE = ("created_at", "compiled_path", "build_path")


def make_model_docs(warehouse: Path) -> str:
    """The page; raises DbtError if dbt can't document the project."""
    with tempfile.TemporaryDirectory(prefix="tongbao-docs-") as folder:
        target = Path(folder) / "target"
        (Path(folder) / "build").mkdir()
        # dbt opens its database for writing, which would keep readers and runs from the published one
        shutil.copyfile(warehouse, Path(folder) / "build" / "candidate.duckdb")
        places = ("--project-dir", "--profiles-dir", "--target-path", "--log-path")
        where = [part for pair in zip(places, (DBT_PROJECT, DBT_PROJECT, target, target), strict=True) for part in pair]
        command = [sys.executable, "-m", "dbt.cli.main", "--log-level-file", "none", "docs", "generate"]
        done = subprocess.run(
            [*command, *map(str, where)],
            env={**os.environ, "TONGBAO_HOME": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            reason = done.stdout.strip().rpartition("\n")[2]
            raise DbtError(f"dbt can't document its project: {reason}")
        content = (target / "index.html").read_text(encoding="utf-8")
        for name in ("manifest", "catalog"):
            place = f'"{name.upper()}.JSON INLINE DATA"'
            if place not in content:
                raise DbtError(f"dbt's page has no place for {name}.json; `make setup` installs the locked dbt")
            content = content.replace(place, _read_timeless(target / f"{name}.json"))
        return content


def _read_timeless(path: Path) -> str:
    """An artefact of dbt as JSON that stands in a script, without what changes from one call to the next."""
    artefact: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name in _OF_THE_MOMENT:
        artefact["metadata"].pop(name, None)
    for nodes in artefact.values():
        for node in nodes.values() if isinstance(nodes, dict) else ():
            if isinstance(node, dict):
                for name in _OF_THE_MACHINE:
                    node.pop(name, None)
    return json.dumps(artefact, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
