"""dbt in a process of its own, without Dagster: parses the project once and runs commands on the candidate.

Takes questions from `dbt_project.py` through `helper_process.serve` and answers with plain values. It keeps the parsed
manifest from one command to the next, and leaves no handle on the warehouse open. A separate process is needed because
dbt inspects all loaded modules when it makes a flag, which takes 3 s with Dagster loaded, and because dbt then loads
while Dagster works.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.helper_process import serve
from dagster_project.warehouse.dbt_messages import write_log
from dagster_project.warehouse.sealed_file import read_sealed_file, seal_file

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# dbt's own log, and its run_results.json, hold values of cells
_SILENT = ("--log-level", "none", "--log-level-file", "none")
_WRITES = "--write-json"


def answer(question: dict[str, Any]) -> Any:
    """`parse` or `run`, by question["do"]; see the two functions."""
    os.environ["TONGBAO_HOME"] = question["home"]  # dbt/profiles.yml builds the candidate's path from it
    project, cache_folder = Path(question["project"]), Path(question["cache"])
    manifest = parse(project, cache_folder, question["manifest"])
    if question["do"] == "parse":
        return None
    target, arguments = Path(question["target"]), question["arguments"]
    if question["engine"] != "spark" or arguments[0] != "build":
        return run(manifest, project, target, arguments)
    from dagster_project.spark.build import build_on_spark

    on_spark = parse(project, cache_folder, f"{question['manifest']}-spark", "spark")
    commands = [partial(run, parsed, project, target) for parsed in (on_spark, manifest)]
    return build_on_spark(Path(question["home"]), manifest, *commands, arguments)


@cache
def parse(project: Path, cache_folder: Path, name: str, profile_target: str = "dev") -> Manifest:
    """The manifest of `project`, also sealed as `cache_folder`/`name`; raises RuntimeError.

    dbt's partial parse is kept beside it, for this very content of the project: parsing only the files that changed
    loses the descriptions and remedies of tests whose SQL did not change. dbt itself checks no sums.
    """
    from dbt.cli.main import dbtRunner

    with tempfile.TemporaryDirectory(prefix="parse-", dir=cache_folder) as target:
        kept = cache_folder / f"{name}.msgpack"
        kept_parse, parsed = [], read_sealed_file(kept)
        if parsed is not None:
            # dbt gets a copy, because another run may put a new one in place while dbt reads
            (Path(target) / "kept.msgpack").write_bytes(parsed)
            kept_parse = ["--partial-parse-file-path", str(Path(target) / "kept.msgpack")]
        # dbt parses everything anew if a variable of profiles.yml has changed, though no node depends on the home
        home, os.environ["TONGBAO_HOME"] = os.environ["TONGBAO_HOME"], "any"
        try:
            outcome = dbtRunner().invoke(
                [*_SILENT, "parse", *_places(project, Path(target)), "--target", profile_target, *kept_parse]
            )
        finally:
            os.environ["TONGBAO_HOME"] = home
        if not outcome.success:
            raise RuntimeError(f"dbt can't parse the project in {project}: {outcome.exception}")
        for made, wanted in (("manifest.json", cache_folder / name), ("partial_parse.msgpack", kept)):
            if (Path(target) / made).exists():
                seal_file(Path(target) / made, wanted)
    return outcome.result


def run(manifest: Manifest, project: Path, target: Path, arguments: list[str]) -> dict[str, Any]:
    """Run `dbt <arguments>`; returns {success, results}, each result a dict of `dbt_project.NodeResult`.

    The log in `target` holds no values of cells. dbt's JSON files do, so none is written unless `arguments` say so.
    Raises RuntimeError if dbt could not run the command at all.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        # dbt writes compiled SQL into the manifest, so each command gets a copy
        written = () if _WRITES in arguments else ("--no-write-json",)
        outcome = dbtRunner(manifest=manifest.deepcopy(), callbacks=[write_log(target / "dbt.log")]).invoke(
            [*_SILENT, *written, arguments[0], *_places(project, target), *arguments[1:]]
        )
    finally:
        # the adapter keeps its connection for the next command, but the next step opens the file in another process
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception:
        raise RuntimeError(f"dbt {arguments[0]} failed: {outcome.exception}")
    return {
        "success": outcome.success,
        "results": [
            {
                "name": result.node.name,
                "resource_type": str(result.node.resource_type),
                "status": str(result.status),
                "seconds": round(result.execution_time, 3),
                "failures": result.failures or 0,
                "message": result.message or "",
                "sql": getattr(result.node, "compiled_code", None),
            }
            for result in outcome.result.results
        ],
    }


def _places(project: Path, target: Path) -> list[str]:
    folders = {"--project-dir": project, "--profiles-dir": project, "--target-path": target, "--log-path": target}
    return [part for option, folder in folders.items() for part in (option, str(folder))]


if __name__ == "__main__":
    import dbt.cli.main  # noqa: F401  loads while nothing is asked yet

    serve(answer)
