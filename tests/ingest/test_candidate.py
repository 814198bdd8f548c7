"""Tests what a run may leave out or take back: datasets that are not selected, and files that no reader has seen.

It asserts the ledger and the current rows. Whole runs are tested in tests/end_to_end.
"""

from __future__ import annotations

from tests.ingest.conftest import case

STANDING = "select case_no, status from raw.cases where _state = 'loaded' order by case_no"


def test_an_unpublished_file_that_is_gone_gives_way_to_the_version_before(landing):
    landing.put("hall/20220203.csv", case(1), case(2))
    landing.run()
    wrong = landing.put("hall/20220205.csv", case(1, status="办结", finished_at="2022-02-04 10:00:00"))
    landing.run(unpublished=frozenset({"hall/20220205.csv"}))
    assert dict(landing.ask(STANDING))["A1"] == "finished"
    wrong.unlink()
    landing.run(unpublished=frozenset({"hall/20220205.csv"}))
    assert landing.ask(STANDING) == [("A1", "in_progress"), ("A2", "in_progress")]
    assert landing.ask("select path, verdict, rows_loaded from quality.files") == [("hall/20220203.csv", "loaded", 2)]


def test_a_published_file_that_is_gone_keeps_its_rows(landing):
    published = landing.put("hall/20220203.csv", case(1))
    landing.run()
    published.unlink()
    landing.run()
    assert landing.ask(STANDING) == [("A1", "in_progress")]


def test_files_of_other_datasets_are_neither_read_nor_forgotten(landing):
    landing.put("hall/20220203.csv", case(1), header="这不是表头")
    landing.run()
    refused = landing.ask("select path, verdict, reason from quality.files")
    assert refused[0][:2] == ("hall/20220203.csv", "refused")
    landing.put("hall/20220203.csv", case(1))
    assert landing.run(datasets=frozenset({"items"})).files == 0
    assert landing.ask("select path, verdict, reason from quality.files") == refused
    landing.run(datasets=frozenset({"cases"}))
    assert landing.ask(STANDING) == [("A1", "in_progress")]
