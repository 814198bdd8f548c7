"""Publication onto targets that can't be replaced: wholly old or wholly new, and the message says what is in the way.

Faults are real where the system has them: immutable files, folders of other users, mount points, killed processes. Only
a fault at a chosen move is a stand-in for `swap` or `os.replace`. The county of numbers of `tiny_home` is published.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from dagster_project.warehouse import publication, replacement
from dagster_project.warehouse.candidate import Candidate
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.publication import (
    CutShort,
    NotPublished,
    check_targets,
    finish_publication,
    hold_home,
    is_cut_short,
    publish,
    publish_moves,
)
from tests.dagster_project.tiny_home import MOVES, NEW, OLD, list_moves, read_numbers, stage

EACH_MOVE = pytest.mark.parametrize("index", range(len(MOVES)), ids=MOVES)
EXCHANGES = pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "renames"])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Path:
    """A home in which 1 is published and 2 waits."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    publish(stage(home, 1))
    with stage(home, 2).connect() as connection:
        connection.execute("drop schema delta cascade")  # as `publish` leaves the candidate
    return home


@pytest.fixture
def home(prepared, tmp_path) -> Path:
    return shutil.copytree(prepared, tmp_path / "home")


def publish_again(home: Path) -> None:
    publish_moves(home, list_moves(home))
    assert read_numbers(home) == NEW
    assert not is_cut_short(home)


@contextmanager
def attribute(flag: str, path: Path) -> Iterator[None]:
    """`path` with an attribute of its file system: +i immutable, +a only appended to. Skips where there is none."""
    if subprocess.run(["chattr", f"+{flag}", path], capture_output=True).returncode:
        pytest.skip("needs root and a file system with attributes")
    try:
        yield
    finally:
        subprocess.run(["chattr", f"-{flag}", path], check=True)


