"""Counts every figure of a period again from the fact tables, and lists where marts.figures differs.

It takes a connection to a published warehouse and runs the SQL of marts.figure_proofs, which the models don't use. It
returns a `Difference` for each row that differs or is missing. verify.py compares printed bulletins.
"""

import math
from dataclasses import dataclass

import duckdb

# Sums of doubles may differ in their last bits when rows are added in another order.
_TOLERANCE = 1e-12
_PROVEN = {"value": "proof_sql", "previous_value": "previous_proof_sql", "year_ago_value": "year_ago_proof_sql"}

# Members that the registry or the office's list names must have a row, whatever the facts hold, unless
# marts.figures_absent says which data no export supplies.
_MISSING = """
    with listed as (select dimension, member from marts.dimension_members where is_listed)
    select $period || '/' || figure || '/' || dimension || '/' || member
    from marts.figure_dimensions inner join listed using (dimension)
    inner join marts.figure_definitions using (figure)
    where measure in ('count', 'ratio', 'quantile')
    and not exists (
        select 1 from marts.figures_absent as absent where absent.period = $period
        and absent.figure = figure_dimensions.figure and absent.dimension = figure_dimensions.dimension
        and coalesce(absent.member, listed.member) = listed.member)
    and not exists (
        select 1 from marts.figures as present where present.period = $period
        and present.figure = figure_dimensions.figure and present.dimension = figure_dimensions.dimension
        and present.member = listed.member)
    order by all
"""
# Only the facts name the members of org and source, so a missing row shows only in the sum: all rows must add up.
_PARTS = """
    select $period || '/' || parts.figure || '/' || parts.dimension, sum(parts.value), any_value(whole.value)
    from marts.figures as parts
    inner join marts.figure_definitions as definitions on parts.figure = definitions.figure
    inner join marts.figures as whole on parts.period = whole.period and parts.figure = whole.figure
        and whole.dimension = 'total'
    where parts.period = $period and parts.dimension in ('org', 'source') and definitions.measure = 'count'
    group by all having sum(parts.value) <> any_value(whole.value) order by all
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a figure differs from the facts: `row` is period/figure/dimension/member, `column` what was compared."""

    row: str
    column: str
    published: float | None
    counted: float | None
    sql: str

    def __str__(self) -> str:
        sentence = f"{self.row} {self.column}: marts.figures holds {self.published}, the facts say {self.counted}"
        return f"{sentence}\n  {self.sql}" if self.sql else sentence


def list_periods(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The periods that have figures, oldest first."""
    periods = connection.execute(
        "select period from marts.dim_periods where period in (select period from marts.figures)"
        " order by starts_on, ends_on"
    )
    return [period for (period,) in periods.fetchall()]


def count_rows(connection: duckdb.DuckDBPyConnection, period: str) -> int:
    """How many rows of marts.figures the period has."""
    return connection.execute("select count(*) from marts.figures where period = $1", [period]).fetchone()[0]


def find_differences(connection: duckdb.DuckDBPyConnection, period: str) -> list[Difference]:
    """Every figure of the period, or base of comparison, that its proof doesn't yield; and rows that are missing."""
    columns = ", ".join(f"figures.{column}, proofs.{proof}" for column, proof in _PROVEN.items())
    rows = connection.execute(
        f"""
        select concat_ws('/', figures.period, figures.figure, figures.dimension, figures.member),
            numerator, denominator, {columns}
        from marts.figures as figures
        left join marts.figure_proofs as proofs using (period, figure, dimension, member)
        where figures.period = $1
        order by all
        """,
        [period],
    ).fetchall()
    differences, results = [], {}
    for row, numerator, denominator, *pairs in rows:
        for place, column in enumerate(_PROVEN):
            stands, proof = pairs[2 * place : 2 * place + 2]
            if proof is None and column == "value":
                differences.append(Difference(row, column, stands, None, "the registry has no proof of it"))
                continue
            if proof is not None and proof not in results:
                results[proof] = _run_proof(connection, proof)
            counted = results[proof] if proof is not None else {"value": None}
            compared = {column: (stands, counted["value"])}
            if column == "value":
                compared["numerator"] = (numerator, counted.get("numerator", counted["value"]))
                if "denominator" in counted:
                    compared["denominator"] = (denominator, counted["denominator"])
            for name, (published, recounted) in compared.items():
                if not _are_equal(published, recounted):
                    differences.append(Difference(row, name, published, recounted, proof or ""))
    for (row,) in connection.execute(_MISSING, {"period": period}).fetchall():
        differences.append(Difference(row, "row", None, None, "the registry lists this member, but it has no row"))
    for row, parts, whole in connection.execute(_PARTS, {"period": period}).fetchall():
        differences.append(Difference(row, "sum of its members", parts, whole, "a member has no row"))
    return differences


def _run_proof(connection: duckdb.DuckDBPyConnection, proof: str) -> dict[str, float | None]:
    result = connection.execute(proof)
    names = [column[0] for column in result.description]
    return dict(zip(names, result.fetchone() or [None] * len(names), strict=True))


def _are_equal(published: float | None, recounted: float | None) -> bool:
    if published is None or recounted is None:
        return published is recounted
    return math.isclose(published, recounted, rel_tol=_TOLERANCE, abs_tol=0)
