"""The unit tests that stand beside the dbt models, run on a warehouse whose tables give them their types.

A run of the pipeline leaves them out, because they test the code and not the data. It asserts that all of them pass.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

DBT = Path(__file__).parents[2] / "dbt"


def test_unit_tests_of_the_models(changeable, tmp_path):
    home = changeable()
    (home.path / "warehouse.duckdb").rename(home.path / "build" / "candidate.duckdb")
    target = tmp_path / "target"
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "test", "--select", "test_type:unit", "--project-dir", DBT,
         "--profiles-dir", DBT, "--target-path", target],
        capture_output=True, text=True, env={**os.environ, "TONGBAO_HOME": str(home.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    outcomes = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    outcomes = [outcome for outcome in outcomes if outcome["unique_id"].startswith("unit_test.")]
    assert len(outcomes) >= 12
    assert {outcome["status"] for outcome in outcomes} == {"pass"}
