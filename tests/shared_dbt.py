"""The dbt project parsed once for all tests, by one helper process.

Takes nothing; returns the `DbtProject`, whose `run` is told each test's own home. Its manifest lies in a temporary
folder, never in the checkout, and goes when the tests end.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from dagster_project import settings
from dagster_project.warehouse.dbt_project import DbtProject


@cache
def shared_dbt() -> DbtProject:
    """Kept for the whole session of tests."""
    folder = tempfile.mkdtemp(prefix="tongbao-dbt-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return DbtProject(settings.DBT_PROJECT, Path(folder))
