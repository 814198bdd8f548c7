"""A small home's published figures with all that the explorer must tell: gaps, a running month, a nothing to divide.

`explored` fills a warehouse with four months of the towns of the published half-year. In it a town lacks a month, a
month is not over, a figure has nothing to divide, and a window has a name that attacks page and spreadsheet.
"""

import base64
import gzip
import json
import re

import duckdb

from tests.reports.conftest import fill

HOSTILE = '=cmd|"</script><img src=x onerror=alert(1)>'
MONTHS = ("2022-03", "2022-04", "2022-05", "2022-07")
_COLUMNS = "numerator, denominator, value, previous_value, year_ago_value"


def explored(order: str = "all") -> duckdb.DuckDBPyConnection:
    """The warehouse; `order` is how its rows of figures lie in their table."""
    made = duckdb.connect()
    fill(made)
    for place, month in enumerate(MONTHS, start=3):
        made.execute(
            "insert into marts.dim_periods values (?, 'month', '', ?, ?, ?, null, ?, null, null)",
            [month, f"{month}-01", f"{month}-28", f"{month}-28", month != "2022-07"],
        )
        made.execute(
            f"insert into marts.figures select * replace ('{month}' as period, '{month}-28' as as_of_on,"
            f" '{month}' <> '2022-07' as is_complete, value * {place} as value, numerator * {place} as numerator)"
            " from marts.figures where period = '2022H1' and dimension in ('town', 'total')"
            " and figure in ('case_volume', 'overdue_open_ratio', 'avg_working_days', 'satisfaction')"
        )
    made.execute("delete from marts.figures where period = '2022-04' and member = '崇兴镇'")
    made.execute(
        "insert into marts.figures_absent values ('2022-04', 'case_volume', 'town', '崇兴镇', '没有文件', 'x')"
    )
    made.execute("update marts.figures set value = null where period = '2022-05' and figure = 'satisfaction'")
    made.execute(
        "update marts.figures set member = ? where figure = 'extended_service' and member = '公安窗口'", [HOSTILE]
    )
    made.execute(f"create table sorted as select * from marts.figures order by {order}")
    made.execute("delete from marts.figures")
    made.execute("insert into marts.figures from sorted")
    return made


def read_page(page: str) -> tuple[dict, list[tuple]]:
    """What a page of the explorer carries: its names, and its rows as marts.figures has them."""
    names = json.loads(re.search(r'id="names">(.*?)</script>', page)[1])
    packed = re.search(r'id="rows">(.*?)</script>', page)[1]
    rows = []
    for figure, dimensions in json.loads(gzip.decompress(base64.b64decode(packed))).items():
        for dimension, members in dimensions.items():
            for member, parts in members.items():
                rows += [(period, figure, dimension, member, *others) for period, *others in zip(*parts, strict=True)]
    return names, sorted(rows, key=str)


def published(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    """The rows of marts.figures, in the form of `read_page`."""
    query = f"select period, figure, dimension, member, is_complete, {_COLUMNS} from marts.figures"
    rows = connection.execute(query).fetchall()
    shortened = [
        tuple(int(v) if isinstance(v, bool) or (isinstance(v, float) and v.is_integer()) else v for v in row)
        for row in rows
    ]
    return sorted(shortened, key=str)
