"""The schedule of the daily job: 06:30 in the jurisdiction's time zone, off until somebody turns it on.

It asks for a run and nothing else; which bulletins are due is decided by the run itself.
"""

import dagster as dg

from dagster_project.jobs import daily_job


def schedule_every_morning(timezone: str) -> dg.ScheduleDefinition:
    """The schedule in `timezone`, a name such as Asia/Shanghai."""
    return dg.ScheduleDefinition(
        name="every_morning",
        job=daily_job,
        cron_schedule="30 6 * * *",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
