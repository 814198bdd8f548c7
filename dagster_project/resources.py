"""What steps share: the run's transaction over the warehouse, and dbt.

No step's logic is here. It hands on `Build`, opened once a run, whose uncommitted work is thrown away when the run
ends, and `Dbt`, which starts without asking for what is known.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster_dbt import DbtCliResource
from dagster_dbt.core.resource import DBT_PYTHON_VERSION
from pydantic import PrivateAttr

from dagster_project import settings
from dagster_project.transaction import RunInProgress, Transaction


class Build(dg.ConfigurableResource):
    """The private warehouse of a run; see `dagster_project.transaction`."""

    _transaction: Transaction = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Build"]:
        self._transaction = Transaction(settings.prepare(), context.run_id or "local")
        try:
            self._transaction.begin()
        except RunInProgress as error:
            raise dg.Failure(str(error)) from None
        try:
            yield self
        finally:
            kept = self._transaction.end("the run ended before publication: see checks.csv and the run's log")
            if kept and context.log:
                context.log.error(f"nothing was published; what the run found is in {kept}")

    @property
    def transaction(self) -> Transaction:
        return self._transaction


class Dbt(DbtCliResource):
    """dbt in a process of its own.

    dagster-dbt would first ask the executable for its version and open an adapter in this process, for metadata that
    the models' asset works out itself: 5 s of every run, and a second handle on a file that has one writer.
    """

    @property
    def _cli_version(self):
        return DBT_PYTHON_VERSION

    def _initialize_dbt_core_adapter(self, args):
        return None
