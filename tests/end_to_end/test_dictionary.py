"""The data dictionary says what the published warehouse of a run says, in both languages."""

from __future__ import annotations

import re

import duckdb
import pytest

from dagster_project.analysts.dictionary import PAGES, Table, list_tables, write_page


@pytest.fixture(scope="module")
def tables(small) -> list[Table]:
    with duckdb.connect(str(small.path / "warehouse.duckdb"), read_only=True) as connection:
        return list_tables(connection)


@pytest.mark.parametrize("language", PAGES)
def test_the_dictionary_is_what_the_warehouse_says(tables, language):
    stale = "stale: run python -m dagster_project.analysts.dictionary <home>/warehouse.duckdb"
    assert PAGES[language].read_text("utf-8") == write_page(tables, language), stale


def test_every_meaning_is_told_in_both_languages(tables):
    words = [words for table in tables for words in (table.about, *(column.about for column in table.columns))]
    assert len(words) > 300
    assert not [zh for zh, en in words if zh == en or not re.search("[一-鿿]", zh) or not re.search("[a-z]", en)]
