"""Tests what `survey` says of a text that it reads in chunks, against the csv module that reads it cell by cell.

It asserts that the result does not depend on where a chunk ends. Whole files are tested with `decode`.
"""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.reading import survey as module
from ingest.reading.survey import survey_file

CELLS = st.text(alphabet='a字 \u3000,"\n', max_size=6)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), chunk=st.integers(1, 40))
def test_blanks_and_records_are_those_of_the_csv_module(tmp_path, monkeypatch, rows, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("甲", "乙"), *rows])
    path = tmp_path / "text.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    found = survey_file(path, ",", 2)
    cells = [cell for row in rows for cell in row]
    assert found.has_edge_blanks or not any(cell.strip(" ") != cell for cell in cells)
    if not found.needs_mending:
        assert found.has_wide_blanks or not any("\u3000" in cell or "\n" in cell for cell in cells)
        assert found.records == len(rows)


@pytest.mark.parametrize("chunk", range(1, 60))
def test_a_blank_within_a_cell_is_no_edge_wherever_a_chunk_ends(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    monkeypatch.setattr(module, "_OVERLAP", 20)
    path = tmp_path / "text.csv"
    path.write_text("编号,时间\n" + "A1,2022-01-01 09:00:00\n" * 9, encoding="utf-8")
    assert not survey_file(path, ",", 2).has_edge_blanks
