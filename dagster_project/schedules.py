"""The schedule of the daily job: `every_morning`, at the hour and in the time zone of the jurisdiction.

It asks for a run and nothing else; which bulletins are due is decided by the run itself. `sensors.py` asks for runs
between the mornings. Both are off until somebody turns them on in the UI, or TONGBAO_SCHEDULES is `on`.
"""

import dagster as dg

from dagster_project.jobs import daily_job


def schedule_every_morning(timezone: str, runs_at: str, *, is_on: bool) -> dg.ScheduleDefinition:
    """The schedule at `runs_at`, a time such as 06:30, in `timezone`, a name such as Asia/Shanghai."""
    hour, minute = runs_at.split(":")
    return dg.ScheduleDefinition(
        name="every_morning",
        job=daily_job,
        cron_schedule=f"{int(minute)} {int(hour)} * * *",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED,
        description="每天早晨运行一次，没有新文件也运行：核查照做，迟到的来源由此发现；daily, new files or not",
    )
