"""Data versions of what ingest writes: hashes that stay the same when a run finds nothing new.

Dagster derives the data version of every model from those of its inputs and from its code. So the catalogue shows what
is downstream of an unchanged dataset as up to date, although a run has just written it again.
"""

import hashlib

from duckdb import DuckDBPyConnection

# the run that read a file is part of it: read again, for a changed mapping say, the same bytes become other rows
_FILES = """
    select dataset, string_agg(concat_ws('\x1f', path, sha256, run_id, verdict, rows_loaded), '\x1e' order by path)
    from quality.files group by dataset"""


def read_data_versions(connection: DuckDBPyConnection) -> dict[str, str]:
    """Data versions of 'raw/<dataset>' for datasets that have files, of 'quality/files' and of 'reference'."""
    files = dict(connection.execute(_FILES).fetchall())
    tables = "select table_name from duckdb_tables() where schema_name = 'reference' order by 1"
    rows = "select string_agg(t::varchar, chr(10) order by t::varchar) from reference.{} as t"
    names = connection.execute(tables).fetchall()
    contents = [connection.execute(rows.format(name)).fetchone()[0] for (name,) in names]
    return {
        **{f"raw/{dataset}": _hash(text) for dataset, text in files.items() if dataset},
        "quality/files": _hash("\0".join(f"{dataset}\0{files[dataset]}" for dataset in sorted(files, key=str))),
        "reference": _hash("\0".join(map(str, contents))),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
