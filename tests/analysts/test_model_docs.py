"""`tongbao docs` writes one page that describes every model, asks no network, and names no machine, moment or person.

The descriptions that are looked for come from the YAML files of the models; the persons are those of the exports.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dagster_project import settings
from dagster_project.cli.main import main
from tests.analysts.conftest import A, B


@pytest.fixture(scope="module")
def page(analysts, tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("docs") / "models.html"
    environment = {"TONGBAO_HOME": str(analysts), "TONGBAO_JURISDICTION": str(analysts / "county")}
    done = CliRunner().invoke(main, ["docs", str(path)], env=environment)
    assert done.exit_code == 0, done.output
    return path.read_text(encoding="utf-8")


def test_it_holds_the_description_of_every_model_and_of_columns_that_only_the_warehouse_knows(page):
    described = {
        model["name"]: model["description"].strip()
        for path in sorted((settings.DBT_PROJECT / "models").rglob("*.yml"))
        for model in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models", [])
    }
    assert len(described) > 70
    assert [name for name, words in described.items() if words.splitlines()[0][:60] not in page] == []
    assert '"name": "is_overdue"' in page and '"unique_id": "model.tongbao.stg_cases"' in page


def test_it_opens_offline(page):
    loaded = re.findall(r"<(?:script|img|iframe)[^>]*\bsrc=[\"']?(\w+:)?//", page)
    assert loaded == [] and "JSON INLINE DATA" not in page
    assert '"send_anonymous_usage_stats": false' in page


def test_it_names_no_place_moment_or_person(page, analysts):
    unwanted = [str(settings.PROJECT), str(analysts), str(Path.home()) + "/", tempfile.gettempdir() + "/", A, B]
    assert [text for text in unwanted if text in page] == []
    names = ("generated_at", "invocation_id", "run_started_at", "created_at", "compiled_path", "user_id")
    assert [name for name in names if re.search(rf'"{name}": (?!null)[^{{]', page)] == []
