"""One Spark session for one build, in the process that calls dbt.

dbt's adapter takes whatever session is open, so the settings that figures depend on are made here. Where Spark runs is
told by Spark's own variable PYSPARK_SUBMIT_ARGS, or else it runs in this process. The catalog is in memory and begins
empty: nothing of an earlier build can be read by mistake.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

# Spark would listen on all addresses of the machine, take 200 partitions for rows that fill two, and log cells
_ON_THIS_MACHINE = (
    "--master local[2] --driver-memory 2g --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 "
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --conf spark.log.level=OFF "
    "--conf spark.sql.shuffle.partitions=2 pyspark-shell"
)
_SETTINGS = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.ansi.enabled": "true",
    # local civil time, as DuckDB's timestamp: no moment moves with a time zone
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
}


@contextmanager
def open_session(build: Path, sources: Mapping[str, tuple[str, Path]]) -> Iterator[None]:
    """A session whose tables lie in `build` and which reads `sources` (see lake.write_sources); raises RuntimeError."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    # where Java is gone, py4j would print tracebacks of its own through the root logger
    logging.getLogger().addHandler(logging.NullHandler())
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _ON_THIS_MACHINE)
    builder = SparkSession.builder.appName("tongbao").config("spark.sql.warehouse.dir", str(build))
    log = build / "spark.log"
    try:
        with _errors_into(log):
            session = builder.config(map=_SETTINGS).getOrCreate()
    except (Py4JError, PySparkException) as error:
        # the first line, because the calls that led to a Java error follow it
        cause = str(getattr(error, "java_exception", error)).strip().splitlines()[0]
        raise RuntimeError(f"Spark can't start ({cause}); see {log} and PYSPARK_SUBMIT_ARGS, docs/scale.md") from None
    try:
        for schema in {name.split(".")[0] for name in sources}:
            session.sql(f"create schema {schema}")
        for name, (columns, folder) in sources.items():
            session.sql(f"create table {name} ({columns}) using parquet location '{folder.as_uri()}'")
        yield
    finally:
        try:
            with warnings.catch_warnings(action="ignore"):
                session.stop()
        except (Py4JError, OSError):
            # a process that is gone says nothing; what the models say of it is of no use either
            raise RuntimeError(
                "Spark's process is gone: it was killed, or memory was full; give it more with --driver-memory in "
                f"PYSPARK_SUBMIT_ARGS, docs/scale.md, and see {log}"
            ) from None


@contextmanager
def _errors_into(log: Path) -> Iterator[None]:
    """Let Java, which is started within, write to `log` until it ends: a run's own lines stand on the terminal."""
    kept = os.dup(sys.stderr.fileno())
    with log.open("wb") as file:
        os.dup2(file.fileno(), sys.stderr.fileno())
    try:
        yield
    finally:
        os.dup2(kept, sys.stderr.fileno())
        os.close(kept)
