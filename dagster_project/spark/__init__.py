"""The models on Spark, for a county or province that outgrows one machine: TONGBAO_ENGINE=spark.

Rows go from the candidate to Parquet in `<home>/lake`, Spark builds the same dbt models there, and the results come
back into the candidate, whose views read the facts where they lie. No Dagster in here, and no SQL of models: a dialect
belongs in dbt/macros/spark.sql. docs/scale.md says when and how to use it. In order: `lake`, `session`, `results`.
"""
