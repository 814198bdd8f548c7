"""The same models on DuckDB and on Spark: every mart row for row, every figure to the last digit.

Two counties are built on both engines: the miniature, whose figures are computed by hand elsewhere, and a fiftieth of
the sample. DuckDB builds from its own tables, Spark from Parquet. Without a JRE or the extra `spark` the tests are
skipped. What the settings of the engine refuse is tested in test_engine.py.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings
from dagster_project.spark.lake import begin_build
from dagster_project.warehouse.dbt_project import DbtProject
from ingest.sample.generate import generate
from tests.end_to_end.miniature_home import Miniature

LINGWU = settings.PROJECT / "jurisdictions" / "lingwu"
# a tiny table costs more to plan and to compile than to read
TINY = (
    "--master local[2] --driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' "
    "--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 "
    "--conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false --conf spark.log.level=OFF "
    "--conf spark.sql.shuffle.partitions=1 --conf spark.sql.adaptive.enabled=false "
    "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN pyspark-shell"
)
# dbt's tests run on Spark with the miniature; once more they would take half of the time
UNTESTED = ("--exclude-resource-type", "test")
MARTS = "select table_name from information_schema.tables where table_schema = 'marts' and table_catalog = 'on_duckdb'"

pytestmark = pytest.mark.skipif(
    not (shutil.which("java") and importlib.util.find_spec("pyspark")), reason="no JRE, or no extra spark"
)


class Homes:
    """One county's home twice: `on_duckdb` and `on_spark`."""

    def __init__(self, folder: Path, county: Path | None, dbt: DbtProject) -> None:
        self.on_duckdb = Miniature(folder / "on_duckdb") if county is None else _sample(folder / "on_duckdb", county)
        self.on_duckdb.take()
        copy = shutil.copytree(self.on_duckdb.path, folder / "on_spark")
        self.on_spark = Miniature(copy, is_empty=True, county=self.on_duckdb.county)
        self.on_duckdb.model(is_full=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TONGBAO_ENGINE", "spark")
            self.on_spark.model(*(() if county is None else UNTESTED), is_full=True, dbt=dbt)


def attach(on_duckdb: Miniature, on_spark: Miniature) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, home in (("on_duckdb", on_duckdb), ("on_spark", on_spark)):
        connection.execute(f"attach '{home.path}/build/candidate.duckdb' as {name} (read_only)")
    return connection


def find_differences(on_duckdb: Miniature, on_spark: Miniature) -> list[tuple[str, str, tuple]]:
    """Mart, engine and row for up to three rows a mart and engine that the other engine has not."""
    differences = []
    with attach(on_duckdb, on_spark) as connection:
        marts = [name for (name,) in connection.execute(f"{MARTS} order by 1").fetchall()]
        assert {"fct_cases", "figures", "figure_proofs", "figure_parts", "worklist", "revisions"} <= {*marts}
        for name in marts:
            for one, other in (("on_duckdb", "on_spark"), ("on_spark", "on_duckdb")):
                query = f"(from {one}.marts.{name}) except all (from {other}.marts.{name}) order by all limit 3"
                differences += [(name, one, row) for row in connection.execute(query).fetchall()]
    return differences


def _sample(path: Path, county: Path) -> Miniature:
    generate(county, path / "exports", scale=0.02)
    return Miniature(path, is_empty=True, county=county)


@pytest.fixture(scope="module", params=["miniature", "sample"])
def homes(request, tmp_path_factory) -> Iterator[Homes]:
    folder = tmp_path_factory.mktemp(request.param)
    dbt = DbtProject(settings.DBT_PROJECT, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_SUBMIT_ARGS", TINY)
        yield Homes(folder, LINGWU if request.param == "sample" else None, dbt)
    dbt.close()


def test_every_mart_has_the_same_rows(homes):
    assert find_differences(homes.on_duckdb, homes.on_spark) == []


def test_the_interface_is_the_same(homes):
    """Names, types and comments of all that analysts open, though Spark leaves views where DuckDB has tables."""
    query = """
        select schema_name, table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = '{}' and schema_name in ('staging', 'marts') order by all
    """
    with attach(homes.on_duckdb, homes.on_spark) as connection:
        ours, theirs = (connection.execute(query.format(name)).fetchall() for name in ("on_duckdb", "on_spark"))
    assert ours == theirs


def test_facts_stay_in_the_lake(homes):
    views = homes.on_spark.ask("select view_name from duckdb_views() where sql like '%/lake/1/%'")
    assert {"fct_cases", "fct_evaluations"} <= {name for (name,) in views}
    exports = homes.on_spark.ask("select count(distinct _file_id) from raw.cases where _state = 'loaded'")
    assert [(len([*(homes.on_spark.path / "lake" / "raw" / "cases").iterdir()]),)] == exports
    assert "Spark" in (homes.on_spark.path / "lake" / "1" / "spark.log").read_text(encoding="utf-8")


def test_a_build_that_no_warehouse_reads_is_deleted(homes):
    lake = homes.on_spark.path / "lake"
    assert [begin_build(homes.on_spark.path).name for _ in range(2)] == ["2", "3"]
    assert {path.name for path in lake.iterdir()} == {"raw", "1", "3"}
