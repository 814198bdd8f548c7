"""A publication that fails or is killed at any of its system calls ends wholly old or wholly new.

`Faults` stands in for the calls that move files: a chosen one fails, or kills the process. The expected end is read
from the files themselves.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.warehouse import moves, replacement
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.moves import CutShort, NotPublished, is_cut_short, make_moves
from dagster_project.warehouse.publication import finish_publication, hold_home, publish
from reports.release import freeze
from tests.dagster_project.publication.tiny_home import (
    MOVES,
    NEW,
    OLD,
    attribute,
    list_moves,
    publish_again,
    read_numbers,
    stage,
)

EACH_MOVE = pytest.mark.parametrize("index", range(len(MOVES)), ids=MOVES)
EXCHANGES = pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "renames"])


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
            patch.setattr(moves, "os", _Module(replace=faults.wrap(os.replace)))
        else:
            patch.setattr(moves, "swap", faults.wrap(replacement.swap))
        if MOVES[index] == "warehouse.duckdb" and done:
            make_moves(home, list_moves(home))  # it was carried out, so all is new
            assert read_numbers(home) == NEW
            return
        with pytest.raises(NotPublished, match=f"{MOVES[index]} can't be replaced .Input/output error"):
            make_moves(home, list_moves(home))
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
        home = shutil.copytree(prepared, tmp_path / str(index), symlinks=True)
        faults = Faults(index, done=False, how=kill)
        calls = _Module(rename=faults.wrap(os.rename), replace=faults.wrap(os.replace), fsync=faults.wrap(os.fsync))
        with monkeypatch.context() as patch:
            patch.setattr(moves, "os", calls)
            patch.setattr(replacement, "os", calls)
            patch.setattr(freeze, "os", calls)
            if exchanges:
                exchange = faults.wrap(replacement._exchange)
                patch.setattr(replacement, "_exchange", lambda *paths, moved=exchange: moved(*paths) or True)
            killed = is_killed(lambda home=home: make_moves(home, list_moves(home)))
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
    monkeypatch.setattr(moves, "swap", refuse)
    try:
        with pytest.raises(CutShort, match=r"warehouse.duckdb is the former one, but .*2022-07 can't be replaced"):
            make_moves(home, list_moves(home))
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
    (home / "build" / "publication.json").write_text(content)  # now there is nothing to be made again
    assert len(finish_publication(home)) == 1
    assert finish_publication(home) == []
    publish(stage(home, 2))
    assert read_numbers(home) == NEW


def test_everything_that_takes_the_lock_settles_a_publication_first():
    root = Path(moves.__file__).parents[1]
    takers = {str(path.relative_to(root)) for path in root.rglob("*.py") if "= hold_lock(" in path.read_text("utf-8")}
    takers |= {
        str(path.relative_to(root)) for path in root.rglob("*.py") if "with hold_lock(" in path.read_text("utf-8")
    }
    assert takers == {"resources.py", "warehouse/publication.py"}, "use hold_home, or call finish_publication"
