"""Other programs open the published file for reading and count what Python counts; a program that is absent is skipped.

R needs its packages DBI and duckdb, Evidence's connector (npm) the variable NODE_PATH. The lines with which they open
the file are those of the documentation.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from dagster_project import settings

DOCS = settings.PROJECT / "docs"
# a view's answer, and a macro's, which older programs could fail to read
QUERY = "select (select count(*) from marts.figures) + (select count(*) from marts.overdue_on(date '2022-06-30')) as n"
CONNECTOR = """
const fs = require('fs'), path = require('path');
(async () => {
  const folder = process.argv[1], run = await require('@evidence-dev/duckdb').getRunner(OPTIONS, folder);
  const found = {};
  for (const name of fs.readdirSync(folder).filter((each) => each.endsWith('.sql'))) {
    const answer = await run(fs.readFileSync(path.join(folder, name), 'utf8'), path.join(folder, name));
    found[name] = 0;
    for await (const rows of answer.rows()) found[name] += rows.length;
  }
  console.log(JSON.stringify(found));
})();
"""


@pytest.fixture(scope="module")
def expected(analysts: Path) -> int:
    with duckdb.connect(str(analysts / "warehouse.duckdb"), read_only=True) as connection:
        (count,) = connection.execute(QUERY).fetchone()
    assert count > 100
    return count


def ask(*command: str, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_duckdbs_command_line(analysts, expected):
    if not (program := shutil.which("duckdb")):
        pytest.skip("no duckdb on the PATH (pip install duckdb-cli)")
    assert json.loads(ask(program, "-readonly", "-json", str(analysts / "warehouse.duckdb"), QUERY)) == [
        {"n": expected}
    ]


def test_r(analysts, expected):
    if not (program := shutil.which("Rscript")) or subprocess.run([program, "-e", "library(duckdb)"]).returncode:
        pytest.skip("no R with its package duckdb")
    (line,) = re.findall(r"^\| R \| `(.+)` \|$", (DOCS / "analysts.md").read_text("utf-8"), re.M)
    opened = line.replace("data/warehouse.duckdb", str(analysts / "warehouse.duckdb"))
    assert int(ask(program, "-e", f'cat(DBI::dbGetQuery({opened}, "{QUERY}")$n)')) == expected


def test_the_connector_of_evidence_asks_the_queries_of_the_example(analysts, tmp_path):
    program = shutil.which("node")
    if (
        not program
        or subprocess.run([program, "-p", "require('@evidence-dev/duckdb')"], capture_output=True).returncode
    ):
        pytest.skip("no Node.js with @evidence-dev/duckdb (npm install, and its folder in NODE_PATH)")
    folder = shutil.copytree(DOCS / "evidence" / "sources" / "tongbao", tmp_path / "tongbao")
    (folder / "warehouse.duckdb").symlink_to(analysts / "warehouse.duckdb")
    found = json.loads(ask(program, "-e", CONNECTOR.replace("OPTIONS", "{filename: 'warehouse.duckdb'}"), str(folder)))
    with duckdb.connect(str(analysts / "warehouse.duckdb"), read_only=True) as connection:
        counted = {
            path.name: len(connection.execute(path.read_text("utf-8")).fetchall()) for path in folder.glob("*.sql")
        }
    assert found == counted and len(found) == 3
