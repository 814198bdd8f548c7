"""Dagster's event log in SQLite, with its files kept open from one event to the next.

What is logged is Dagster's own affair. It hands on the storage that `dagster.yaml` names.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine

_KEPT = 2  # the index of all runs, and the run at hand


class History(SqliteEventLogStorage):
    """The stock storage opens a file anew for every event it writes: 5 s of a run that has nothing new to do."""

    def __init__(self, *args, **kwargs) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(*args, **kwargs)

    @classmethod
    def from_config_value(cls, inst_data, config_value) -> "History":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.pop(shard, None) or create_engine(
                self.conn_string_for_shard(shard), connect_args={"timeout": 60}
            )
            self._engines[shard] = engine
            while len(self._engines) > _KEPT:
                self._engines.pop(next(iter(self._engines))).dispose()
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection
