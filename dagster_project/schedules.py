"""The schedule of the daily job: 06:30 in Shanghai, off until somebody turns it on.

It asks for a run and nothing else; which bulletins are due is decided by the run itself.
"""

import dagster as dg

from dagster_project.jobs import daily_job

every_morning = dg.ScheduleDefinition(
    name="every_morning",
    job=daily_job,
    cron_schedule="30 6 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
