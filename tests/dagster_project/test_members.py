"""A province's members: how many run at once, what is wrong in their list, and where their figures enter the graph.

Members run here as small programs that wait for each other, so that no test depends on how fast the machine is.
"""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from dagster_project import settings
from dagster_project.definitions import build_definitions
from dagster_project.members.collect import Member, collect, list_members
from dagster_project.members.run_members import LOG, run_members
from dagster_project.resources import Home
from dagster_project.settings import PROJECT
from ingest.errors import MappingError
from tests.dagster_project.small_county import SharedDbt

EXAMPLE = PROJECT / "jurisdictions" / "example-province"
# it ends once as many as the last argument have started, and says in its home what it was told
_MEET = """
import os, pathlib, sys, time
folder, wanted = pathlib.Path(sys.argv[1]), int(sys.argv[2])
home = pathlib.Path(os.environ["TONGBAO_HOME"])
(folder / home.name).touch()
deadline = time.monotonic() + 60
while len(list(folder.iterdir())) < wanted:
    if time.monotonic() > deadline:
        sys.exit(3)
    time.sleep(0.01)
print(os.environ["TONGBAO_JURISDICTION"], os.environ.get("TONGBAO_POSTGRES"), os.environ.get("TONGBAO_ALERT_FILE"))
sys.exit(int(home.name == "2"))
"""
# it fails where another one is in the folder
_ALONE = """
import os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
mine = folder / pathlib.Path(os.environ["TONGBAO_HOME"]).name
mine.touch()
time.sleep(0.05)
others = len(list(folder.iterdir()))
mine.unlink()
sys.exit(others - 1)
"""


def members_below(path: Path, count: int) -> list[Member]:
    return [Member(f"99000{n}", f"子县{n}", path / str(n), path / f"county{n}") for n in range(1, count + 1)]


def test_members_run_at_once_each_in_its_own_home(tmp_path, monkeypatch):
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    monkeypatch.setenv("TONGBAO_POSTGRES", "the province's")
    monkeypatch.setenv("TONGBAO_ALERT_FILE", "alerts")
    members = members_below(tmp_path, 2)
    codes = run_members(members, 2, [sys.executable, "-c", _MEET, str(meeting), "2"])
    assert codes == {"990001": 0, "990002": 1}
    for member in members:
        assert (member.home / LOG).read_text("utf-8").strip() == f"{member.folder} None alerts"
        assert stat.S_IMODE(member.home.stat().st_mode) & 0o027 == 0  # closed to others


def test_no_more_members_run_at_once_than_asked_for(tmp_path):
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    codes = run_members(members_below(tmp_path, 4), 1, [sys.executable, "-c", _ALONE, str(meeting)])
    assert set(codes.values()) == {0}


@pytest.fixture
def province(tmp_path) -> Path:
    """A province whose two members have the same code."""
    shutil.copytree(EXAMPLE, tmp_path / "province")
    for name in ("one", "two"):
        shutil.copytree(PROJECT / "jurisdictions" / "hotline-county", tmp_path / name)
    about = tmp_path / "province" / "jurisdiction.yaml"
    content = yaml.safe_load(about.read_text("utf-8"))
    content["members"] = [{"home": f"../home-{name}", "jurisdiction": f"../{name}"} for name in ("one", "two")]
    about.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return tmp_path / "province"


def test_two_members_with_one_code_are_refused(province):
    with pytest.raises(MappingError, match=r"members\.1: 样例县 has the code 990102, which is that of 样例县 too"):
        list_members(province)


def test_a_county_that_is_no_member_any_more_leaves_no_file(province, tmp_path):
    about = province / "jurisdiction.yaml"
    content = yaml.safe_load(about.read_text("utf-8"))
    content["members"].pop()
    about.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    stray = tmp_path / "exports" / "members" / "990009_figures.csv"
    stray.parent.mkdir(parents=True)
    stray.touch()
    (state,) = collect(province, tmp_path / "exports")
    assert state.state == "unpublished"
    assert [path.name for path in stray.parent.iterdir()] == ["members.csv"]


def test_the_members_are_an_asset_before_ingest(tmp_path):
    home = Home(path=str(tmp_path / "home"))
    definitions = build_definitions(
        tmp_path / "home", EXAMPLE, dbt=SharedDbt(home=home, path=str(settings.DBT_PROJECT))
    )
    graph = definitions.resolve_asset_graph()
    members = dg.AssetKey(["exports", "members"])
    assert graph.get(members).is_materializable
    assert members in graph.get(dg.AssetKey(["raw", "member_figures"])).parent_keys
