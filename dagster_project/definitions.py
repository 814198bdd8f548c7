"""Assembly only: assets, checks, the job, its schedule and resources into one `Definitions`.

Nothing is decided here that a noun's own file could decide. It hands on `defs`, which Dagster loads.
"""

import dagster as dg

from dagster_project.assets import exports
from dagster_project.assets.bulletin import bulletin
from dagster_project.assets.ingest import ingest_exports
from dagster_project.assets.models import models
from dagster_project.assets.worklists import worklists
from dagster_project.checks import plausibility_checks
from dagster_project.cli.speech import speech
from dagster_project.resources import Build
from dagster_project.schedules import daily_job, every_morning

defs = dg.Definitions(
    assets=[*exports.specs(), ingest_exports, models, worklists, bulletin],
    asset_checks=[plausibility_checks()],
    jobs=[daily_job],
    schedules=[every_morning],
    resources={"build": Build()},
    loggers={"speech": speech},
    executor=dg.in_process_executor,
)
