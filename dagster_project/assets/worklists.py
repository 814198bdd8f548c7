"""The worklists: what each township and organisation must hurry with, staged to be published with the bulletin.

Which cases are listed stands in `marts.worklist`, how they are written in `reports/formats/worklists.py`. It hands on
`worklists/<date>/`, moved into place by the commit of the bulletin's step.
"""

import dagster as dg

from dagster_project.resources import Build


@dg.asset(
    deps=[dg.AssetKey("worklist"), dg.AssetKey(["quality", "files"])],
    group_name="publication",
    kinds={"xlsx", "csv"},
)
def worklists(context: dg.AssetExecutionContext, build: Build) -> dg.MaterializeResult:
    """督办清单：各单位已超期和三个工作日内到期的在办件；open cases that are overdue or soon due, unit by unit."""
    from reports.formats.worklists import as_of, write

    with build.transaction.connect() as connection:
        day = as_of(connection)
        counts = write(connection, build.transaction.staged(day, "worklists"))
    context.log.info(f"worklists of {day}: {sum(counts.values())} cases of {len(counts)} units")
    return dg.MaterializeResult(
        metadata={"as_of": day, "cases": sum(counts.values()), "units": dg.MetadataValue.json(counts)}
    )
