"""What a spoilt delivery is: the SQL that makes it, and what the gate must say of it.

The SQL changes the quiet county's `raw`, or marts where no export could do it. The deliveries are in
spoilt_volumes.py and spoilt_rows.py. June 2022 is new; everything before it
was published.
"""

from __future__ import annotations

from dataclasses import dataclass

EVALUATED = "evaluated_at >= timestamp '2022-06-03'"
STORED = "stored_at >= timestamp '2022-06-03'"
ONE = "_record = 1 and _exported_on >= date '2022-06-01'"
MONTH = "accepted_at >= timestamp '2022-06-03'"
HALF = "accepted_at >= timestamp '2022-01-01'"


@dataclass(frozen=True)
class Delivery:
    """`sql` spoils raw tables and the models are built again; with `is_late`, it spoils what they built."""

    sql: str
    blocks: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    words: str = ""
    is_late: bool = False


def again(table: str, where: str, times: int, key: str) -> str:
    """SQL that repeats rows of a raw table under other numbers."""
    return f"""
        insert into raw.{table}
        select rows.* replace (
            {key} || '-' || i as {key}, hash({key}, i) as _row_hash, _record + 1000000 * i as _record
        )
        from raw.{table} as rows, range(1, {times}) as copies (i) where {where}
    """


def update(table: str, change: str, where: str) -> str:
    return f"update raw.{table} set {change} where {where}"
