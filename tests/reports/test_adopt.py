"""Edits the DOCX of a bulletin as an official does, and adopts it: its words get into all formats, its numbers don't.

The text is a copy of Lingwu's with expressions of figures in the office's own words. Expected Markdown is written by
hand.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from dagster_project.warehouse.due_bulletins import keep_digest, keep_edited
from reports.proof.adopt import NotAdopted, adopt_docx
from reports.proof.printed import read_printed
from reports.render import render
from tests.reports.conftest import LINGWU

TEXT = """{# 备注不动 #}
## opening

{{ period.words }}，共办件{{ fig('case_volume') }}件{{ fig('case_volume').yoy('，') }}，**群众**满意。

第二段没有数字。

## efficiency

{% if fig('overdue_open').value > 0 %}还有{{ fig('overdue_open') }}件超期。{% endif %}

## next_steps

1. 压减超期办件{{ fig('overdue_open') }}件。
2. 补齐台账。
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Path:
    folder = Path(shutil.copytree(LINGWU, tmp_path_factory.mktemp("county") / "lingwu"))
    asked = ("rules", "certificates", "evaluations", "problems")
    rest = "".join(f"\n## {key}\n\n（本节文字待撰写。）\n" for key in asked)
    (folder / "bulletin" / "2022H1.md").write_text(TEXT + rest, "utf-8")
    return folder


@pytest.fixture(scope="module")
def fresh(county, filled, tmp_path_factory) -> bytes:
    target = tmp_path_factory.mktemp("fresh")
    render(filled, "2022H1", county, target, "1.0")
    return (target / "bulletin.docx").read_bytes()


def line_of(file, words: str):
    return next(line for line in file.paragraphs if words in line.text)


def reword(old: str, new: str) -> Callable:
    def change(file) -> None:
        line = line_of(file, old)
        text = line.text
        for run in line.runs[1:]:
            run.text = ""
        line.runs[0].text = text.replace(old, new)

    return change


def add_behind(words: str, *added: str) -> Callable:
    def change(file) -> None:
        line = line_of(file, words)
        for text in reversed(added):
            new = docx.oxml.OxmlElement("w:p")
            line.paragraph_format.element.addnext(new)
            docx.text.paragraph.Paragraph(new, file).add_run(text)

    return change


def delete(words: str) -> Callable:
    def change(file) -> None:
        element = line_of(file, words).paragraph_format.element
        element.getparent().remove(element)

    return change


def edit(content: bytes, *changes: Callable) -> bytes:
    file, made = docx.Document(BytesIO(content)), BytesIO()
    for change in changes:
        change(file)
    file.save(made)
    return made.getvalue()


def adopt(filled, county: Path, edited: bytes):
    return adopt_docx(filled, "2022H1", county, edited, None)


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ([reword("第二段没有数字", "第二段改过了")], "第二段没有数字。", "第二段改过了。"),
        ([reword("，共办件", "，全市共办理事项")], "，共办件", "，全市共办理事项"),
        ([reword("群众满意。", "群众比较满意。")], "，**群众**满意。", "，群众比较满意。"),
        ([reword("压减超期办件", "逐件压减超期办件")], "1. 压减超期", "1. 逐件压减超期"),
        ([reword("补齐台账", "补齐_台账_")], "2. 补齐台账", "2. 补齐\\_台账\\_"),
        ([delete("第二段没有数字")], "第二段没有数字。", ""),
        ([add_behind("第二段没有数字", "第三段。", "第四段。")], "没有数字。", "没有数字。\n\n第三段。\n\n第四段。"),
        ([add_behind("补齐台账", "3.新的一条。")], "2. 补齐台账。", "2. 补齐台账。\n2. 新的一条。"),
        (
            [reword("（本节文字待撰写。）", "四项制度执行良好。"), reword("（本节文字待撰写。）", "证照归集加快。")],
            "## rules\n\n（本节文字待撰写。）\n\n## certificates\n\n（本节文字待撰写。）",
            "## rules\n\n四项制度执行良好。\n\n## certificates\n\n证照归集加快。",
        ),
    ],
)
def test_edited_words_get_into_the_text(filled, county, fresh, changes, old, new):
    source = (county / "bulletin" / "2022H1.md").read_text("utf-8")
    adopted = adopt(filled, county, edit(fresh, *changes))
    assert adopted.text == source.replace(old, new, 1)
    assert len(adopted.changed) >= len(changes) and adopted.typed == []


