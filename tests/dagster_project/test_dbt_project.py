"""Tests the dbt project's manifest: kept in the home, made again when it is broken, never written into the checkout.

A project of one model takes the place of the real one. It asserts which files are where, and that commands still run.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from dagster_project import settings
from dagster_project.warehouse.dbt_project import DbtError, DbtProject
from dagster_project.warehouse.sealed_file import read_sealed_file, seal_file

PROFILE = """
one:
  target: dev
  outputs: {dev: {type: duckdb, path: "{{ env_var('TONGBAO_HOME') }}/build/candidate.duckdb", threads: 1}}
"""

PARENT = """
import sys
from pathlib import Path
from dagster_project import settings
from dagster_project.warehouse.dbt_project import DbtProject
folder, home = map(Path, sys.argv[1:])
project = DbtProject(folder, home)
project.load_ahead()
print(project._helper._process.pid, flush=True)
project.run("build", target=home / "build" / "dbt")
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: one\nversion: '1.0'\nprofile: one\nmodel-paths: [models]\n")
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "first.sql").write_text("select 1 as value")
    return folder


def listed(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def made_home(path: Path) -> Path:
    (path / "build").mkdir(parents=True)
    return path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def alter(path: Path) -> None:
    """Change one letter of the model's SQL, which leaves a file that can be read."""
    content = path.read_bytes()
    assert b"select 1 as value" in content
    path.write_bytes(content.replace(b"select 1 as value", b"select 7 as value"))


def alter_sum(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("damage", [cut, alter, alter_sum])
def test_every_cached_file_that_is_damaged_is_made_again(folder, tmp_path, damage):
    home = made_home(tmp_path / "home")
    project = DbtProject(folder, home)
    assert project.manifest
    project.close()
    manifest, partial = sorted((home / "dbt").iterdir())
    assert partial.name == f"{manifest.name}.msgpack"
    # a damaged partial parse matters when the manifest is made from it
    for damaged in ([manifest], [manifest, partial]):
        for path in damaged:
            damage(path)
        again = DbtProject(folder, home)
        assert again.manifest["nodes"]["model.one.first"]["raw_code"] == "select 1 as value"
        again.close()


def test_what_was_parsed_in_one_home_is_not_parsed_again_in_another(folder, tmp_path):
    created = []
    for name in ("one", "other"):
        home = made_home(tmp_path / name)
        for path in tmp_path.glob("one/dbt/*.msgpack"):
            (home / "dbt").mkdir(exist_ok=True)
            shutil.copy(path, home / "dbt")
        project = DbtProject(folder, home)
        created.append(project.manifest["nodes"]["model.one.first"]["created_at"])
        project.close()
    assert created[0] == created[1]


def test_a_reader_meets_a_sealed_file_whole_while_it_is_made_anew(tmp_path):
    path, made, read = tmp_path / "sealed", tmp_path / "made", []

    def seal(number: int) -> None:
        made.write_bytes(f"{number:09}".encode() * 10_000)
        seal_file(made, path)

    def read_on() -> None:
        while len(read) < 500:
            read.append(read_sealed_file(path))

    seal(0)
    reader = Thread(target=read_on)
    reader.start()
    number = 1
    while reader.is_alive():
        seal(number)
        number += 1
    assert None not in read and len({*read}) > 1


def test_a_changed_project_gets_a_new_manifest_and_the_old_one_goes(folder, tmp_path):
    home = made_home(tmp_path / "home")
    first = DbtProject(folder, home)
    assert first.manifest
    before = [*(home / "dbt").iterdir()]
    first.close()
    (folder / "models" / "second.sql").write_text("select 2 as value")
    second = DbtProject(folder, home)
    assert "model.one.second" in second.manifest["nodes"]
    assert len(before) == 2 and not [path for path in before if path.exists()]
    second.close()


def test_a_test_keeps_its_description_when_another_file_changes(tmp_path):
    """dbt loses them if it parses again only what changed, here a macro by which models that a test reads are made."""
    folder = shutil.copytree(settings.DBT_PROJECT, tmp_path / "dbt", ignore=shutil.ignore_patterns("target", "logs"))
    home = made_home(tmp_path / "home")
    for changed in ("", "\n{# changed #}\n"):
        macro = folder / "macros" / "predicates.sql"
        macro.write_text(macro.read_text(encoding="utf-8") + changed, encoding="utf-8")
        project = DbtProject(folder, home)
        tests = [node for node in project.manifest["nodes"].values() if node["resource_type"] == "test"]
        project.close()
        assert {test["name"] for test in tests if not (test.get("test_metadata") or test["description"])} == set()


def test_two_homes_share_a_checkout_into_which_nothing_is_written(folder, tmp_path):
    before = listed(folder)
    folder.chmod(0o555)
    homes = [made_home(tmp_path / name) for name in ("one", "other")]
    projects = [DbtProject(folder, home) for home in homes]
    for project in projects:
        project.load_ahead()
    for project, home in zip(projects, homes, strict=True):
        assert project.run("build", target=home / "build" / "dbt").success
        with duckdb.connect(str(home / "build" / "candidate.duckdb")) as connection:
            assert connection.execute("select value from first").fetchall() == [(1,)]
        project.close()
    folder.chmod(0o755)
    assert listed(folder) == before


def test_a_project_that_can_not_be_parsed_is_an_error_with_dbts_reason(folder, tmp_path):
    (folder / "models" / "first.sql").write_text("{{ ref('nowhere') }}")
    project = DbtProject(folder, made_home(tmp_path / "home"))
    with pytest.raises(DbtError, match="nowhere"):
        _ = project.manifest
    project.close()


def test_the_helper_process_ends_with_its_parent(folder, tmp_path):
    home = made_home(tmp_path / "home")
    endless = "select count(*) as value from range(100000000000)"
    (folder / "models" / "first.sql").write_text(endless)
    command = [sys.executable, "-c", PARENT, str(folder), str(home)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    helper = int(parent.stdout.readline())
    deadline = time.monotonic() + 60
    while not (home / "build" / "candidate.duckdb").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _is_running(helper):
        time.sleep(0.1)
    assert not _is_running(helper)
    shutil.rmtree(home)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (OSError, IndexError):
        return False
