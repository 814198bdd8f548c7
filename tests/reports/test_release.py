"""Versions are released from small folders: whole or not at all, never changed afterwards, never twice the same.

What a bulletin prints is tested in test_render.py, what `verify` reports in test_verify.py.
"""

import csv
import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from reports.proof.printed import read_printed
from reports.release import freeze
from reports.release.folder import find_altered_files, format_sums, list_files
from reports.release.freeze import ReleaseError, find_last_version, freeze_draft, list_versions

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"
HEADER = "period,figure,dimension,member,value\n"
TOWN = "2022H1,b,town,东塔镇,0.5"


def drafted(folder: Path, *rows: str, words: str = "x", code: str = "1.0") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "charts").mkdir(exist_ok=True)
    (folder / "charts" / "a.svg").write_text("<svg/>", "utf-8")
    (folder / "bulletin.html").write_text(words, "utf-8")
    (folder / "figures.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8-sig")
    about = {"period": "2022H1", "code_version": code, "as_of_on": "2022-06-30"}
    (folder / "provenance.json").write_text(json.dumps(about), "utf-8")
    return folder


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path / "releases" / "2022H1"


@pytest.fixture
def first(tmp_path: Path, releases: Path) -> Path:
    draft = drafted(tmp_path / "draft", "2022H1,a,total,total,1.0", TOWN, "2022H1,c,total,total,7.0")
    return freeze_draft(draft, releases, "")


def test_the_first_version_is_the_draft_with_its_sums(tmp_path, first):
    draft = tmp_path / "draft"
    assert first.name == "v1" and not (first / "revisions.csv").exists()
    for name in list_files(draft):
        assert (first / name).read_bytes() == (draft / name).read_bytes()
    lines = (first / "SHA256SUMS").read_text("utf-8").splitlines()
    assert sorted(line.split("  ")[1] for line in lines) == sorted([*list_files(draft), "release.json"])
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((first / name).read_bytes()).hexdigest() == digest
    modes = {path.stat().st_mode & 0o777 for path in [first, *first.rglob("*")]}
    assert modes == {0o444, 0o555}


@pytest.mark.parametrize("name", ["index.html", "explore.html"])
def test_a_link_beside_the_drafts_leads_on_from_a_version(first, name):
    leads = (first / ".." / name).read_text("utf-8")
    assert f'url=../../bulletins/{name}"' in leads  # from releases/2022H1/


def test_the_next_version_says_what_it_revises_and_why(tmp_path, releases, first):
    before = {name: (first / name).read_bytes() for name in list_files(first)}
    draft = drafted(tmp_path / "draft", "2022H1,a,total,total,2.0", TOWN, "2022H1,d,total,total,3.0")
    with pytest.raises(ReleaseError, match=r"3 figures differ from those of v1.*a/2022H1.*1\.0 → 2\.0.*--why"):
        freeze_draft(draft, releases, " ")
    assert list_versions(releases) == [first]
    second = freeze_draft(draft, releases, "三月数据补报")
    with (second / "revisions.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["figure", "period", "dimension", "member", "old", "new"],
            ["a", "2022H1", "total", "total", "1.0", "2.0"],
            ["c", "2022H1", "total", "total", "7.0", ""],
            ["d", "2022H1", "total", "total", "", "3.0"],
        ]
    about = json.loads((second / "release.json").read_text("utf-8"))
    assert about == {
        "period": "2022H1",
        "version": "v2",
        "as_of_on": "2022-06-30",
        "code_version": "1.0",
        "revises": "v1",
        "revised_figures": 3,
        "why": "三月数据补报",
    }
    assert {name: (first / name).read_bytes() for name in list_files(first)} == before


def test_the_same_again_is_refused_but_other_words_are_a_version(tmp_path, releases, first):
    rows = ("2022H1,a,total,total,1.0", TOWN, "2022H1,c,total,total,7.0")
    same = drafted(tmp_path / "draft", *rows, code="1.1")
    with pytest.raises(ReleaseError, match="same as v1"):
        freeze_draft(same, releases, "")
    second = freeze_draft(drafted(tmp_path / "draft", *rows, words="y"), releases, "")
    assert second.name == "v2" and (second / "revisions.csv").read_text("utf-8-sig").count("\n") == 1


