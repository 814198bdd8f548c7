"""The one daily job and its schedule.

What the job does stands in the assets. It hands on a job that runs in one process, and a schedule that is off
until somebody turns it on.
"""

import dagster as dg

from dagster_project import settings
from dagster_project.partitions import PERIODS, latest_complete

daily_job = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    partitions_def=PERIODS,
    # the warehouse has one writer, so steps share a process, and start-up is paid once
    executor_def=dg.in_process_executor,
    description="导出文件 → 入库 → 建模 → 检查 → 通报；from exports to the published bulletin",
)


@dg.schedule(
    job=daily_job,
    cron_schedule="30 6 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """06:30 in Shanghai: the newest period that the exports complete."""
    settings.prepare()
    period = latest_complete()
    context.instance.add_dynamic_partitions(PERIODS.name, [period])
    return dg.RunRequest(partition_key=period)
