"""Commands that read end a publication that was cut short, so that nobody reads warehouse and bulletins of two.

A process is killed while it publishes; then `tongbao sql` runs in the home of tiny files. The expected numbers are
those of `tiny_home.py`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagster_project.cli.main import main
from dagster_project.warehouse import moves, replacement
from dagster_project.warehouse.lock import hold_lock
from dagster_project.warehouse.moves import is_cut_short, make_moves
from tests.dagster_project.publication.test_cut_short import is_killed, kill
from tests.dagster_project.publication.test_targets import as_nobody
from tests.dagster_project.publication.tiny_home import NEW, OLD, list_moves, read_numbers

TOLD = "select value from told"
LINGWU = '{"code": "640181", "name": "灵武市", "folder": "lingwu"}'


@pytest.fixture
def cut_short(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose bulletins are new and whose warehouse is old, because a process was killed between two renames."""

    def swap_until_index(staged: Path, target: Path) -> None:
        replacement.swap(staged, target)
        if target.name == "index.html":
            kill()

    (home / "jurisdiction.json").write_text(LINGWU, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(moves, "swap", swap_until_index)
        assert is_killed(lambda: make_moves(home, list_moves(home)))
    assert read_numbers(home) not in (OLD, NEW)
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.delenv("TONGBAO_JURISDICTION", raising=False)
    return home


def test_a_command_that_reads_undoes_it_first(cut_short):
    said = CliRunner().invoke(main, ["sql", TOLD, "--csv"])
    assert (said.exit_code, said.stdout.split(), said.stderr) == (0, ["value", "1"], "")
    assert read_numbers(cut_short) == OLD and not is_cut_short(cut_short)


def test_while_another_process_holds_the_home_it_is_left_to_that_process(cut_short):
    with hold_lock(cut_short, "a run"):
        said = CliRunner().invoke(main, ["sql", TOLD, "--csv"])
    assert (said.exit_code, said.stderr) == (0, "")
    assert is_cut_short(cut_short) and read_numbers(cut_short) not in (OLD, NEW)


def test_a_reader_who_may_not_write_is_told(cut_short, monkeypatch, capfd):
    if os.getuid():
        pytest.skip("needs root")
    with tempfile.TemporaryDirectory(prefix="tongbao-") as place:
        Path(place).chmod(0o755)
        home = shutil.copytree(cut_short, Path(place) / "home", symlinks=True)
        for path in [home, *(path for path in home.rglob("*") if not path.is_symlink())]:
            path.chmod(path.stat().st_mode | (0o005 if path.is_dir() else 0o004))
        monkeypatch.setenv("TONGBAO_HOME", str(home))
        assert as_nobody(lambda: main(["sql", TOLD, "--csv"], standalone_mode=False)) == ""
        assert is_cut_short(home)
    told = capfd.readouterr()
    assert told.out.split() == ["value", "1"]
    assert f"{home / 'build' / 'lock'} can't be written" in told.err and "tongbao status" in told.err
