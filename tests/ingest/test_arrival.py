"""Tests deliveries that are incomplete, that a control file describes, or that come in an archive, over several runs.

It asserts which files a run leaves for the next run, reads again, or skips. tests/faults tests the verdicts on hostile
files.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date

from ingest.reading import decode as decoding
from tests.ingest.conftest import HEADER, case


def test_a_file_being_written_waits_and_its_old_rows_stand_meanwhile(landing):
    path = landing.put("hall/202201.csv", case(1))
    landing.run()
    with path.open("a", encoding="utf-8") as file:
        file.write(case(2) + "\n" + case(3)[:20])
        file.flush()
        report = landing.run()
        assert [name for name, _ in report.waiting] == ["hall/202201.csv"]
        assert (report.new_files, report.refused) == (0, [])
        assert landing.ask("select case_no from raw.cases") == [("A1",)]
        file.write(case(3)[20:] + "\n")
    assert landing.run().waiting == []
    assert landing.counts("hall/202201.csv") == ("loaded", 3, 3, 0, 0, 0)


def test_a_file_written_while_it_is_read_is_not_taken(landing, monkeypatch):
    path = landing.put("hall/202201.csv", case(1), case(2))
    transcode = decoding._transcode

    def overtaken(*arguments):
        transcode(*arguments)
        with path.open("a", encoding="utf-8") as file:
            file.write(case(9) + "\n")

    monkeypatch.setattr(decoding, "_transcode", overtaken)
    report = landing.run()
    assert [name for name, _ in report.waiting] == ["hall/202201.csv"]
    assert landing.ask("select count(*) from raw.cases") == [(0,)]
    monkeypatch.undo()
    landing.run()
    assert landing.counts("hall/202201.csv") == ("loaded", 3, 3, 0, 0, 0)


def test_a_control_file_gives_the_date_and_is_heard_when_it_comes_late(landing):
    path = landing.put("hall/办件.csv", case(1), case(2))
    assert landing.run().new_files == 1
    control = path.with_name("办件.csv.manifest.json")
    said = {"rows": 2, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "exported_on": "2022-01-31"}
    control.write_text(json.dumps(said), encoding="utf-8")
    assert landing.run().new_files == 1
    assert landing.ask("select distinct _exported_on from raw.cases") == [(date(2022, 1, 31),)]
    assert landing.run().new_files == 0
    control.write_text(json.dumps(said | {"rows": 3}), encoding="utf-8")
    assert "holds 2 records, its control file says 3" in landing.run().refused[0][1]
    control.write_text(json.dumps(said | {"sha256": "0" * 64}), encoding="utf-8")
    assert "is not what its control file describes" in landing.run().refused[0][1]
    control.write_text(json.dumps(said), encoding="utf-8")
    landing.run()
    assert landing.counts("hall/办件.csv") == ("loaded", 2, 2, 0, 0, 0)


def test_members_of_an_archive_are_files_of_their_own(landing):
    path = landing.home / "exports" / "hall" / "delivery.zip"
    path.parent.mkdir()

    def pack(**members: str) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(f"{name}.csv", text)

    pack(a202201="\n".join([HEADER, case(1)]) + "\n", b202202="\n".join([HEADER, case(2)]) + "\n")
    assert landing.run().new_files == 2
    assert landing.run().new_files == 0
    # packed anew with one member changed: only that one is read
    pack(a202201="\n".join([HEADER, case(1)]) + "\n", b202202="\n".join([HEADER, case(2), case(3)]) + "\n")
    assert landing.run().new_files == 1
    assert landing.ask(
        "select path, covers_until, rows_loaded from quality.files where verdict = 'loaded' order by path"
    ) == [
        ("hall/delivery.zip/a202201.csv", date(2022, 1, 31), 1),
        ("hall/delivery.zip/b202202.csv", date(2022, 2, 28), 2),
    ]
    path.write_bytes(path.read_bytes()[:-40])
    assert landing.run().refused == [
        ("hall/delivery.zip", "is a damaged gzip or zip file (File is not a zip file); fetch it again")
    ]
