"""The jobs: `daily`, from exports to publication, and `bulletin_of_period`, one bulletin from the published warehouse.

`dagster_project/assets` defines the steps of both. Each job runs in one process, because the warehouse has one writer
and start-up is then paid once. The daily job has no partitions, so one click runs it.
"""

import dagster as dg

_BULLETIN = dg.AssetSelection.assets("bulletin")
# all() leaves out the checks of exports, because no run makes exports
_CHECKS = dg.AssetSelection.all_asset_checks() - dg.AssetSelection.checks_for_assets("bulletin")

daily_job = dg.define_asset_job(
    "daily",
    selection=(dg.AssetSelection.all() - _BULLETIN) | _CHECKS,
    executor_def=dg.in_process_executor,
    # a run whose process died is begun once more; one whose step failed would fail again
    tags={"dagster/max_retries": "1", "dagster/retry_strategy": "ALL_STEPS"},
    description="导出文件 → 入库 → 建模 → 检查 → 发布；from exports to the published warehouse and its bulletins",
)
bulletin_job = dg.define_asset_job(
    "bulletin_of_period",
    selection=_BULLETIN,
    executor_def=dg.in_process_executor,
    description="由已发布的数据仓库重新生成一期通报；one bulletin again, from the published warehouse",
)
