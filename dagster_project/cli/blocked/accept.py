"""`tongbao accept`: a person lets findings of a plausibility check pass, with a reason.

It takes the findings that the last run left in the candidate and records the acceptance there; the next run judges
again, and lets exactly these findings pass. Checks of structure and of files can't be accepted.
"""

import click

from dagster_project.terminal.console import console
from dagster_project.terminal.home import find_home
from dagster_project.terminal.period import period_given


@click.command()
@click.argument("check")
@click.option(
    "--period", callback=period_given, help="Only findings about this period: 2022-06, 2022Q2, 2022H1 or 2022."
)
@click.option(
    "--reason", required=True, help="Why the finding is right all the same; the bulletin's annex 3 prints it."
)
@click.option("--by", required=True, help="The office or person that accepts it.")
def accept(check: str, period: str | None, reason: str, by: str) -> None:
    """Let what the plausibility check CHECK found pass, this once: the same finding, word for word.

    \b
    tongbao accept volume_near_the_year_before --period 2022H1 --reason 疫情停办两个月 --by 审批服务管理局
    """
    import duckdb

    from dagster_project.gate.record import accept_findings, list_findings
    from dagster_project.gate.suite import require_check
    from dagster_project.warehouse.candidate import Candidate
    from dagster_project.warehouse.publication import hold_home

    home = find_home()
    if not (reason.strip() and by.strip()):
        raise click.BadParameter("--reason and --by must say something")
    require_check(check)
    try:
        with hold_home(home, "accept"), Candidate(home).connect() as connection:
            found = list_findings(connection, check, period)
            accept_findings(connection, check, found, reason=reason.strip(), by=by.strip())
    except duckdb.CatalogException:
        raise click.ClickException("nothing has been judged yet; run `tongbao run` first") from None
    if not found:
        raise click.ClickException(f"{check} has no open finding{f' about {period}' if period else ''}")
    for finding in found:
        console.print(f"accepted: {finding}", markup=False)
    console.print("run `tongbao run` again; it judges anew and lets these findings pass")