def test_a_file_that_nobody_edited_changes_nothing(filled, county, fresh):
    adopted = adopt(filled, county, fresh)
    assert adopted.text == (county / "bulletin" / "2022H1.md").read_text("utf-8") and adopted.changed == []


def test_a_number_typed_by_hand_is_listed(filled, county, fresh):
    adopted = adopt(filled, county, edit(fresh, reword("第二段没有数字", "第二段说有305件")))
    assert adopted.typed == ["305"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (reword("34.9万件，同比下降", "35.9万件，同比下降"), "no longer prints “34.9万”"),
        (reword("同比下降25%，群众", "同比增长25%，群众"), "which a figure gives"),
        (reword("还有405件超期", "只有405件超期"), "has conditions or markup"),
        (reword("压减超期办件405件", "压减超期办件305件"), "no longer prints “405”"),
        (delete("压减超期办件"), "was deleted, and holds figures"),
        (reword("一、总体运行情况", "一、运行"), "not the office's own words; change template.md"),
        (reword("共受理政务服务办件", "共受理办件"), "not the office's own words"),
        (reword("同比增长66.7%", "同比下降66.7%"), "not the office's own words"),
        (reword("第二段没有数字", "{{ fig('x') }}"), "which the text's own language uses"),
    ],
)
def test_what_is_not_the_offices_to_word_is_refused(filled, county, fresh, change, said):
    with pytest.raises(NotAdopted, match=said):
        adopt(filled, county, edit(fresh, change))


def test_an_official_is_told_in_chinese_why_nothing_was_adopted(filled, county, fresh, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    asked = {
        "没有了指标给出的“34.9万”；请改回": reword("34.9万件，同比下降", "35.9万件，同比下降"),
        "“## efficiency”一节有条件或标记": reword("还有405件超期", "只有405件超期"),
        "中有指标的数；请在文字文件中删": delete("压减超期办件"),
        "“一、总体运行情况”：不是本单位撰写的文字": reword("一、总体运行情况", "一、运行"),
    }
    with pytest.raises(NotAdopted) as refused:
        adopt(filled, county, edit(fresh, *asked.values()))
    assert [said for said in asked if said not in str(refused.value)] == []
    edited = edit(fresh, reword("第二段没有数字", "第二段改过了"))
    assert adopt(filled, county, edited).changed == ["## opening：“第二段没有数字。”改为“第二段改过了。”"]


def test_a_row_of_a_table_is_refused(filled, county, fresh):
    def swap(file) -> None:
        cell = next(cell for table in file.tables for row in table.rows for cell in row.cells if cell.text == "崇兴镇")
        cell.paragraphs[0].runs[0].text = "东塔镇"

    with pytest.raises(NotAdopted, match="not the office's own words"):
        adopt(filled, county, edit(fresh, swap))


def test_adopted_words_are_printed_by_every_format(filled, county, fresh, tmp_path):
    own = Path(shutil.copytree(county, tmp_path / "lingwu"))
    edited = edit(fresh, reword("第二段没有数字", "第二段改过了"), add_behind("补齐台账", "3.新的一条。"))
    (own / "bulletin" / "2022H1.md").write_text(adopt(filled, county, edited).text, "utf-8")
    render(filled, "2022H1", own, tmp_path / "again", "1.0")
    for name in ("bulletin.html", "bulletin.docx", "bulletin.pdf"):
        pieces = read_printed(name, (tmp_path / "again" / name).read_bytes()).pieces
        printed = "".join(piece.text for piece in pieces)
        assert "第二段改过了。" in printed and "新的一条。" in printed, name
    # the file that was adopted is the one that is rendered now
    assert adopt(filled, own, edited).changed == []


def test_a_file_saved_by_another_program_is_adopted(filled, county, fresh, tmp_path):
    office = shutil.which("soffice") or pytest.skip("needs LibreOffice Writer")
    (tmp_path / "edited.docx").write_bytes(edit(fresh, reword("第二段没有数字", "第二段改过了")))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "docx:MS Word 2007 XML", "--outdir", tmp_path / "saved"]
    subprocess.run([*command, tmp_path / "edited.docx"], check=True, capture_output=True)
    saved = (tmp_path / "saved" / "edited.docx").read_bytes()
    assert "第二段改过了。" in adopt(filled, county, saved).text


