"""The job `daily`, from exports to publication.

`dagster_project/assets` defines its steps, and `assets/bulletin.py` the job of one period. The job runs in one process,
because the warehouse has one writer and start-up is then paid once. It has no partitions, so one click runs it.
"""

import dagster as dg

daily_job = dg.define_asset_job(
    "daily",
    # all() leaves out the checks of exports, because no run makes exports
    selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
    executor_def=dg.in_process_executor,
    # a run whose process died is begun once more; one whose step failed would fail again
    tags={"dagster/max_retries": "1", "dagster/retry_strategy": "ALL_STEPS"},
    description="导出文件 → 入库 → 建模 → 检查 → 发布；from exports to the published warehouse and its bulletins",
)
