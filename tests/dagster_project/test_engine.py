"""The setting TONGBAO_ENGINE: what it takes, what it refuses, and that a change of engine builds everything anew.

A Spark that is killed is said to be gone. Nothing is built here; tests/end_to_end/test_spark.py compares what both
engines build.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import dagster as dg
import pytest

from dagster_project import settings
from dagster_project.warehouse import fingerprint
from tests.dagster_project.small_county import failure_of, make_county
from tests.end_to_end.test_spark import TINY
from tests.end_to_end.test_spark import pytestmark as with_java

# in a process of its own, which a session of Spark never leaves
_KILLED = """
import os, signal, sys
from pathlib import Path
from dagster_project.spark.session import open_session
try:
    with open_session(Path(sys.argv[1]), {}):
        for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
except RuntimeError as error:
    print(error)
"""


@pytest.fixture
def with_spark(monkeypatch):
    """As if pyspark, dbt-spark and a JRE were installed."""
    monkeypatch.setenv("TONGBAO_ENGINE", "spark")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", "/java")


def test_the_engine_is_duckdb_unless_set(monkeypatch):
    monkeypatch.delenv("TONGBAO_ENGINE", raising=False)
    assert settings.engine() == "duckdb"
    monkeypatch.setenv("TONGBAO_ENGINE", "flink")
    with pytest.raises(settings.Unusable, match="flink: write duckdb or spark"):
        settings.engine()


def test_spark_needs_its_packages_and_java(with_spark, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    assert settings.engine() == "spark"
    monkeypatch.delenv("JAVA_HOME")
    with pytest.raises(settings.Unusable, match="openjdk-17-jre-headless"):
        settings.engine()
    (tmp_path / "java").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert settings.engine() == "spark"
    for missing in ("pyspark", "dbt.adapters.spark"):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name, missing=missing: name != missing)
        with pytest.raises(settings.Unusable, match="make spark"):
            settings.engine()


def test_another_engine_builds_everything_anew(miniature, with_spark, monkeypatch):
    with miniature.connect() as connection:
        folders = (settings.DBT_PROJECT, miniature.county)
        on_spark = fingerprint.hash_inputs(connection, *folders)
        monkeypatch.delenv("TONGBAO_ENGINE")
        assert fingerprint.hash_inputs(connection, *folders).made_of != on_spark.made_of


def test_a_part_of_the_models_is_refused_on_spark(tmp_path, monkeypatch):
    county = make_county(tmp_path / "county")
    county.deliver()
    assert county.materialize(dg.AssetSelection.groups("2_raw")).success
    monkeypatch.setattr("dagster_project.assets.models.engine", lambda: "spark")
    said = failure_of(county.materialize(dg.AssetSelection.assets("stg_cases")))
    assert "all models are built together" in said


@with_java
def test_a_spark_that_was_killed_is_said_to_be_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", TINY)
    done = subprocess.run([sys.executable, "-c", _KILLED, tmp_path], capture_output=True, text=True, check=True)
    assert "Spark's process is gone" in done.stdout and "--driver-memory" in done.stdout
    assert str(tmp_path / "spark.log") in done.stdout and done.stderr == ""