def test_the_command_adopts_words_until_the_bulletin_can_be_released(filled, county, fresh, tmp_path, monkeypatch):
    from dagster_project.cli.main import main

    home, own = tmp_path / "home", Path(shutil.copytree(county, tmp_path / "lingwu"))
    draft = home / "bulletins" / "2022H1"
    draft.mkdir(parents=True)
    filled.execute(f"attach '{home / 'warehouse.duckdb'}' as kept; copy from database memory to kept; detach kept")
    monkeypatch.setenv("TONGBAO_HOME", str(home))
    monkeypatch.setenv("TONGBAO_JURISDICTION", str(own))
    monkeypatch.setattr("dagster_project.cli.bulletin.release.figures_agree", lambda *_: True)
    run = CliRunner().invoke
    render(filled, "2022H1", own, draft, "1.0")
    refused = run(main, ["release", "2022H1"])
    assert refused.exit_code == 1 and "2022H1.md: '## rules', '## certificates'" in refused.output.replace("\n", " ")

    words = [reword("（本节文字待撰写。）", f"第{number}节写好了。") for number in range(4)]
    (draft / "bulletin.docx").write_bytes(edit(fresh, *words, reword("第二段没有数字", "第二段说有305件")))
    assert run(main, ["release", "2022H1"]).exit_code == 1
    assert "305: typed by hand" in run(main, ["adopt", str(draft / "bulletin.docx"), "--dry-run"]).output
    assert (own / "bulletin" / "2022H1.md").read_bytes() == (county / "bulletin" / "2022H1.md").read_bytes()
    assert run(main, ["adopt", str(draft / "bulletin.docx")]).exit_code == 0
    assert len([*(home / "edited").glob("2022H1-*.docx")]) == 1
    # the draft is of the words before, so that it can't be released either
    stale = run(main, ["release", "2022H1"])
    assert stale.exit_code == 1 and "nothing was released" in stale.output
    render(filled, "2022H1", own, draft, "1.0")
    assert run(main, ["release", "2022H1"]).exit_code == 0

    (draft / "bulletin.docx").write_bytes(edit(fresh, reword("34.9万件，同比下降", "35.9万件，同比下降")))
    refused = run(main, ["adopt", str(draft / "bulletin.docx")], env={"LC_ALL": "zh_CN.UTF-8"})
    assert refused.exit_code == 1 and "一处也没有收回" in refused.output
    (draft / "no.docx").write_bytes(b"PK")
    assert "no DOCX that can be read" in run(main, ["adopt", str(draft / "no.docx")]).output


def test_an_edited_docx_is_kept_when_the_next_draft_replaces_it(tmp_path):
    draft = tmp_path / "bulletins" / "2022H1"
    draft.mkdir(parents=True)
    (draft / "bulletin.docx").write_bytes(b"as rendered")
    keep_digest(tmp_path / "bulletins", "2022H1", "of-its-figures")
    assert keep_edited(tmp_path, "2022H1") is None
    (draft / "bulletin.docx").write_bytes(b"edited")
    assert "tongbao adopt" in keep_edited(tmp_path, "2022H1")
    assert [path.read_bytes() for path in (tmp_path / "edited").iterdir()] == [b"edited"]
    assert keep_edited(tmp_path, "2022H1") is None, "said once"
