"""All commands in the groups of `tongbao --help`, each with its module and a line about it, and the exit codes.

`main.py` loads a module only when its command is called, so `--help` is quick. docs/operating.md repeats the exit
codes, and a test compares them. What a command does in detail, its own `--help` says.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """A command: its module, and what it does, in English and Chinese."""

    module: str
    english: str
    chinese: str


# title of a group in English and Chinese -> its commands
GROUPS: dict[tuple[str, str], dict[str, Command]] = {
    ("Every day", "日常"): {
        "run": Command("daily.run", "take new exports in, check them and publish", "读取新的导出文件，检查并发布"),
        "status": Command(
            "daily.status", "what is published, how fresh, and what waits", "已发布什么、数据到哪天、有什么待办"
        ),
        "ui": Command("daily.ui", "open the Dagster UI", "打开 Dagster 界面"),
        "sample": Command("daily.sample", "synthetic exports for a first look", "生成合成的样例导出文件"),
    },
    ("The bulletin", "通报"): {
        "bulletin": Command("daily.run", "render one period again", "重新生成某一期通报"),
        "preview": Command("bulletin.preview", "render while you write", "边写边看"),
        "verify": Command("bulletin.verify", "count figures again and compare files", "重新计数并核对文件"),
        "adopt": Command("bulletin.adopt", "take words edited in a DOCX into the text", "把 DOCX 中修改的文字收回正文"),
        "release": Command("bulletin.release", "freeze a draft as a version", "定稿为正式版本"),
    },
    ("When a check stops a run", "检查未通过时"): {
        "inspect": Command("questions.sql", "ask the candidate, read-only", "只读查询候选库"),
        "accept": Command("blocked.accept", "let a finding pass, with a reason", "说明理由，放行一项发现"),
        "quarantine": Command("blocked.quarantine", "rows that were set aside", "查看被隔离的记录"),
        "replay": Command("blocked.quarantine", "read exports with such rows again", "重新读取有隔离记录的文件"),
        "discard": Command("blocked.discard", "throw the candidate away", "丢弃候选库"),
    },
    ("Analysts", "数据分析"): {
        "sql": Command("questions.sql", "ask the published warehouse, read-only", "只读查询已发布的仓库"),
        "shell": Command("questions.shell", "a prompt for such questions", "打开只读的 SQL 提示符"),
        "export": Command("questions.export", "the marts as Parquet with a data package", "导出 Parquet 和数据包说明"),
        "docs": Command("questions.docs", "what every model means, as one page", "生成模型说明网页"),
    },
    ("A new county", "接入新县"): {
        "init": Command("county.init", "draft a county's folder from its exports", "由导出文件起草县级配置"),
        "scaffold": Command("county.scaffold", "draft one mapping", "起草一份映射"),
        "check": Command("county.check", "try a county's folder on its exports", "用导出文件检查配置"),
    },
    ("Upkeep", "运维"): {
        "backup": Command("upkeep.backup", "pack the whole home into one file", "把整个数据目录打包成一个文件"),
        "restore": Command("upkeep.backup", "make a home of such a file", "由备份文件恢复数据目录"),
        "prepare": Command("upkeep.prepare", "make the home before services start", "在服务启动前准备数据目录"),
        "doctor": Command("upkeep.doctor", "what of this installation needs mending", "检查安装环境有何问题"),
        "rebuild": Command("upkeep.rebuild", "make a damaged home anew from exports", "由导出文件重建损坏的数据目录"),
        "completion": Command("upkeep.completion", "completion by Tab for your shell", "命令行 Tab 补全"),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}

DONE, STOPPED, WRONG_USE = 0, 1, 2
# exit code -> what it means, as docs/operating.md has it and in Chinese
EXIT_CODES = {
    DONE: ("done", "完成"),
    STOPPED: (
        "a check, a step or the disk stopped it; what is published is as it was unless the command says otherwise",
        "检查、步骤或磁盘使其停止；除另有说明外，已发布的内容不变",
    ),
    WRONG_USE: (
        "wrong use, a setting that leads nowhere, or a right that is missing",
        "用法错误、设置无效或缺少权限",
    ),
    130: ("Ctrl-C", "Ctrl-C"),
    143: ("SIGTERM", "SIGTERM"),
}
