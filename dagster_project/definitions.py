"""Assembles assets, checks, jobs, the schedule, sensors and resources into one `Definitions`.

`build_definitions` takes the home and the jurisdiction, so that tests can choose them; `defs` is what Dagster loads,
with the places that the environment names. Importing this module touches neither disk nor environment. It holds no
logic of its own: each part is defined in its own file.
"""

from pathlib import Path

import dagster as dg

from dagster_project import settings
from dagster_project.assets.bulletin import BULLETIN_SPEC, bulletin_job
from dagster_project.assets.exports import export_specs
from dagster_project.assets.ingest import build_ingest
from dagster_project.assets.members import build_members
from dagster_project.assets.models import build_models
from dagster_project.assets.publication import build_publication
from dagster_project.assets.worklists import worklists
from dagster_project.checks import build_plausibility
from dagster_project.freshness import build_arrivals
from dagster_project.gate.suite import load_suites
from dagster_project.jobs import daily_job
from dagster_project.owner import find_jurisdiction
from dagster_project.resources import Dbt, GreatExpectations, Home, Jurisdiction, Warehouse
from dagster_project.schedules import schedule_every_morning
from dagster_project.sensors import sense_failed_runs, sense_killed_runs, sense_new_exports
from dagster_project.terminal.progress import speech
from ingest.jurisdiction.settings import load_jurisdiction


def build_definitions(
    home: Path,
    jurisdiction: Path | str,
    *,
    is_automatic: bool = False,
    **overrides: dg.ConfigurableResource,
) -> dg.Definitions:
    """The definitions for one home and the folder of its jurisdiction; `overrides` replaces resources by name.

    `is_automatic`: whether schedule and sensors are on before anybody turns them on.

    Without a jurisdiction, pass the sentence that says why: the UI shows everything, and each run is refused with it.
    Makes the home's folders, and parses the dbt project if its manifest is not there. Raises settings.Unusable,
    MappingError (jurisdiction.yaml or a source's mapping) or DbtError (the dbt project), each with what to mend.
    """
    settings.prepare(home)
    places = Home(path=str(home))
    is_known = isinstance(jurisdiction, Path)
    county = Jurisdiction(path=str(jurisdiction)) if is_known else Jurisdiction(refusal=jurisdiction)
    dbt = overrides.get("dbt") or Dbt(home=places, path=str(settings.DBT_PROJECT))
    sources = county.sources() if is_known else []
    suites = county.suites() if is_known else load_suites()
    # a province's run makes these exports itself
    taken = [s for s in sources if any(export.dataset == "member_figures" for export in s.exports)]
    timezone, runs_at = ("Asia/Shanghai", "06:30")
    if is_known:
        about = load_jurisdiction(jurisdiction)
        timezone, runs_at = about.timezone, about.runs_at
    assets = [
        *(export_specs([s for s in sources if s not in taken], places.exports, jurisdiction) if is_known else []),
        *map(build_members, taken),
        build_ingest(sources),
        build_models(dbt.project, suites),
        worklists,
        build_publication(dbt.project, suites),
        BULLETIN_SPEC,
    ]
    return dg.Definitions(
        assets=name_owner(assets, jurisdiction) if is_known else assets,
        asset_checks=[*build_arrivals(sources), build_plausibility(suites)],
        jobs=[daily_job, bulletin_job],
        schedules=[schedule_every_morning(timezone, runs_at, is_on=is_automatic)],
        sensors=[sense_new_exports(is_on=is_automatic), sense_failed_runs(is_on=is_automatic), sense_killed_runs()],
        resources={
            "home": places,
            "jurisdiction": county,
            "dbt": dbt,
            "warehouse": Warehouse(home=places, jurisdiction=county, dbt=dbt),
            "great_expectations": GreatExpectations(),
            **overrides,
        },
        loggers={"speech": speech},
        executor=dg.in_process_executor,
    )


def name_owner(
    assets: list[dg.AssetsDefinition | dg.AssetSpec], jurisdiction: Path
) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """`assets`, owned by the bureau that jurisdiction.yaml names."""
    owners = [f"team:{load_jurisdiction(jurisdiction).bureau}"]
    return [*dg.map_asset_specs(lambda spec: spec.replace_attributes(owners=owners), assets)]


@dg.definitions
def defs() -> dg.Definitions:
    home = settings.home()
    try:
        jurisdiction = find_jurisdiction(home)
    except settings.Unusable as error:
        jurisdiction = str(error)
    return build_definitions(home, jurisdiction, is_automatic=settings.is_automatic())
