"""The asset `worklists`: the cases that each township and organisation must settle soon, or has let run late.

`marts.worklist` chooses the cases, and `reports/formats/sheets/worklists.py` writes the files. The asset writes them
into `build/worklists/<date>/`, with their SHA256SUMS, and `publication` moves that folder into place.
"""

import time
from pathlib import Path

import dagster as dg

from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import refer_to_code
from dagster_project.code_version import VERSION
from dagster_project.resources import POOL, Home, Warehouse
from dagster_project.warehouse.candidate import relations
from dagster_project.warehouse.may_publish import finish_worklists
from dagster_project.warehouse.publication import empty_staging
from reports.words.locale import words


@dg.asset(
    deps=[dg.AssetKey("worklist"), dg.AssetKey("dim_periods"), dg.AssetKey(["quality", "files"])],
    group_name=Group.PUBLICATION,
    kinds={"excel", "csv"},
    code_version=VERSION,
    metadata=refer_to_code(Path(__file__)),
    pool=POOL,
)
def worklists(context: dg.AssetExecutionContext, home: Home, warehouse: Warehouse) -> dg.MaterializeResult:
    """督办清单：各单位已超期和三个工作日内到期的在办件；open cases that are overdue or soon due, unit by unit."""
    from reports.formats.sheets.worklists import as_of, write
    from reports.release.folder import SUMS, format_sums

    started = time.monotonic()
    with warehouse.candidate.connect() as connection:
        if not {"marts.worklist", "marts.dim_periods"} <= relations(connection):
            raise dg.Failure("the candidate holds no list of cases yet; materialise worklist and what it reads first")
        day = as_of(connection)
        if day is None:
            raise dg.Failure("no export with cases was loaded, so there is no day to list open cases of")
        folder = empty_staging(home.folder, "worklists") / day
        counts = write(connection, folder)
        if counts:
            (folder / SUMS).write_text(format_sums(folder), encoding="utf-8", newline="\n")
        finish_worklists(connection, folder)
    context.log.info(words("run.worklists", day=day, n=sum(counts.values()), units=len(counts)))
    return dg.MaterializeResult(
        metadata={
            "as_of": day,
            "cases": sum(counts.values()),
            "units": dg.MetadataValue.json(counts),
            "folder": dg.MetadataValue.path(home.folder / "worklists" / day),
            "bytes": sum(path.stat().st_size for path in folder.iterdir()),
            "seconds": round(time.monotonic() - started, 1),
        }
    )
