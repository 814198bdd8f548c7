"""Spark standalone on loopback, with two workers, one of which is killed during a build: the build ends right.

The miniature is built by the cluster and compared with DuckDB's, as in test_spark.py. The worker is killed once some
tables stand and others are missing, so the other one makes again what was lost with it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.warehouse.dbt_project import DbtProject
from tests.dagster_project.postgres_server import free_port
from tests.end_to_end.miniature_home import Miniature
from tests.end_to_end.test_spark import TINY, UNTESTED, find_differences, pytestmark  # noqa: F401  skips without Spark

MOST_SECONDS = 900


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """The address of a master, and its two workers, each in a group of its own with the executor that it starts."""
    address = f"spark://127.0.0.1:{free_port()}"
    spark = Path(importlib.util.find_spec("pyspark").origin).parent / "bin" / "spark-class"
    quiet = "-Dspark.ui.enabled=false"
    where = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "200m", "SPARK_DAEMON_JAVA_OPTS": quiet}
    port = address.rpartition(":")[2]
    master = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port]
    worker = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]

    def start(*command: str) -> subprocess.Popen:
        with (tmp_path / "cluster.log").open("a") as log:
            return subprocess.Popen(
                [spark, *command], env={**os.environ, **where}, stdout=log, stderr=log, start_new_session=True
            )

    started = [start(*master, "--webui-port", "0")]
    started += [start(*worker, "--webui-port", "0", "-d", str(tmp_path / f"worker{n}"), address) for n in (1, 2)]
    yield address, started[1:]
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(is_so, what: str) -> None:
    deadline = time.monotonic() + MOST_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def test_a_killed_worker_changes_no_figure(cluster, miniature, tmp_path, monkeypatch):
    address, workers = cluster
    monkeypatch.setenv("TONGBAO_ENGINE", "spark")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--conf spark.executor.memory=600m {TINY}".replace("local[2]", address))
    home = Miniature(tmp_path / "home")
    home.take()
    dbt, failures = DbtProject(settings.DBT_PROJECT, tmp_path), []

    def model() -> None:
        try:
            home.model(*UNTESTED, is_full=True, dbt=dbt)
        except BaseException as error:
            failures.append(error)

    building = threading.Thread(target=model)
    building.start()
    built = tmp_path / "home" / "lake" / "1" / "intermediate.db"
    wait_until(lambda: len([*built.glob("*/_SUCCESS")]) >= 5 or not building.is_alive(), "Spark built nothing")
    assert not (built.parent / "marts.db" / "figures" / "_SUCCESS").exists() and not failures
    os.killpg(workers[0].pid, signal.SIGKILL)
    building.join(MOST_SECONDS)
    dbt.close()
    assert failures == [] and not building.is_alive()
    assert workers[1].poll() is None
    assert find_differences(miniature, home) == []
    shutil.rmtree(tmp_path / "home" / "lake")
