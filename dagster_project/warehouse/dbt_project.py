"""The dbt project as steps use it: its manifest, and commands on the candidate.

`DbtProject` keeps the manifest in the runtime home under a name made of the project's content, so two homes may use one
checkout at once, and the checkout may be read-only. Commands are answered by a helper process (`dbt_worker.py`), which
starts to load dbt when it is first needed. What a result means to Dagster belongs in `assets/models.py`.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dagster_project.helper_process import HelperError, HelperProcess
from dagster_project.settings import engine
from dagster_project.warehouse.sealed_file import read_sealed_file

_NOT_SOURCE = {"target", "logs"}


class DbtError(RuntimeError):
    """dbt could not parse the project, or could not run a command at all."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test; `status` in dbt's words, `sql` as compiled."""

    name: str
    resource_type: str
    status: str
    seconds: float
    failures: int
    message: str
    sql: str | None

    @property
    def is_passed(self) -> bool:
        return self.status in ("pass", "success")


@dataclass(frozen=True)
class Outcome:
    success: bool
    results: list[NodeResult]


class DbtProject:
    """The project in `folder`, its manifest in `<home>/dbt`; commands write to `<home>/build/candidate.duckdb`."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home, self.cache = folder, home, home / "dbt"
        self._helper: HelperProcess | None = None

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the project as it is now; parsed first if it is missing or can't be read."""
        path = self.cache / self._manifest_name
        content = read_sealed_file(path)
        if content is None:
            self._ask("parse")
            for older in [*self.cache.glob("manifest-*"), *self.cache.glob("partial_parse.*")]:
                if not older.name.startswith(path.name):
                    older.unlink(missing_ok=True)
            content = read_sealed_file(path)
        if content is None:
            raise DbtError(f"{path}: dbt wrote a manifest that can't be read; delete {self.cache} and run again")
        return json.loads(content)

    def load_ahead(self) -> None:
        """Let the helper process load dbt and parse the project while other work is done, which saves 2 s of a run."""
        if self._helper is None:
            self._start()
            self._helper.begin(self._question("parse"))

    def run(
        self, *arguments: str, target: Path, home: Path | None = None, variables: dict[str, Any] | None = None
    ) -> Outcome:
        """`dbt <arguments>` on the candidate of `home`, its artefacts and log in `target`.

        `variables` are dbt's --vars: macros read them as they run, so the parsed project is the same for all values.
        With TONGBAO_ENGINE=spark a build runs on Spark. No other process may have the candidate open.
        Raises DbtError if dbt can't start.
        """
        target.mkdir(parents=True, exist_ok=True)
        if variables:
            arguments += ("--vars", json.dumps(variables, ensure_ascii=False))
        where = {"target": str(target), "home": str(home or self.home), "engine": engine()}
        found = self._ask("run", arguments=list(arguments), **where)
        return Outcome(found["success"], [NodeResult(**result) for result in found["results"]])

    def close(self) -> None:
        """End the helper process."""
        if self._helper is not None:
            self._helper.end()
            self._helper = None

    @cached_property
    def _manifest_name(self) -> str:
        content = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not _NOT_SOURCE & {*path.relative_to(self.folder).parts}:
                content.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + path.read_bytes())
        return f"manifest-{content.hexdigest()[:16]}"

    def _start(self) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        self._helper = HelperProcess("dagster_project.warehouse.dbt_worker")

    def _question(self, do: str, **more: Any) -> dict[str, Any]:
        where = {"project": str(self.folder), "cache": str(self.cache), "manifest": self._manifest_name}
        return {"do": do, "home": str(self.home), **where, **more}

    def _ask(self, do: str, **more: Any) -> Any:
        if self._helper is None:
            self._start()
        try:
            return self._helper.ask(self._question(do, **more))
        except HelperError as error:
            self.close()
            raise DbtError(str(error)) from None


@cache
def dbt_project(folder: Path, home: Path) -> DbtProject:
    """The one DbtProject of this process for `folder` and `home`, so that definitions and runs share its helper."""
    return DbtProject(folder, home)