def test_a_release_that_dies_is_not_visible_and_not_in_the_way(tmp_path, releases, first, monkeypatch):
    draft = drafted(tmp_path / "draft", "2022H1,a,total,total,2.0")
    with monkeypatch.context() as patched:
        patched.setattr(freeze.os, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            freeze_draft(draft, releases, "更正")
    assert list_versions(releases) == [first]
    assert sorted(path.name for path in releases.iterdir()) == [".v2.part", "explore.html", "index.html", "v1"]
    assert freeze_draft(draft, releases, "更正").name == "v2"
    assert sorted(path.name for path in releases.iterdir()) == ["explore.html", "index.html", "v1", "v2"]


def test_a_released_file_altered_afterwards_is_found(first):
    assert find_altered_files(first) == []
    page = first / "bulletin.html"
    page.chmod(0o644)
    page.write_text("z", "utf-8")
    first.chmod(0o755)
    (first / "note.txt").write_text("z", "utf-8")
    assert find_altered_files(first) == ["bulletin.html", "note.txt"]


def test_the_command_releases_only_what_verify_passes(tmp_path, filled, monkeypatch):
    from dagster_project.cli.bulletin.verify import Counted
    from dagster_project.cli.main import main
    from reports.render import render

    home = tmp_path / "home"
    home.mkdir()
    filled.execute(f"attach '{home / 'warehouse.duckdb'}' as kept; copy from database memory to kept; detach kept")
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    # the warehouse made by hand has figures, and no facts to count them from
    monkeypatch.setattr("dagster_project.cli.bulletin.release.figures_agree", lambda *_: True)
    draft = home / "bulletins" / "2022H1"
    render(filled, "2022H1", LINGWU, draft, "1.0")
    page = (draft / "bulletin.html").read_text("utf-8")
    (draft / "bulletin.html").write_text(page.replace(">34.9万<", ">39.4万<", 1), "utf-8")
    run = CliRunner().invoke
    monkeypatch.setattr("dagster_project.cli.bulletin.verify.count_again", lambda _, period: Counted(period, 0, []))
    told = json.loads(run(main, ["verify", str(draft), "--json"]).stdout)
    (compared,) = told["compared"]
    assert not told["agrees"] and (compared["path"], compared["measure"]) == (str(draft), "rendering")
    assert [(each["file"], each["printed"], each["expected"]) for each in compared["faults"]] == [
        ("bulletin.html", "“39.4万件” prints 39.4万", "34.9万")
    ]
    refused = run(main, ["release", "2022H1"])
    assert refused.exit_code == 1 and not (home / "releases").exists()
    assert "39.4万, should be 34.9万" in refused.output and "nothing was released" in refused.output
    (draft / "bulletin.html").write_text(page, "utf-8", newline="\n")
    assert run(main, ["release", "2022H1"]).exit_code == 0
    assert 'href="../releases/2022H1/v1/bulletin.pdf"' in (home / "bulletins" / "index.html").read_text("utf-8")
    shutil.rmtree(draft)
    missing = run(main, ["release", "2022H1"])
    assert missing.exit_code == 1 and "tongbao bulletin 2022H1" in missing.output


def test_the_next_version_itself_says_what_it_revises_of_the_last_and_why(tmp_path, filled, monkeypatch):
    from dagster_project.cli.main import main
    from reports.release.revised import read_revised
    from reports.render import render

    home = tmp_path / "home"
    home.mkdir()
    warehouse = home / "warehouse.duckdb"
    filled.execute(f"attach '{warehouse}' as kept; copy from database memory to kept; detach kept")
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setattr("dagster_project.cli.bulletin.release.figures_agree", lambda *_: True)
    monkeypatch.setattr("dagster_project.cli.bulletin.verify.figures_agree", lambda *_: True)
    draft, releases = home / "bulletins" / "2022H1", home / "releases" / "2022H1"
    run = CliRunner().invoke

    def rendered() -> None:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            render(connection, "2022H1", LINGWU, draft, "1.0", read_revised(find_last_version(releases)))

    rendered()
    assert run(main, ["release", "2022H1"]).exit_code == 0
    assert "数字修订" not in (releases / "v1" / "bulletin.html").read_text("utf-8")
    with duckdb.connect(str(warehouse)) as connection:
        # one figure changes as it is printed, another only in digits that nobody prints
        connection.execute("update marts.figures set value = 26 where figure = 'overdue_open' and member = '东塔镇'")
        connection.execute("update marts.figures set value = value + 1e-9 where figure = 'satisfaction'")
    rendered()
    assert "（发布时写明）" in (draft / "bulletin.html").read_text("utf-8")
    assert "--why" in run(main, ["release", "2022H1"]).output
    second = run(main, ["release", "2022H1", "--why", "东塔镇2件补报办结。"])
    assert second.exit_code == 0, second.output
    for kind in ("html", "pdf", "docx"):
        text = "".join(
            piece.text
            for piece in read_printed(f"b.{kind}", (releases / "v2" / f"bulletin.{kind}").read_bytes()).pieces
        )
        text = text.replace(" ", "").replace("\n", "")
        assert "上一次公布的第一版" in text and "修订原因：东塔镇2件补报办结。" in text, kind
    page = (releases / "v2" / "bulletin.html").read_text("utf-8")
    table = re.search(r"<caption>修订的指标</caption>.*?</table>", page, re.DOTALL)[0]
    assert [re.sub("<[^>]*>", " ", row).split() for row in table.splitlines()[1:-1]] == [
        ["超期未办", "东塔镇", "28", "26", "件"]
    ]
    assert run(main, ["verify", str(releases / "v2")]).exit_code == 0
    for name, old, new in (("release.json", "补报", "漏报"), ("revisions.csv", ",28.0,26.0", ",28.0,27.0")):
        forged = Path(shutil.copytree(releases, tmp_path / name / "2022H1")) / "v2"
        for path in (forged, *forged.iterdir()):
            path.chmod(0o755)
        content = (forged / name).read_text("utf-8")
        assert old in content
        (forged / name).write_text(content.replace(old, new), "utf-8")
        (forged / "SHA256SUMS").write_text(format_sums(forged), "utf-8")
        found = run(main, ["verify", str(forged)])
        assert found.exit_code == 1 and f"{name}, line" in found.output, found.output
    # each version is what its own evidence renders, also when the warehouse holds other figures
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update marts.figures set value = 27 where figure = 'overdue_open' and member = '东塔镇'")
    for version in ("v1", "v2"):
        proven = run(main, ["verify", str(releases / version)])
        assert proven.exit_code == 0, proven.output
    proven = run(main, ["verify", str(releases / "v2"), "--json"])
    told = json.loads(proven.stdout)
    assert proven.exit_code == 0 and told["agrees"] and told["periods"] == [] and told["compared"][0]["faults"] == []
    files = told["compared"][0]["files"]
    spoken = run(main, ["verify", str(releases / "v2")], env={"LC_ALL": "zh_CN.UTF-8"}).stdout
    compared = f"{releases / 'v2'}：{files} 个文件与重新生成的比对，0 个文件中有 0 处不符"
    assert spoken.splitlines() == [compared, f"{releases / 'v2'}：没有签名"]
    evidence = Path(shutil.copytree(releases, tmp_path / "evidence" / "2022H1")) / "v1"
    for path in (evidence, *evidence.rglob("*")):
        path.chmod(0o755)
    table = evidence / "evidence" / "marts.figures.parquet"
    duckdb.sql(f"copy (select * replace (value + 1 as value) from '{table}') to '{table}.part' (format parquet)")
    Path(f"{table}.part").replace(table)
    (evidence / "SHA256SUMS").write_text(format_sums(evidence), "utf-8")
    found = run(main, ["verify", str(evidence)])
    assert found.exit_code == 1 and "bulletin.html" in found.output
    table.write_bytes(b"PAR1")
    found = run(main, ["verify", str(evidence)])
    assert found.exit_code == 1 and "evidence can't be read" in found.output
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("update marts.figures set value = 26 where figure = 'overdue_open' and member = '东塔镇'")
    again = run(main, ["release", "2022H1", "--why", "再发"])
    assert again.exit_code == 1 and "nothing to release" in again.output
