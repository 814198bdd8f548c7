"""Tests what the catalogue says of every asset: group, owner, names in both languages, columns, code and links.

The order of the flow is that of docs/architecture.md. What the browser shows of it is tested in test_buttons.py.
"""

from __future__ import annotations

import http.client
import re
import threading
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.catalogue.lineage import FILE, find_lineage, write_lineage
from dagster_project.catalogue.pages import make_server
from tests.dagster_project.small_county import County, make_county


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> County:
    return make_county(tmp_path_factory.mktemp("catalogue") / "county")


@pytest.fixture(scope="module")
def specs(county) -> dict[dg.AssetKey, dg.AssetSpec]:
    """Every asset that the UI shows; the group `default` holds sources that no asset makes."""
    every = county.definitions().resolve_all_asset_specs()
    return {spec.key: spec for spec in every if spec.group_name != "default"}


def test_groups_sort_in_the_order_of_the_flow(specs):
    assert {spec.group_name for spec in specs.values()} == {
        "1_exports",
        "2_raw",
        "3_staging",
        "4_dimensions",
        "5_intermediate",
        "6_facts",
        "7_counts",
        "8_figures",
        "9_publication",
    }
    back = [
        (parent.asset_key.to_user_string(), key.to_user_string())
        for key, spec in specs.items()
        for parent in spec.deps
        if parent.asset_key in specs and specs[parent.asset_key].group_name > spec.group_name
    ]
    assert back == []


def test_the_exports_of_a_source_lead_to_their_folder_and_mapping(specs, county):
    exports = {key.path[-1]: spec.metadata for key, spec in specs.items() if key.path[0] == "exports"}
    assert {*exports} == {path.stem for path in (county.jurisdiction / "sources").glob("*.yaml")}
    for source, metadata in exports.items():
        (reference,) = metadata["dagster/code_references"].code_references
        assert reference.file_path == str(county.jurisdiction / "sources" / f"{source}.yaml")
        assert metadata["folder"].path == str(county.home / "exports")


def test_every_asset_names_its_owner_itself_in_both_languages_and_what_it_is(specs):
    for key, spec in specs.items():
        assert spec.owners and spec.owners[0].startswith("team:"), key
        assert spec.kinds, key
        assert re.search("[\u4e00-\u9fff]", spec.description) and re.search("[a-z]{3}", spec.description), key


def test_stars_of_globs_are_no_emphasis(specs):
    exports = [spec for spec in specs.values() if spec.group_name == "1_exports"]
    assert all("*" in spec.description for spec in exports)
    assert [spec.description for spec in exports if "*" in re.sub("`[^`]*`", "", spec.description)] == []


def test_every_table_lists_its_columns_and_every_step_its_source(specs):
    tables = [spec for spec in specs.values() if spec.group_name[0] in "3468" or spec.key.path[0] == "raw"]
    assert len(tables) > 50
    for spec in tables:
        schema = spec.metadata.get("dagster/column_schema")
        assert schema and all(column.description for column in schema.columns), spec.key
    for spec in specs.values():
        if spec.group_name != "1_exports":
            (reference,) = spec.metadata["dagster/code_references"].code_references
            assert Path(reference.file_path).is_file(), spec.key


def test_a_column_says_what_it_is_made_of(specs):
    figures = specs[dg.AssetKey("figures")].metadata
    unit = next(column for column in figures["dagster/column_schema"].columns if column.name == "unit")
    assert unit.description.endswith(" ← figure_definitions.unit")
    (source,) = figures["dagster/column_lineage"].deps_by_column["unit"]
    assert source == dg.TableColumnDep(asset_key=dg.AssetKey("figure_definitions"), column_name="unit")


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/bulletins/2022H1/bulletin.html", "127.0.0.1", 200),
        ("/bulletins/", "127.0.0.1", 404),
        ("/exports/cases.csv", "127.0.0.1", 404),
        ("/bulletins/../exports/cases.csv", "127.0.0.1", 404),
        ("/bulletins/%2e%2e/exports/cases.csv", "127.0.0.1", 404),
        ("/warehouse.duckdb", "127.0.0.1", 404),
        ("/bulletins/2022H1/bulletin.html", "elsewhere.example", 404),
    ],
)
def test_links_open_pages_of_the_home_and_nothing_else(tmp_path, path, host, status):
    for name in ("bulletins/2022H1/bulletin.html", "exports/cases.csv", "warehouse.duckdb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("content", encoding="utf-8")
    with make_server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1])
        connection.request("GET", path, headers={"Host": f"{host}:{server.server_address[1]}"})
        assert connection.getresponse().status == status
        server.shutdown()


def test_the_file_of_column_lineage_holds_what_the_models_are_made_of(built, tmp_path):
    county = built.copy(tmp_path / "built")
    found = find_lineage(county.home, county.home / "build" / "candidate.duckdb")
    is_current = write_lineage(found) == FILE.read_text(encoding="utf-8")
    assert is_current, f"{FILE.name} is stale: run python -m dagster_project.catalogue.lineage {county.home}"
    # read off int_periods.sql, figures.sql and fct_certificates.sql by eye
    assert found["figures"]["unit"] == ["marts.figure_definitions.unit"]
    assert found["stg_certificates"]["status"] == ["raw.certificates.status"]


def test_unchanged_exports_keep_their_data_version_and_changed_ones_do_not(county):
    def read() -> dict[str, str]:
        events = county.materialize(dg.AssetSelection.groups("2_raw")).get_asset_materialization_events()
        found = [(event.asset_key.to_user_string(), event.materialization.tags) for event in events]
        return {key: tags["dagster/data_version"] for key, tags in found if not key.startswith("exports/")}

    county.deliver()
    first = read()
    of_files = {key: version for key, version in first.items() if version != "no files"}
    assert first.keys() - of_files.keys() == {
        "raw/members",
        "raw/member_cases",
        "raw/member_figures",
    }  # only a province has them
    assert read() == first and len(set(of_files.values())) == len(of_files)
    export = county.home / "exports" / "certificates_202206.csv"
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")
    assert {key for key, version in read().items() if version != first[key]} == {"raw/certificates", "quality/files"}
