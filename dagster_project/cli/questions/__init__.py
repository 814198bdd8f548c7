"""Commands that only read: SQL on the published warehouse or the candidate, Parquet, and the page about all models."""
