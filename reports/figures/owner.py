"""Refuses to render a warehouse with the words of another jurisdiction.

It takes a connection to the warehouse and the jurisdiction's folder, and compares the code of `reference.jurisdiction`
with that of jurisdiction.yaml. Which folder belongs to a home is decided in `dagster_project`.
"""

from pathlib import Path

import duckdb
import yaml

from reports.words.locale import words


class OtherJurisdiction(ValueError):
    """The warehouse holds another jurisdiction's figures; the message names both."""


def check_owner(connection: duckdb.DuckDBPyConnection, jurisdiction: Path) -> None:
    """Raises OtherJurisdiction if the warehouse isn't that of the jurisdiction in the folder."""
    path = jurisdiction / "jurisdiction.yaml"
    mine = yaml.safe_load(path.read_text("utf-8-sig"))
    for name, code in connection.execute("select name, code from reference.jurisdiction").fetchall():
        if code != str(mine["code"]):
            own = {"own": mine["name"], "own_code": mine["code"]}
            raise OtherJurisdiction(words("setting.owner", path=path, name=name, code=code, **own))
