"""The good export that every hostile file is a variation of: sixty cases, and how a test recognises them.

It gives the rows as an export writes them and as the warehouse keeps them. The faults themselves are in `hostile.py`
and in files/.
"""

from __future__ import annotations

from datetime import datetime, timedelta

HEADER = ["办件编号", "事项名称", "办理形式", "受理部门", "受理时间", "办结时间", "办件状态", "证件号码"]
ROWS = 60
_START = datetime(2022, 1, 4, 9, 0, 0)
_CHANNELS = {"窗口办理": "counter", "电脑端": "web", "移动端": "mobile"}
_ITEMS = ("食品经营许可", "身份证补领（换领）", "不动产登记", "个体工商户开业")


def rows(prefix: str) -> list[list[str]]:
    """Sixty rows with the cells of HEADER; every sixth is unfinished, the fifth was accepted at the end of its day."""
    made = []
    for number in range(1, ROWS + 1):
        accepted = _START + timedelta(hours=number)
        if number == 5:
            accepted = datetime(2022, 1, 4, 23, 59, 59)
        is_finished = number % 6 != 0
        made.append(
            [
                f"{prefix}{number:04d}",
                _ITEMS[number % 4],
                list(_CHANNELS)[number % 3],
                "县行政审批局",
                f"{accepted:%Y-%m-%d %H:%M:%S}",
                f"{accepted + timedelta(days=2):%Y-%m-%d %H:%M:%S}" if is_finished else "",
                "办结" if is_finished else "在办",
                f"99999919900101{number:04d}",
            ]
        )
    return made


def stored(prefix: str) -> list[tuple]:
    """The same rows as `raw.cases` keeps them: case_no, item_name, channel, accepted_at, finished_at, status."""
    as_time = datetime.fromisoformat
    return [
        (
            row[0],
            row[1],
            _CHANNELS[row[2]],
            as_time(row[4]),
            as_time(row[5]) if row[5] else None,
            "finished" if row[5] else "in_progress",
        )
        for row in rows(prefix)
    ]


def lines(prefix: str) -> list[str]:
    """Header and rows as lines of a CSV; no cell needs quotes."""
    return [",".join(cells) for cells in [HEADER, *rows(prefix)]]
