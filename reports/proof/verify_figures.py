"""Here every figure of a period is counted again, straight from the fact tables, by the proofs of the registry.
The models that counted it first stay out, and so do bulletins and their formats.
It hands on the differences between what stands in marts.figures and what the facts say.
"""

import math
from dataclasses import dataclass

import duckdb

# Sums of doubles may differ in their last bits when rows are added in another order.
_TOLERANCE = 1e-12
_PROVEN = {"value": "proof_sql", "previous_value": "previous_proof_sql", "year_ago_value": "year_ago_proof_sql"}

# Members that the registry or the office's list names must have a row, whatever the facts hold.
_MISSING = """
    with listed as (select dimension, member from marts.dimension_members where is_listed)
    select $period || '/' || figure || '/' || dimension || '/' || member
    from marts.figure_dimensions inner join listed using (dimension)
    inner join marts.figure_definitions using (figure)
    where measure in ('count', 'ratio') and dataset in (
        select definitions.dataset from marts.figures inner join marts.figure_definitions as definitions using (figure)
        where period = $period)
    and not exists (
        select 1 from marts.figures as present where present.period = $period
        and present.figure = figure_dimensions.figure and present.dimension = figure_dimensions.dimension
        and present.member = listed.member)
    order by all
"""
# Members of these dimensions are named nowhere but in the facts: where they all have their row they add up.
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
    """Where a figure and the facts part: `row` is period/figure/dimension/member, `column` what was compared."""

    row: str
    column: str
    stands: float | None
    counted: float | None
    sql: str

    def __str__(self) -> str:
        said = f"{self.row} {self.column}: marts.figures holds {self.stands}, the facts say {self.counted}"
        return f"{said}\n  {self.sql}" if self.sql else said


def periods(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The periods that have figures, oldest first."""
    found = connection.execute(
        "select period from marts.dim_periods where period in (select period from marts.figures)"
        " order by starts_on, ends_on"
    )
    return [period for (period,) in found.fetchall()]


def count(connection: duckdb.DuckDBPyConnection, period: str) -> int:
    """How many rows of marts.figures the period has."""
    return connection.execute("select count(*) from marts.figures where period = $1", [period]).fetchone()[0]


def differences(connection: duckdb.DuckDBPyConnection, period: str) -> list[Difference]:
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
    found, answers = [], {}
    for row, numerator, denominator, *pairs in rows:
        for place, column in enumerate(_PROVEN):
            stands, proof = pairs[2 * place : 2 * place + 2]
            if proof is None and column == "value":
                found.append(Difference(row, column, stands, None, "the registry has no proof of it"))
                continue
            if proof is not None and proof not in answers:
                answers[proof] = _answer(connection, proof)
            counted = answers[proof] if proof is not None else {"value": None}
            compared = {column: (stands, counted["value"])}
            if column == "value":
                compared["numerator"] = (numerator, counted.get("numerator", counted["value"]))
                if "denominator" in counted:
                    compared["denominator"] = (denominator, counted["denominator"])
            for name, (one, other) in compared.items():
                if not _same(one, other):
                    found.append(Difference(row, name, one, other, proof or ""))
    for (row,) in connection.execute(_MISSING, {"period": period}).fetchall():
        found.append(Difference(row, "row", None, None, "the registry lists this member, but it has no row"))
    for row, parts, whole in connection.execute(_PARTS, {"period": period}).fetchall():
        found.append(Difference(row, "sum of its members", parts, whole, "a member has no row"))
    return found


def _answer(connection: duckdb.DuckDBPyConnection, proof: str) -> dict[str, float | None]:
    found = connection.execute(proof)
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone() or [None] * len(names), strict=True))


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=0)