IMMUTABLE = [
    "warehouse.duckdb",
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
            publish_moves(home, list_moves(home))
        assert read_numbers(home) == OLD
        finish_publication(home)
        assert read_numbers(home) == OLD
    assert str(home / name if name != "." else home / "warehouse.duckdb") in str(refusal.value)
    assert "lsattr" in str(refusal.value)
    publish_again(home)


def test_an_immutable_warehouse_is_refused_before_the_run_does_any_work(home):
    check_targets(home)
    with attribute("i", home / "warehouse.duckdb"), pytest.raises(NotPublished, match="warehouse.duckdb can't be repl"):
        check_targets(home)
    assert not [path for path in (home / "build").iterdir() if path.name.startswith("targets-")]


def test_a_folder_whose_content_can_t_be_deleted_is_replaced_with_a_warning_each_time(home):
    kept = home / "bulletins" / "2022H1" / "bulletin.html"
    with attribute("i", kept):
        (warning,) = publish_moves(home, list_moves(home))
        held = next((home / "build" / "replaced").rglob("bulletin.html"))
        assert read_numbers(home) == NEW
        assert f"{held} (Operation not permitted)" in warning
        assert len(publish(stage(home, 3))) == 1
        assert read_numbers(home) == {"3"}
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
            publish_moves(home, list_moves(home))
        assert (home / "build" / "candidate.duckdb").exists()
        (home / name).rmdir() if kept.is_file() else (home / name).unlink()
        os.rename(kept, home / name)
        assert read_numbers(home) == OLD
    shutil.rmtree(home / "worklists")
    (home / "worklists").touch()
    with pytest.raises(NotPublished, match="one of its folders is a file"):
        publish_moves(home, list_moves(home))
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
        home = shutil.copytree(prepared, Path(place) / "home")
        if os.getuid() == 0:
            for path in [Path(place), home, *home.rglob("*")]:
                os.chown(path, 65534, 65534)
        (home / name).chmod(0o555)
        said = as_nobody(lambda: publish_moves(home, list_moves(home)))
        assert said.startswith("NotPublished: ")
        assert f"{home / name if name != '.' else home / 'warehouse.duckdb'}" in said
        assert "the right to write" in said
        assert read_numbers(home) == OLD
        (home / name).chmod(0o755)
        assert as_nobody(lambda: publish_moves(home, list_moves(home))) == ""
        assert read_numbers(home) == NEW


@pytest.mark.parametrize("name", ["warehouse.duckdb", "bulletins/2022H1", "bulletins"])
def test_a_target_of_another_user_in_a_folder_with_the_sticky_bit_is_named(prepared, name):
    if os.getuid():
        pytest.skip("needs root")
    with tempfile.TemporaryDirectory(prefix="tongbao-") as place:
        home = shutil.copytree(prepared, Path(place) / "home")
        for path in [Path(place), home, *home.rglob("*")]:
            os.chown(path, 65534, 65534)
        os.chown((home / name).parent, 0, 0)
        (home / name).parent.chmod(0o1777)
        for path in [home / name, *(home / name).rglob("*")]:
            os.chown(path, 0, 0)
        said = as_nobody(lambda: publish_moves(home, list_moves(home)))
        assert said.startswith(f"NotPublished: {home / name}")
        assert read_numbers(home) == OLD


@pytest.mark.parametrize("name", ["warehouse.duckdb", "bulletins/2022H1", "bulletins"])
def test_a_mount_point_is_named_and_all_is_as_it_was(home, tmp_path, name):
    other = tmp_path / "other"
    shutil.copy(home / name, other) if (home / name).is_file() else shutil.copytree(home / name, other)
    if subprocess.run(["mount", "--bind", other, home / name], capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    try:
        with pytest.raises(NotPublished, match=f"{home / name}.*(can't be replaced|two file systems)"):
            publish_moves(home, list_moves(home))
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
        for refused in (lambda: publish_moves(home, list_moves(home)), lambda: check_targets(home)):
            with pytest.raises(NotPublished, match="lie on two file systems"):
                refused()
        assert read_numbers(home) == OLD


class Faults:
    """Stands in for the system calls of publication; call number `at` fails before or after it was carried out."""

    def __init__(self, at: int, *, done: bool, how: Callable[[], None]) -> None:
        self.at, self.done, self.how, self.count = at, done, how, 0

    def wrap(self, move: Callable) -> Callable:
        def moved(*paths):
            self.count += 1
            is_chosen = self.count == self.at + 1
            if is_chosen and not self.done:
                self.how()
            try:
                move(*paths)
            finally:
                if is_chosen:
                    self.how()

        return moved


class _Module:
    """os, with one function in place of another."""

    def __init__(self, **functions) -> None:
        self.__dict__.update(functions)

    def __getattr__(self, name: str):
        return getattr(os, name)


def fail() -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def without_exchange(monkeypatch, exchanges: bool) -> None:
    if not exchanges:
        monkeypatch.setattr(replacement, "_exchange", lambda one, other: False)


@EXCHANGES
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@EACH_MOVE
def test_a_move_that_fails_undoes_all_before_it(home, monkeypatch, index, done, exchanges):
    without_exchange(monkeypatch, exchanges)
    faults = Faults(index, done=done, how=fail)
    with monkeypatch.context() as patch:
        if MOVES[index] == "warehouse.duckdb":
            faults.at = 1  # the first os.replace writes the journal
            patch.setattr(publication, "os", _Module(replace=faults.wrap(os.replace)))
        else:
            patch.setattr(publication, "swap", faults.wrap(replacement.swap))
        if MOVES[index] == "warehouse.duckdb" and done:
            publish_moves(home, list_moves(home))  # it was carried out, so all is new
            assert read_numbers(home) == NEW
            return
        with pytest.raises(NotPublished, match=f"{MOVES[index]} can't be replaced .Input/output error"):
            publish_moves(home, list_moves(home))
    assert read_numbers(home) == OLD
    assert not is_cut_short(home)
    finish_publication(home)
    assert read_numbers(home) == OLD
    publish_again(home)


def is_killed(work: Callable[[], object]) -> bool:
    if not (process := os.fork()):
        try:
            work()
        finally:
            os._exit(0)
    return os.waitpid(process, 0)[1] == signal.SIGKILL


@EXCHANGES
def test_a_process_killed_at_any_system_call_leaves_all_old_or_all_new_after_the_next_command(
    prepared, tmp_path, monkeypatch, exchanges
):
    without_exchange(monkeypatch, exchanges)
    ends = []
    for index in range(60):
        home = shutil.copytree(prepared, tmp_path / str(index))
        faults = Faults(index, done=False, how=kill)
        moves = _Module(rename=faults.wrap(os.rename), replace=faults.wrap(os.replace), fsync=faults.wrap(os.fsync))
        with monkeypatch.context() as patch:
            patch.setattr(publication, "os", moves)
            patch.setattr(replacement, "os", moves)
            if exchanges:
                exchange = faults.wrap(replacement._exchange)
                patch.setattr(replacement, "_exchange", lambda *paths, moved=exchange: moved(*paths) or True)
            killed = is_killed(lambda home=home: publish_moves(home, list_moves(home)))
        if not killed:
            break
        hold_home(home, "test").close()
        ends.append(read_numbers(home) == NEW)
        assert read_numbers(home) == (NEW if ends[-1] else OLD)
        assert not is_cut_short(home)
        if ends[-1]:
            assert [*(home / "build").rglob("*.html")] == []
        else:
            publish_again(home)
        shutil.rmtree(home)
    assert read_numbers(home) == NEW
    assert ends == sorted(ends), "once a kill leaves all new, every later one does"
    assert len(ends) - sum(ends) >= 20, "kills before the warehouse was replaced"
    assert sum(ends) >= 5, "kills after it"


def test_a_publication_that_can_t_be_undone_says_so_until_it_can(home, monkeypatch):
    def refuse(staged: Path, target: Path) -> None:
        if target.name == "2022H1" and staged.parent.name == "bulletins":
            fail()
        replacement.swap(staged, target)
        if target.name == "2022-07":
            subprocess.run(["chattr", "+i", home / "bulletins" / "2022-07"], check=True)

    with attribute("i", home / "build" / "lock" if (home / "build" / "lock").exists() else home / "bulletins/2022H1"):
        pass  # skips without attributes
    monkeypatch.setattr(publication, "swap", refuse)
    try:
        with pytest.raises(CutShort, match=r"warehouse.duckdb is the former one, but .*2022-07 can't be replaced"):
            publish_moves(home, list_moves(home))
        assert is_cut_short(home)
        with pytest.raises(CutShort, match="undoes the publication"):
            hold_home(home, "test")
        hold_lock(home, "the lock was let go").close()
    finally:
        subprocess.run(["chattr", "-i", home / "bulletins" / "2022-07"], check=True)
    monkeypatch.undo()
    hold_home(home, "test").close()
    assert read_numbers(home) == OLD
    publish_again(home)


@pytest.mark.parametrize("content", ["", "[", "{}", "[1]", '{"build/candidate.duckdb": "warehouse.duckdb"}'])
def test_a_damaged_journal_is_forgotten_and_the_next_publication_makes_all_fit(home, content):
    (home / "build" / "publication.json").write_text(content)
    (warning,) = finish_publication(home)
    assert "publication.json could not be read" in warning
    assert not (home / "bulletins" / ".digests").exists()  # so every bulletin is due
    assert not (home / "build" / "worklists").exists()  # so worklists are made again
    assert finish_publication(home) == []
    publish(stage(home, 2))
    assert read_numbers(home) == NEW


WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create table scratch as select 42 as mine")
print("ready", flush=True)
for line in sys.stdin:
    connection.execute(line)
    print("done", flush=True)
"""


@contextmanager
def writer_of(home: Path) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-c", WRITER, str(home / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_what_a_writer_left_beside_the_published_file_is_set_aside_with_its_file(home):
    with writer_of(home) as writer:
        with pytest.raises(NotPublished, match=rf"process {writer.pid} \(python.*read_only=True"):
            check_targets(home)
        assert finish_publication(home) == []  # who holds it may still end well
        assert (home / "warehouse.duckdb.wal").exists()
        (warning,) = publish_moves(home, list_moves(home))
        assert f"process {writer.pid} (python" in warning
        assert str(home / "set-aside" / "1") in warning
        assert read_numbers(home) == NEW
        # it works on, and leaves another file of changes beside a file that it has never seen
        for command in ("checkpoint", "insert into scratch values (43)"):
            writer.stdin.write(f"{command}\n")
            writer.stdin.flush()
            writer.stdout.readline()
        with pytest.raises(duckdb.IOException, match="replaying WAL"):
            read_numbers(home)
    (warning,) = finish_publication(home)
    assert str(home / "set-aside" / "2") in warning
    assert read_numbers(home) == NEW
    check_targets(home)
    assert finish_publication(home) == []


def test_changes_set_aside_can_be_read_with_the_file_that_they_belong_to(home):
    with writer_of(home):
        pass  # killed
    (warning,) = finish_publication(home)
    assert read_numbers(home) == OLD
    with duckdb.connect(str(home / "set-aside" / "1" / "warehouse.duckdb")) as connection:
        assert connection.execute("from scratch").fetchall() == [(42,)]
    assert "read_only=True" in warning


def test_the_published_file_is_for_its_owner_and_group_alone(home):
    publish(stage(home, 2))
    assert (home / "warehouse.duckdb").stat().st_mode & 0o777 == 0o640
