"""The partitions of `bulletin`: one a period, added as soon as the published warehouse holds figures of it.

Periods are named as in metrics ('2022-06', '2022Q2', '2022H1', '2022'). Which of them are due is decided in
`warehouse/due_bulletins.py`; the daily job has no partitions.
"""

import dagster as dg

PERIODS = dg.DynamicPartitionsDefinition(name="period")
