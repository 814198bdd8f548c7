"""What steps share: the run's transaction over the warehouse.

No step's logic is here. It hands on `Build`, opened once a run, whose uncommitted work is thrown away when the run
ends.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from dagster_project import settings
from dagster_project.gate.plausibility import start_judge
from dagster_project.warehouse.transaction import RunInProgress, Transaction


class Build(dg.ConfigurableResource):
    """The private warehouse of a run; see `dagster_project.transaction`."""

    _transaction: Transaction = PrivateAttr()
    _judge: subprocess.Popen | None = PrivateAttr(None)

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
            if self._judge:
                self._judge.kill()
            kept = self._transaction.end("the run ended before publication: see checks.csv and the run's log")
            if kept and context.log:
                context.log.error(f"nothing was published; what the run found is in {kept}")

    @property
    def transaction(self) -> Transaction:
        return self._transaction

    @property
    def judge(self) -> subprocess.Popen:
        """The process that judges plausibility, started when first asked for: early, as it takes long to load."""
        self._judge = self._judge or start_judge()
        return self._judge
