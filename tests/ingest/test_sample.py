"""The synthetic exports at a small scale: same seed same bytes, never among real files, synthetic and readable.

Published totals hold at full scale only; the end-to-end tests assert them.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.landing.find import SYNTHETIC_MARKER
from ingest.reading.compare import SYNTHETIC_HEADER
from ingest.run import ingest
from ingest.sample.generate import generate
from ingest.sample.plan import allocate

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "exports"
    generate(LINGWU, folder, scale=0.01)
    return folder


@pytest.fixture(scope="module")
def warehouse(exports: Path) -> duckdb.DuckDBPyConnection:
    """The sample without the note beside its files."""
    alone = exports.parent / "alone"
    shutil.copytree(exports, alone, ignore=shutil.ignore_patterns(SYNTHETIC_MARKER))
    return load(alone)


def load(exports: Path) -> duckdb.DuckDBPyConnection:
    (exports.parent / "build").mkdir(exist_ok=True)
    connection = duckdb.connect()
    report = ingest(connection, LINGWU, exports, exports.parent, "run-1")
    assert not report.refused and not report.unclaimed
    return connection


def ask(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    return connection.execute(query).fetchone()[0]


def test_one_seed_gives_one_set_of_bytes_whatever_the_threads(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.sample.generate._THREADS", 1)
    generate(LINGWU, tmp_path / "exports", scale=0.01)
    assert fingerprints(tmp_path / "exports") == fingerprints(exports)


def test_refuses_a_folder_that_holds_files(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("办件编号\n")
    with pytest.raises(FileExistsError, match="empty folder"):
        generate(LINGWU, tmp_path, scale=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["real.csv"]


@pytest.mark.parametrize("scale", [0, 0.001, 1.5])
def test_refuses_a_scale_out_of_range(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ValueError, match=r"0\.01"):
        generate(LINGWU, tmp_path / "exports", scale=scale)


def test_says_that_it_is_synthetic(exports: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    assert "合成数据" in (exports / SYNTHETIC_MARKER).read_text(encoding="utf-8")
    assert ask(warehouse, "select bool_and(is_synthetic) from quality.files")
    assert ask(warehouse, "select bool_and(case_no like 'YL%') from raw.cases")


@pytest.mark.parametrize(
    ("has_column", "has_note", "is_synthetic"), [(True, False, True), (False, True, True), (False, False, False)]
)
def test_a_file_is_known_by_its_column_or_as_before_by_the_note(
    exports: Path, tmp_path: Path, has_column: bool, has_note: bool, is_synthetic: bool
) -> None:
    folder = tmp_path / "exports" / "hall"
    folder.mkdir(parents=True)
    (content,) = [path.read_text("gb18030") for path in exports.glob("hall/2022/zhck_202202.csv")]
    assert content.partition("\n")[0].endswith(f",{SYNTHETIC_HEADER}")
    text = content if has_column else re.sub(r",[^,\n]*$", "", content, flags=re.M)
    (folder / "zhck_202202.csv").write_text(text, "gb18030")
    if has_note:
        (tmp_path / "exports" / SYNTHETIC_MARKER).write_text("样例", "utf-8")
    assert ask(load(tmp_path / "exports"), "select bool_and(is_synthetic) from quality.files") is is_synthetic


def test_the_mappings_read_every_row(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert ask(warehouse, "select count(*) from quality.quarantine") == 0
    assert ask(warehouse, "select count(*) from quality.files where unknown_headers <> ''") == 0


def test_every_source_covers_the_same_last_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(distinct until) from (
            select max(covers_until) as until from quality.files
            where dataset in ('cases', 'evaluations', 'certificates') group by source, dataset)
    """
    assert ask(warehouse, query) == 1


@pytest.mark.parametrize(
    "query",
    [
        "select 1 from raw.cases where _state = 'superseded' and status = 'in_progress'",
        "select 1 from raw.cases where _state = 'duplicate'",
        "select 1 from raw.cases where _state = 'loaded' and status = 'void'",
        "select 1 from raw.cases where accepted_at = timestamp '2022-06-30 23:59:59'",
        "select 1 from raw.cases where accepted_at = timestamp '2022-07-01 00:00:00'",
        "select 1 from raw.case_pauses where ended_at is null and _state = 'loaded'",
        "select 1 from raw.evaluations where not is_valid",
        "select 1 from raw.certificates where status = '退回' and _state = 'loaded'",
        "select 1 from raw.items where suspended_on <= date '2022-06-30'",
        """select 1 from raw.cases as own inner join raw.cases as other using (case_no)
            where own.source_system = 'hr' and other.source_system <> 'hr'""",
        """select 1 from raw.cases as one inner join raw.cases as other using (case_no)
            where one.source_system = 'platform' and one.finished_at is null
            and other.source_system = 'township' and other.finished_at is not null""",
    ],
)
def test_what_a_careless_count_gets_wrong_is_there_at_any_scale(
    warehouse: duckdb.DuckDBPyConnection, query: str
) -> None:
    assert ask(warehouse, f"select count(*) from ({query})") > 0


def test_every_evaluation_names_a_case(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = """
        select count(*) from raw.evaluations as evaluations
        where not exists (
            select 1 from raw.cases as cases
            where cases.source_system = evaluations.case_source and cases.case_no = evaluations.case_no)
    """
    assert ask(warehouse, query) == 0


def test_shares_add_up() -> None:
    assert allocate(10, [1, 1, 1]) == [4, 3, 3]
    assert allocate(0, [5, 5]) == [0, 0]
    assert allocate(7, [0, 7]) == [0, 7]
