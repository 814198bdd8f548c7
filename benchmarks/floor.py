"""CPU seconds of a daily run with nothing new, beside what Dagster itself takes for a job of as many empty assets.

`python -m benchmarks.floor [--home data] [--times 3]` runs both by turns, each in a process of its own, and takes the
least of each, because other processes only add to it. The empty job has the steps, assets, dependencies and checks of
the definitions, the same executor and a history of its own; its steps only record that each asset and check is there.
Without --home it makes a home of 1% and publishes it first. It ends with 1 if the ratio is above the limit.
"""

import argparse
import graphlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg

from benchmarks.starts import TONGBAO, measure

LIMIT = 1.5
Step = dict[str, Any]
"""`name`, `assets` (pairs of key and the keys that it reads), `checks` (pairs of the asset's key and a name)."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--empty", type=Path, help="run the empty job that this file describes, and nothing else")
    asked = parser.parse_args()
    if asked.empty:
        run_empty(json.loads(asked.empty.read_text(encoding="utf-8")))
        return
    with tempfile.TemporaryDirectory(prefix="tongbao-floor-") as folder:
        home = (asked.home or Path(folder) / "home").resolve()
        environment = {**os.environ, "TONGBAO_HOME": str(home)}
        if not asked.home:
            for arguments in (["sample", "--scale", "0.01"], ["run"]):
                subprocess.run([*TONGBAO, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
        shape = Path(folder) / "job.json"
        steps = describe_job(home)
        shape.write_text(json.dumps(steps), encoding="utf-8")
        history = Path(folder) / "dagster"
        history.mkdir()
        shutil.copy(home / "dagster" / "dagster.yaml", history)
        commands = {
            "empty job": ([sys.executable, "-m", "benchmarks.floor", "--empty", str(shape)], {"DAGSTER_HOME": history}),
            "tongbao run": ([*TONGBAO, "run"], {}),
        }
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(asked.times + 1):
            for name, (command, more) in commands.items():
                spent[name].append(measure(command, environment | {key: str(value) for key, value in more.items()}))
    least = {name: min(seconds[1:]) for name, seconds in spent.items()}  # the first ones make databases and caches
    ratio = least["tongbao run"] / least["empty job"]
    assets, checks = (sum(len(step[kind]) for step in steps) for kind in ("assets", "checks"))
    print(f"{len(steps)} steps, {assets} assets, {checks} checks")
    for name, seconds in least.items():
        print(f"{name:12} {seconds:6.2f} CPU seconds")
    print(f"ratio        {ratio:6.2f} (limit {LIMIT})")
    sys.exit(ratio > LIMIT)


def describe_job(home: Path) -> list[Step]:
    """The steps of the daily job of `home`, as JSON holds them; exports, which no step makes, are left out."""
    from dagster_project.definitions import build_definitions
    from dagster_project.owner import find_jurisdiction

    definitions = build_definitions(home, find_jurisdiction(home))
    steps = [step for step in definitions.assets if isinstance(step, dg.AssetsDefinition)]
    return [
        {
            "name": step.node_def.name,
            "assets": [
                (spec.key.to_user_string(), [dep.asset_key.to_user_string() for dep in spec.deps])
                for spec in getattr(step, "specs", [])
            ],
            "checks": [(check.asset_key.to_user_string(), check.name) for check in step.check_specs],
        }
        for step in [*steps, *definitions.asset_checks]
    ]


def run_empty(steps: list[Step]) -> None:
    """Run a job of the same shape, whose steps do nothing; raises what Dagster raises."""
    definitions = dg.Definitions(
        assets=[_make_step(step) for step in steps if step["assets"]],
        asset_checks=[_make_checks(step) for step in steps if not step["assets"]],
        jobs=[dg.define_asset_job("daily", dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks())],
        executor=dg.in_process_executor,
    )
    with dg.DagsterInstance.get() as instance:
        definitions.resolve_job_def("daily").execute_in_process(
            instance=instance, run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
        )


def _make_step(step: Step) -> dg.AssetsDefinition:
    # Dagster wants an asset after those that it reads
    parents = dict(step["assets"])
    order = graphlib.TopologicalSorter(parents).static_order()
    specs = [
        dg.AssetSpec(dg.AssetKey.from_user_string(key), deps=_keys(parents[key])) for key in order if key in parents
    ]

    @dg.multi_asset(name=step["name"], specs=specs, check_specs=_check_specs(step), can_subset=True)
    def empty():
        yield from (dg.MaterializeResult(spec.key) for spec in specs)
        yield from _pass_checks(step)

    return empty


def _make_checks(step: Step) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(name=step["name"], specs=_check_specs(step), can_subset=True)
    def empty():
        yield from _pass_checks(step)

    return empty


def _check_specs(step: Step) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(name, asset=dg.AssetKey.from_user_string(key)) for key, name in step["checks"]]


def _pass_checks(step: Step):
    for key, name in step["checks"]:
        yield dg.AssetCheckResult(passed=True, asset_key=dg.AssetKey.from_user_string(key), check_name=name)


def _keys(names: list[str]) -> list[dg.AssetKey]:
    return [dg.AssetKey.from_user_string(name) for name in names]


if __name__ == "__main__":
    main()
