"""Under a Chinese locale `--help` and what click says of wrong use are Chinese, for every command and option."""

import re

import click
import pytest
from click.testing import CliRunner

from dagster_project.cli.chinese import read_help
from dagster_project.cli.commands import COMMANDS
from dagster_project.cli.main import main

ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def tongbao(*arguments: str, locale: str = "zh_CN") -> str:
    return CliRunner(env={"LC_ALL": locale}).invoke(main, [*arguments]).output


def test_every_command_and_option_has_its_chinese_text_and_nothing_else_has():
    described = {}
    for name in COMMANDS:
        options = main.get_command(click.Context(main), name).params
        described[name] = {option.opts[-1] for option in options if getattr(option, "help", None)} | {"help"}
    assert {name: {*texts} for name, texts in read_help().items()} == described


@pytest.mark.parametrize("name", [*COMMANDS])
def test_help_is_chinese(name):
    said = tongbao(name, "--help")
    text = re.sub(r"tongbao .*|.*TODO.*|用法.*", "", said)
    assert "选项:" in said and not ENGLISH.search(text), text
    assert not re.search(
        "[\u4e00-\u9fff]",
        tongbao(name, "--help", locale="C").replace("疫情停办两个月 --by 审批服务管理局", "").replace("退回", ""),
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["runn"], "没有'runn'这个命令"),
        (["--nonsense"], "没有'--nonsense'这个选项"),
        (["run", "--perid", "2022"], "没有'--perid'这个选项；是不是'--period'？"),
        (["release"], "缺少参数'PERIOD'"),
        (["completion"], "缺少参数'{bash|zsh|fish}'，可选"),
        (["accept", "some_check"], "缺少选项'--reason'"),
        (["docs", "a", "b"], "多出了b"),
        (["sql", "--json=3", "select 1"], "选项'--json'后不写内容"),
        (["quarantine", "--limit"], "选项'--limit'后须写明内容"),
        (["quarantine", "--limit", "x"], "'--limit'的内容有误：'x'不是整数"),
        (["sample", "--scale", "x"], "'--scale'的内容有误：'x'不是数字"),
        (["sample", "--scale", "9"], "'--scale'的内容有误：9.0不在"),
        (["export", "a", "--licence", "x"], "'--licence'的内容有误：'x'不是"),
        (["adopt", "/nowhere.docx"], "'FILE'的内容有误：文件'/nowhere.docx'不存在"),
        (["check", "--from", "/nowhere"], "'--from'的内容有误：目录'/nowhere'不存在"),
    ],
)
def test_wrong_use_is_told_in_chinese(arguments, said):
    output = tongbao(*arguments)
    assert said in output and not ENGLISH.search(re.sub("(用法|详见).*", "", output)), output
    assert said not in tongbao(*arguments, locale="C")
