"""Publication onto targets that can't be replaced leaves all as it was, and the message names what is in the way.

Each obstacle is real: immutable files, folders of other users, mount points, a second file system. A test is skipped
where the system has no such thing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.moves import NotPublished, check_moves, make_moves
from dagster_project.warehouse.publication import check_targets, finish_publication, publish
from tests.dagster_project.publication.tiny_home import (
    NEW,
    OLD,
    all_say,
    attribute,
    list_moves,
    publish_again,
    read_numbers,
    stage,
)

IMMUTABLE = [
    "warehouses",
    "bulletins/2022H1",
    "bulletins/index.html",
    "bulletins/.digests/2022H1",
    "worklists/2022-06-30",
    "bulletins",
    "bulletins/.digests",
    "worklists",
    ".",
]


@pytest.mark.parametrize("flag", ["i", "a"])
@pytest.mark.parametrize("name", IMMUTABLE)
def test_an_immutable_target_leaves_all_as_it_was_and_is_named(home, name, flag):
    with attribute(flag, home / name):
        with pytest.raises(NotPublished) as refusal:
            make_moves(home, list_moves(home))
        assert read_numbers(home) == OLD
        finish_publication(home)
        assert read_numbers(home) == OLD
    assert str(home / name if name != "." else home / "warehouse.duckdb") in str(refusal.value)
    assert "lsattr" in str(refusal.value)
    publish_again(home)


@pytest.mark.parametrize("name", ["warehouses", "bulletins", "worklists", "."])
def test_an_immutable_folder_is_refused_before_the_run_does_any_work(home, name):
    check_targets(home)
    with attribute("i", home / name), pytest.raises(NotPublished, match=f"{home / name}.* can't be replaced"):
        check_targets(home)
    assert not [path for path in (home / "build").iterdir() if path.name.startswith("targets-")]


def test_a_folder_whose_content_can_t_be_deleted_is_replaced_with_a_warning_each_time(home):
    kept = home / "bulletins" / "2022H1" / "bulletin.html"
    with attribute("i", kept):
        (warning,) = make_moves(home, list_moves(home))
        held = next((home / "build" / "replaced").rglob("bulletin.html"))
        assert read_numbers(home) == NEW
        assert f"{held} (Operation not permitted)" in warning
        assert len(publish(stage(home, 3))) == 1
        assert read_numbers(home) == all_say(3)
        Candidate(home).discard()
        kept = held
        assert kept.read_text() == "1"
        subprocess.run(["chattr", "-i", kept], check=True)
        assert finish_publication(home) == []
        assert not (home / "build" / "replaced").exists()
        kept.parent.mkdir(parents=True)
        kept.touch()
        os.link(kept, home / "bulletins" / "2022H1" / "again")
        (home / "bulletins" / "2022H1" / "bulletin.html").unlink()
        os.rename(home / "bulletins" / "2022H1" / "again", home / "bulletins" / "2022H1" / "bulletin.html")


def test_a_folder_where_a_file_belongs_and_the_reverse_are_named(home):
    for name in ("warehouse.duckdb", "bulletins/index.html", "bulletins/2022H1", "worklists/2022-06-30"):
        kept = home / "kept"
        os.rename(home / name, kept)
        (home / name).mkdir() if kept.is_file() else (home / name).touch()
        with pytest.raises(NotPublished, match=f"{name} is a f.* belongs; move it away"):
            make_moves(home, list_moves(home))
        assert (home / "build" / "candidate.duckdb").exists()
        (home / name).rmdir() if kept.is_file() else (home / name).unlink()
        os.rename(kept, home / name)
        assert read_numbers(home) == OLD
    shutil.rmtree(home / "worklists")
    (home / "worklists").touch()
    with pytest.raises(NotPublished, match="one of its folders is a file"):
        make_moves(home, list_moves(home))
    (home / "worklists").unlink()
    publish_again(home)


def as_nobody(work: Callable[[], object]) -> str:
    """What `work` raises in a process of user 65534, '' if nothing."""
    reader, writer = os.pipe()
    if not (process := os.fork()):
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            work()
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.waitpid(process, 0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return answer.read()


@pytest.mark.parametrize("name", ["bulletins", "bulletins/2022H1", "bulletins/.digests", "worklists", "."])
def test_a_read_only_folder_leaves_all_as_it_was_and_is_named(prepared, name):
    with tempfile.TemporaryDirectory(prefix="tongbao-") as place:
        home = shutil.copytree(prepared, Path(place) / "home", symlinks=True)
        if os.getuid() == 0:
            for path in [Path(place), home, *home.rglob("*")]:
                os.chown(path, 65534, 65534, follow_symlinks=False)
        (home / name).chmod(0o555)
        assert as_nobody(lambda: check_moves(home, list_moves(home).items())).startswith("NotPublished: ")
        said = as_nobody(lambda: make_moves(home, list_moves(home)))
        assert said.startswith("NotPublished: ")
        assert f"{home / name if name != '.' else home / 'warehouse.duckdb'}" in said
        assert "the right to write" in said
        assert read_numbers(home) == OLD
        (home / name).chmod(0o755)
        assert as_nobody(lambda: make_moves(home, list_moves(home))) == ""
        assert read_numbers(home) == NEW


@pytest.mark.parametrize("name", ["warehouse.duckdb", "bulletins/2022H1", "bulletins"])
def test_a_target_of_another_user_in_a_folder_with_the_sticky_bit_is_named(prepared, name):
    if os.getuid():
        pytest.skip("needs root")
    with tempfile.TemporaryDirectory(prefix="tongbao-") as place:
        home = shutil.copytree(prepared, Path(place) / "home", symlinks=True)
        for path in [Path(place), home, *home.rglob("*")]:
            os.chown(path, 65534, 65534, follow_symlinks=False)
        os.chown((home / name).parent, 0, 0)
        (home / name).parent.chmod(0o1777)
        for path in [home / name, *(home / name).rglob("*")]:
            os.chown(path, 0, 0, follow_symlinks=False)
        said = as_nobody(lambda: make_moves(home, list_moves(home)))
        assert said.startswith(f"NotPublished: {home / name}")
        assert read_numbers(home) == OLD


@pytest.mark.parametrize("name", ["warehouses", "bulletins/2022H1", "bulletins"])
def test_a_mount_point_is_named_and_all_is_as_it_was(home, tmp_path, name):
    other = tmp_path / "other"
    shutil.copy(home / name, other) if (home / name).is_file() else shutil.copytree(home / name, other)
    if subprocess.run(["mount", "--bind", other, home / name], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    try:
        with pytest.raises(NotPublished, match=f"{home / name}.*(can't be replaced|two file systems)"):
            make_moves(home, list_moves(home))
        assert read_numbers(home) == OLD
    finally:
        subprocess.run(["umount", home / name], check=True)
    publish_again(home)


def test_a_home_on_two_file_systems_is_refused(home):
    if not os.access("/dev/shm", os.W_OK) or os.stat("/dev/shm").st_dev == home.stat().st_dev:
        pytest.skip("needs a second file system")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as place:
        build = shutil.copytree(home / "build", Path(place) / "build")
        os.rename(home / "build", home / "kept")
        (home / "build").symlink_to(build)
        for refused in (lambda: make_moves(home, list_moves(home)), lambda: check_targets(home)):
            with pytest.raises(NotPublished, match="lie on two file systems"):
                refused()
        assert read_numbers(home) == OLD
