"""The job `daily`, from exports to publication.

`dagster_project/assets` defines its steps, and `assets/bulletin.py` the job of one period. The job runs in one process,
because the warehouse has one writer and start-up is then paid once. It has no partitions, so one click runs it.
"""

import dagster as dg

daily_job = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="导出文件 → 入库 → 建模 → 检查 → 发布；from exports to the published warehouse and its bulletins",
)
