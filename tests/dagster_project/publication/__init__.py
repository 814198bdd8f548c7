"""Publication as files and readers see it: targets that resist, kills, writers, readers. Nothing of dbt or Dagster."""
